import type { Batch, Position, Source, SourceError } from '../../contracts.ts';
import type { Trouble } from './api.ts';
import { toSourceError, versionFinder } from './find-version.ts';
import { type AuditQueryOptions, MAX_RUNNING, SUBMISSIONS_PER_DAY } from './options.ts';
import {
  maySubmitAt,
  type OpenWindow,
  type Place,
  type Query,
  readUpToMs,
  replaced,
  submitted,
  toCursor,
  toPlace,
} from './place.ts';
import { begun, nextWindow, SETTLED_MS } from './plan.ts';
import { polls } from './polls.ts';
import { type Ending, readQuery, realSleep } from './readings.ts';
import { halves, idOf, joined, toTimes, type Window } from './windows.ts';

const MAX_READINGS = 5;
// No end was promised: hours were seen. What has not ended by then is made again.
const MAX_AGE_MS = 8 * 3_600_000;
const RESUBMISSIONS = 3;
// 400, 403 and 500 were seen to be over in a moment.
const STRIKES = 5;
const RETRY_MS = 2000;
const MAX_WAIT_MS = 10 * 60_000;
const SIGN_OF_LIFE_MS = 60_000;
// Queries wait for us for months.
const NEVER = new Date(8.64e15).toISOString();

const hourOf = (ms: number): number => Math.floor(ms / 3_600_000);

/**
 * Audit queries of Microsoft Graph (AuditLogsQuery.Read.All): windows of event time, each a query that is made, waited
 * for, read until two readings agree, and deleted. Ids of queries under way are part of the cursor, so that a restart
 * goes on with them. In the ledger a window is a blob, listed in the hour in which it begins.
 */
