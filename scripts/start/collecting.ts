/** The first step of a console: the collector starts, and what waits to be read is read. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type CollectorEnd, collectorProcess } from '../../workspace/console/service/collector-process.ts';
import { type FirstPass, passCounts, passWatch } from '../../workspace/console/service/first-pass.ts';
import type { StatusSource } from '../../workspace/console/service/status.ts';
import type { Feed } from './origin.ts';
import { acceptedIn } from './progress-text.ts';
import { number, sumOfAudit, summaryLines, toTable } from './summary-table.ts';
import { aborted } from './stop-signals.ts';

/** How the first step ended. What it came to, good or bad, stands in the status. */
export type Collected =
  | { readonly kind: 'over' | 'stopped' }
  /** The collector cannot start as it is configured. */
  | { readonly kind: 'refused'; readonly reason: string };

const CANNOT_START = 1;
// Of a large tenant the first pass takes hours: rules begin with what there is, and their later runs see the rest.
const PATIENCE_MS = 3 * 60_000;

type Log = readonly { readonly level: string; readonly message: string }[];

/** Its own words where it has any; else the last line of its log, where that tells of an error. */
function reasonOf({ code, words }: CollectorEnd, log: Log): string {
  if (words !== '') return words;
  const last = log.at(-1);
  if (last !== undefined && ['error', 'fatal'].includes(last.level)) return last.message;
  return code === null ? 'it was killed' : `it ended with code ${code}`;
}

const never = (): Promise<never> => new Promise(() => undefined);

/**
 * Collects until everything that is there at the start is stored, as far as that is a matter of minutes. Leaves a
 * collector that goes on in `source`, whose first step follows it from then on.
 */
export async function collectFirst(feed: Feed, source: StatusSource, signal: AbortSignal): Promise<Collected> {
  const { collect } = source;
  const watch = passWatch(feed.sources);
  const isImport = feed.sources.length === 0;
  const startedMs = Date.now();
  // What the first pass came to; empty before its end.
  let found: { readonly text: string; readonly isGood: boolean } | undefined;
  const show = (): void => {
    if (found === undefined) return;
    const { text, isGood } = found;
    const problems = watch.problems();
    collect.state = isGood && problems.length === 0 ? 'done' : 'failed';
    collect.detail = () => [text, ...problems].join(' ');
  };
  const fail = (reason: string): void => {
    collect.state = 'failed';
    collect.detail = () => reason;
    console.error(reason);
  };

  const collector = collectorProcess({
    args: feed.args,
    env: feed.env,
    onEvent: (event) => {
      watch.see(event);
      show();
    },
    ...(feed.healthPort === undefined ? {} : { healthPort: feed.healthPort }),
  });
  source.collector = collector;
  collect.state = 'running';
  collect.detail = () => {
    if (isImport) return 'reads the files';
    const accepted = number(acceptedIn(collector.status()));
    return feed.expected === undefined ? `${accepted} records` : `${accepted} of ${number(feed.expected)} records`;
  };

  const finish = async ({ counts }: FirstPass): Promise<void> => {
    const sum = sumOfAudit(counts);
    if (counts.size > 0) console.log(toTable(summaryLines(sum)));
    const gaps = sum.gaps === 0 ? '' : `, with ${number(sum.gaps)} gaps`;
    const verified = await feed.verify?.(startedMs);
    found = verified ?? { text: `${number(sum.accepted)} records came in${gaps}.`, isGood: true };
    if (verified !== undefined) (verified.isGood ? console.log : console.error)(verified.text);
    for (const problem of watch.problems()) console.error(problem);
    show();
  };

  const first = isImport ? never() : watch.ended;
  const isPatient = isImport || feed.verify !== undefined;
  const late = isPatient ? never() : sleep(PATIENCE_MS, 'late' as const, { ref: false });
  const outcome = await Promise.race([first, collector.ended, aborted(signal), late]);
  if (outcome === 'stopped') return { kind: 'stopped' };

  if (typeof outcome === 'object' && 'words' in outcome) {
    const reason = reasonOf(outcome, collector.status().log);
    if (outcome.code === CANNOT_START && outcome.words !== '') return { kind: 'refused', reason };
    // An import ends by itself; its last line is the summary.
    const last = isImport ? passCounts.safeParse(jsonOf(outcome.stdout)).data : undefined;
    if (last === undefined) {
      fail(`The collector failed: ${reason}`);
      return { kind: 'over' };
    }
    console.log(toTable(summaryLines(last)));
    if (outcome.code !== 0) fail(`${number(last.accepted)} records; some of it could not be read, see the log`);
    else {
      collect.state = 'done';
      collect.detail = () => `${number(last.accepted)} records`;
    }
    return { kind: 'over' };
  }

  if (outcome === 'late') void watch.ended.then(finish);
  else await finish(outcome);
  void collector.ended.then((end) => {
    if (signal.aborted) return;
    // Nothing that it logged before counts any more.
    found = undefined;
    fail(`The collector has ended: ${reasonOf(end, collector.status().log)}. Start again to collect on.`);
  });
  return { kind: 'over' };
}

function jsonOf(stdout: string): unknown {
  try {
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  } catch {
    return undefined;
  }
}
