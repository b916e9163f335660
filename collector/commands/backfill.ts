import type { StoredHour } from '../ledger.ts';
import { emptySummary, type PassSummary, plus } from '../pass-summary.ts';
import type { Source } from '../contracts.ts';
import { drain, type PassResult, type Signals } from '../pipeline.ts';
import type { AuditQueryApi } from '../sources/audit-query/api.ts';
import { auditQuery } from '../sources/audit-query/audit-query.ts';
import { type Note, queryNames } from '../sources/audit-query/options.ts';
import { toPlace } from '../sources/audit-query/place.ts';
import { realSleep, type Sleep } from '../sources/audit-query/readings.ts';
import { idOf, type Window } from '../sources/audit-query/windows.ts';
import type { CollectorState } from '../state/held-state.ts';
import { TakenError } from '../state/place.ts';
import { type BackfillPlan, backfillPlan } from './backfill-plan.ts';
import { backfillText } from './backfill-text.ts';
import type { Collector } from './collector.ts';
import type { Progress } from './progress.ts';

/** Name of the source, of its state and of its rows; apart from audit-query, so that both can be under way. */
export const BACKFILL = queryNames.backfill;

// An hour, from the last record that came.
const PAUSE_MS = 5 * 60_000;
const PAUSES = 12;
// As long as the pipeline keeps hours of other sources.
const KEEP_HOURS = 8 * 24;

/** What is to be filled, and how far to go. */
export interface BackfillOptions {
  readonly span: Window;
  /** `missing`: hours that are held complete are left out. */
  readonly mode: 'missing' | 'all';
  /** `plan`: tells what would be done, and ends. */
  readonly purpose: 'plan' | 'run';
  readonly api: AuditQueryApi;
  readonly print: (line: string) => void;
  readonly onNote?: (note: Note) => void;
  readonly sleep?: Sleep;
}

/** How a backfill went. `isComplete` is false when it ended early or lost something. */
export interface BackfillResult {
  readonly summary: Readonly<PassSummary>;
  readonly isComplete: boolean;
}

/** Prints what a backfill will do, and does it if so told; a run that was stopped goes on where it was. */
export async function backfill(
  collector: Collector,
  options: BackfillOptions,
  signals: Signals,
  progress: Progress,
): Promise<BackfillResult> {
  const { state, pipeline } = collector;
  const { purpose, api, onNote, sleep, print } = options;
  const { plan, standing } = await planned(collector, options);
  for (const line of backfillText(plan, { nowMs: pipeline.now(), state: standing })) print(line);
  if (purpose === 'plan') {
    print('nothing was asked for: this was the plan; --yes runs it');
    await collector.sink.close();
    return { summary: emptySummary(), isComplete: true };
  }
  const source = auditQuery({
    api,
    name: BACKFILL,
    task: { kind: 'span', span: plan.span, isComplete: plan.isComplete },
    patienceMs: Infinity,
    now: pipeline.now,
    ...(onNote && { onNote }),
    ...(sleep && { sleep }),
  });
  try {
    const { summary, error } = await run(collector, source, signals, { ...options, progress });
    const isStopped = signals.reading.aborted;
    const lost = summary.gaps;
    if (error !== undefined) print(`ended early: ${error.message}; started again with the same times it goes on`);
    else if (isStopped) print('stopped before its end: started again with the same times it goes on');
    if (lost > 0) print(`gaps: ${lost}: a health row of kind gap names the span and the remedy of each`);
    return { summary, isComplete: error === undefined && lost === 0 && !isStopped };
  } finally {
    progress.end();
    await state.close();
    await collector.sink.close();
  }
}

/** Passes to the end of the job, under one loaded state: one, unless the service is away for a while. */
async function run(
  { state, pipeline }: Collector,
  source: Source,
  { reading, writing }: Signals,
  { progress, print, sleep = realSleep }: Pick<BackfillOptions, 'print' | 'sleep'> & { readonly progress: Progress },
): Promise<Pick<PassResult, 'summary' | 'error'>> {
  const held = await state.load();
  const until = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, held.lost]);
  const options = { ...pipeline, onProgress: progress.show.bind(undefined, source.name) };
  const stopping = { reading: until(reading), writing: until(writing) };
  let { summary, error } = await drain(source, held, options, stopping);
  // A job of a day needs no person beside it. One that never worked ends at once: a permission may be missing.
  for (let pauses = 1; error !== undefined && summary.seen > 0 && pauses <= PAUSES && !reading.aborted; pauses++) {
    print(`${error.message}: goes on in ${PAUSE_MS / 60_000} minutes`);
    await sleep(PAUSE_MS, stopping.reading).catch(() => undefined);
    const next = await drain(source, held, options, stopping);
    if (next.summary.seen > 0) pauses = 0;
    summary = plus(summary, next.summary);
    error = next.error;
  }
  // Half a year of hours would be part of every later save; here it is still known that they were told.
  const oldest = Math.floor(pipeline.now() / 3_600_000) - KEEP_HOURS;
  const own = held.source(source.name);
  own.ledger.evictBefore(oldest);
  own.blobs.evictBefore(oldest);
  await state.save(held);
  return { summary, error };
}

/** What the state knows of a span, before it is let go again. */
interface Known {
  readonly ledger: readonly StoredHour[];
  readonly done: readonly Window[];
  /** Where this very backfill stands; undefined when it begins. */
  readonly begun: { readonly open: readonly Window[]; readonly plannedToMs: number } | undefined;
  readonly standing: string;
}

/** Plans by what the state knows; a plan alone can be had without, while a collector has it. */
async function planned(
  { state }: Collector,
  { span, mode, purpose }: BackfillOptions,
): Promise<{ readonly plan: BackfillPlan; readonly standing: string }> {
  try {
    const { standing, ...known } = knownIn(await state.load(), span);
    return { plan: backfillPlan({ span, mode, ...known }), standing };
  } catch (error) {
    if (!(error instanceof TakenError) || purpose === 'run') throw error;
    const standing = `not looked at, so that nothing is known of hours and rows: ${error.message}; to run the backfill stop that collector: the feed reaches 7 days back, so that it loses nothing meanwhile`;
    return { plan: backfillPlan({ span, mode, ledger: [], done: [] }), standing };
  } finally {
    await state.close();
  }
}

function knownIn(held: CollectorState, span: Window): Known {
  const { span: other, plannedToMs, open, done } = toPlace(held.source(BACKFILL).cursor);
  const ledger = held.source('activity-feed').ledger.toJSON();
  if (other === null) return { ledger, done, begun: undefined, standing: 'no backfill is under way' };
  const atMs = plannedToMs ?? other.fromMs;
  const where = `${open.length} windows open, planned up to ${new Date(atMs).toISOString()}`;
  if (idOf(other) !== idOf(span)) {
    const standing = `the backfill of ${idOf(other)} was stopped before its end (${where}) and is given up for this one`;
    return { ledger, done, begun: undefined, standing };
  }
  const standing = `this backfill was stopped before its end (${where}) and goes on there: what follows is of the rest`;
  return { ledger, done, begun: { open, plannedToMs: atMs }, standing };
}