export function auditQuery(options: AuditQueryOptions): Source {
  const { api, name = 'audit-query', task, patienceMs, now, onNote = () => undefined, sleep = realSleep } = options;
  const { maxRunning = MAX_RUNNING, submissionsPerDay = SUBMISSIONS_PER_DAY, maxReadings = MAX_READINGS } = options;
  const versionOf = versionFinder(name, api, sleep);
  const reading = { api, name, maxReadings, retryMs: RETRY_MS, maxWaitMs: MAX_WAIT_MS, sleep };

  async function* read(position: Position, signal: AbortSignal): AsyncGenerator<Batch, void> {
    const before = toPlace(position.cursor);
    let at = begun(before, task);
    const schedule = polls();
    const startedMs = now();
    let blockedUntilMs = 0;
    let refusals = 0;

    const moved = (to: Place): Batch => {
      at = to;
      // A job fills the past: it has no lag.
      const ms = task.kind === 'span' ? null : readUpToMs(at);
      return { kind: 'position', cursor: toCursor(at), readUpTo: ms === null ? null : new Date(ms).toISOString() };
    };

    // The lag is known even when nothing can be reached.
    if (at.plannedToMs !== null) yield moved(at);
    for (const window of at.open) yield listed(window);
    const isIdle = (): boolean => at.open.length === 0 && nextWindow(at, task, now()) === undefined;
    if (isIdle()) {
      if (at.span !== null) yield moved({ ...at, span: null });
      return;
    }
    const version = await versionOf(signal);
    // Of a job that was given up for another one.
    if (at.open !== before.open) for (const { query } of before.open) if (query !== null) await drop(query, signal);

    while (!isIdle()) {
      yield* submitDue();
      const waiting = at.open.flatMap(({ query }) => (query === null ? [] : [schedule.dueMs(query.id)]));
      const isWanted = at.open.length > waiting.length || nextWindow(at, task, now()) !== undefined;
      if (isWanted && waiting.length < maxRunning) {
        waiting.push(Math.max(blockedUntilMs, maySubmitAt(at, submissionsPerDay, now())));
      }
      const dueMs = Math.min(...waiting);
      if (dueMs - startedMs > patienceMs) return;
      await sleep(Math.min(Math.max(0, dueMs - now()), SIGN_OF_LIFE_MS), signal);
      signal.throwIfAborted();
      // A sign of life, upon which what was read is saved.
      yield moved(at);
      for (const window of at.open) {
        if (window.query !== null && schedule.dueMs(window.query.id) <= now()) yield* poll(window, window.query);
      }
    }
    if (at.span !== null) yield moved({ ...at, span: null });

    /** Makes queries for windows that have none, as many as may run and be submitted now. */
    async function* submitDue(): AsyncGenerator<Batch, void> {
      for (;;) {
        const nowMs = now();
        const isBlocked = nowMs < blockedUntilMs || maySubmitAt(at, submissionsPerDay, nowMs) > nowMs;
        if (isBlocked || at.open.filter(({ query }) => query !== null).length >= maxRunning) return;
        let window = at.open.find(({ query }) => query === null);
        if (window === undefined) {
          const planned = nextWindow(at, task, nowMs);
          if (planned === undefined) return;
          window = { ...planned, query: null, failures: 0 };
          yield moved({ ...at, plannedToMs: planned.toMs, open: [...at.open, window] });
          yield listed(window);
        }
        const made = await api.create(version, window, signal);
        if (made.ok) {
          refusals = 0;
          const query = { id: made.value, version, submittedMs: now() };
          schedule.begin(query.id, query.submittedMs);
          yield moved(submitted(replaced(at, window, [{ ...window, query }]), query.submittedMs));
          continue;
        }
        if (made.kind !== 'throttled' && ++refusals >= STRIKES) throw problem('a query cannot be made', made);
        blockedUntilMs = now() + Math.max(made.waitMs, RETRY_MS * 2 ** refusals);
        return;
      }
    }

    async function* poll(window: OpenWindow, query: Query): AsyncGenerator<Batch, void> {
      const answer = await api.status(query, signal);
      if (!answer.ok) {
        if (answer.kind === 'gone') yield* again(window, 'the service no longer knows the query');
        else {
          const isTooMuch = answer.kind !== 'throttled' && schedule.strike(query.id) >= STRIKES;
          if (isTooMuch) throw problem('a query cannot be asked for', answer);
          schedule.later(query.id, now(), answer.waitMs);
        }
        return;
      }
      schedule.answered(query.id);
      const { state, word, isTruncated, limit } = answer.value;
      if (state === 'failed') yield* again(window, `the query ended as ${word.slice(0, 40)}`);
      else if (state === 'running') {
        if (now() - query.submittedMs < MAX_AGE_MS) schedule.later(query.id, now());
        else yield* again(window, `the query has not ended in ${MAX_AGE_MS / 3_600_000} hours`);
      } else if (isTruncated && halves(window) !== undefined) yield* cut(window, 'more records than a query can give');
      else yield* finish(window, yield* readQuery(window, { query, limit }, reading, signal), isTruncated);
    }

    async function* finish(window: OpenWindow, ending: Ending, isTruncated: boolean): AsyncGenerator<Batch, void> {
      switch (ending.kind) {
        case 'gone':
          yield* again(window, 'the service no longer knows the query');
          return;
        case 'broken':
          yield* cut(window, `a page of its records cannot be read (${ending.detail})`);
          return;
        case 'truncated':
          yield* cut(window, 'more records than a query can give');
          return;
        case 'disagreed':
          yield { kind: 'gap', ...toTimes(window), reason: disagreement(ending.readings) };
          break;
        case 'agreed':
          if (ending.readings > 2) {
            const reason = `pages differed: ${ending.readings} readings until two agreed; all ${ending.records} records of any of them are kept`;
            onNote({ window: idOf(window), reason });
          }
      }
      if (isTruncated) yield* lost(window, 'more records in a minute than a query can give');
      else {
        yield { kind: 'ended', id: idOf(window), hour: hourOf(window.fromMs), outcome: { kind: 'fetched' } };
        const isSure = ending.kind === 'agreed' && window.query !== null;
        const isDone = isSure && task.kind === 'span' && window.toMs + SETTLED_MS <= window.query.submittedMs;
        yield moved({ ...replaced(at, window), done: isDone ? joined(at.done, span(window)) : at.done });
        await release(window);
      }
    }

    /** Makes a query anew, a few times. */
    async function* again(window: OpenWindow, reason: string): AsyncGenerator<Batch, void> {
      if (window.failures >= RESUBMISSIONS) {
        yield* lost(window, `${reason}, as did ${RESUBMISSIONS} before it`);
        return;
      }
      onNote({ window: idOf(window), reason: `${reason}: it is made again` });
      yield moved(replaced(at, window, [{ ...window, query: null, failures: window.failures + 1 }]));
      await release(window);
    }

    /** Asks for the two halves instead; a minute that cannot be had whole is a gap. */
    async function* cut(window: OpenWindow, reason: string): AsyncGenerator<Batch, void> {
      const parts = halves(window);
      if (parts === undefined) {
        yield* lost(window, `${reason}, within a minute`);
        return;
      }
      onNote({ window: idOf(window), reason: `${reason}: it is cut in half` });
      const open = parts.map((part) => ({ ...part, query: null, failures: 0 }));
      // The halves first: whatever is saved in between, the span is still to be read.
      yield moved(replaced(at, window, open));
      for (const part of open) yield listed(part);
      yield { kind: 'ended', id: idOf(window), hour: hourOf(window.fromMs), outcome: { kind: 'fetched' } };
      await release(window);
    }

    async function* lost(window: OpenWindow, why: string): AsyncGenerator<Batch, void> {
      const reason = `${why}: what was read is kept; run backfill for ${idOf(window)} later, or export it from Microsoft Purview and use import`;
      yield { kind: 'ended', id: idOf(window), hour: hourOf(window.fromMs), outcome: { kind: 'expired', reason } };
      yield moved(replaced(at, window));
      await release(window);
    }

    async function release({ query }: OpenWindow): Promise<void> {
      if (query === null) return;
      schedule.forget(query.id);
      await drop(query, signal);
    }
  }

  /** A query that cannot be deleted ends by itself, some day. */
  async function drop(query: Query, signal: AbortSignal): Promise<void> {
    const answer = await api.remove(query, signal);
    if (!answer.ok) onNote({ window: query.id, reason: `the query is not deleted (${answer.detail})` });
  }

  const problem = (what: string, trouble: Trouble): SourceError => toSourceError(name, what, trouble);

  return { name, read };
}

const span = ({ fromMs, toMs }: Window): Window => ({ fromMs, toMs });
const listed = ({ fromMs }: Window): Batch => ({
  kind: 'listed',
  hour: hourOf(fromMs),
  count: 1,
  earliestExpiry: NEVER,
});
const disagreement = (readings: number): string =>
  `${readings} readings of one query gave different records: all that any of them gave are kept, others may be missing; run backfill for this span again`;
