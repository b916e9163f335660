import { randomBytes } from 'node:crypto';
import type { Batch, Position, Source } from '../../contracts.ts';
import { endings } from './endings.ts';
import { toSourceError, versionFinder } from './find-version.ts';
import { type AuditQueryOptions, MAX_RUNNING, queryNames, RETRY_MS, STRIKES, SUBMISSIONS_PER_DAY } from './options.ts';
import { type OpenWindow, type Query, toPlace } from './place.ts';
import { begun, nextWindow, outOfReach } from './plan.ts';
import { polls } from './polls.ts';
import { readQuery, realSleep } from './readings.ts';
import { listed, standingAt } from './standing.ts';
import { submissions } from './submissions.ts';
import { halves, toTimes } from './windows.ts';

const MAX_READINGS = 5;
// No end was promised: hours were seen. What has not ended by then is made again.
const MAX_AGE_MS = 8 * 3_600_000;
const MAX_WAIT_MS = 10 * 60_000;
const SIGN_OF_LIFE_MS = 60_000;

const randomTag = (): string => randomBytes(4).toString('hex');

/**
 * Audit queries of Microsoft Graph (AuditLogsQuery.Read.All): windows of event time, each a query that is made, waited
 * for, read until two readings agree, and deleted. Ids of queries under way are part of the cursor, so that a restart
 * goes on with them. In the ledger a window is a blob, listed in the hour in which it begins.
 */
export function auditQuery(options: AuditQueryOptions): Source {
  const { api, name = queryNames.daily, task, patienceMs, now, onNote = () => undefined, sleep = realSleep } = options;
  const { maxRunning = MAX_RUNNING, submissionsPerDay = SUBMISSIONS_PER_DAY, maxReadings = MAX_READINGS } = options;
  const { newTag = randomTag } = options;
  const versionOf = versionFinder(name, api, sleep);
  const reading = { api, name, maxReadings, retryMs: RETRY_MS, maxWaitMs: MAX_WAIT_MS, sleep };

  async function* read(position: Position, signal: AbortSignal): AsyncGenerator<Batch, void> {
    const before = toPlace(position.cursor);
    const standing = standingAt(begun(before, task), task);
    const { move } = standing;
    const schedule = polls();
    const startedMs = now();
    const ends = endings({ standing, task, onNote, release });

    const old = outOfReach(standing.at, task, startedMs);
    if (old !== undefined) {
      yield { kind: 'gap', ...toTimes(old), reason: 'not asked for within 180 days: Microsoft keeps nothing older' };
      yield move({ ...standing.at, plannedToMs: old.toMs });
    }
    // The lag is known even when nothing can be reached. A job has none, and forgets the one before it only further down.
    if (task.kind === 'days' && standing.at.plannedToMs !== null) yield move(standing.at);
    for (const window of standing.at.open) yield listed(window);
    const isIdle = (): boolean => standing.at.open.length === 0 && nextWindow(standing.at, task, now()) === undefined;
    if (isIdle()) {
      if (standing.at.span !== null) yield move({ ...standing.at, span: null });
      return;
    }
    const version = await versionOf(signal);
    // Of a job that was given up for another one.
    if (standing.at.open !== before.open)
      for (const { query } of before.open) if (query !== null) await drop(query, signal);
    const { submitDue, nextMs } = submissions(
      { api, name, version, standing, task, schedule, maxRunning, submissionsPerDay, newTag, now },
      position,
      signal,
    );

    while (!isIdle()) {
      yield* submitDue();
      const polled = standing.at.open.flatMap(({ query }) => (query === null ? [] : [schedule.dueMs(query.id)]));
      const dueMs = Math.min(nextMs() ?? Infinity, ...polled);
      if (dueMs - startedMs > patienceMs) return;
      await sleep(Math.min(Math.max(0, dueMs - now()), SIGN_OF_LIFE_MS), signal);
      signal.throwIfAborted();
      // A sign of life, upon which what was read is saved.
      yield move(standing.at);
      for (const window of standing.at.open) {
        if (window.query === null || schedule.dueMs(window.query.id) > now()) continue;
        yield* poll(window, window.query);
        // A slot may be free: the service works on the next query while the records of another one are read.
        yield* submitDue();
        // A query of a large tenant takes minutes to read. Checked after one, so that each pass gets on.
        if (now() - startedMs > patienceMs) return;
      }
    }
    if (standing.at.span !== null) yield move({ ...standing.at, span: null });

    async function* poll(window: OpenWindow, query: Query): AsyncGenerator<Batch, void> {
      const answer = await api.status(query, signal);
      if (!answer.ok) {
        if (answer.kind === 'gone') yield* ends.again(window, 'the service no longer knows the query');
        else {
          const isTooMuch = answer.kind !== 'throttled' && schedule.strike(query.id) >= STRIKES;
          if (isTooMuch) throw toSourceError(name, 'a query cannot be asked for', answer);
          schedule.later(query.id, now(), answer.waitMs);
        }
        return;
      }
      schedule.answered(query.id);
      const { state, word, isTruncated, limit } = answer.value;
      if (state === 'failed') yield* ends.again(window, `the query ended as ${word.slice(0, 40)}`);
      else if (state === 'running') {
        if (now() - query.submittedMs < MAX_AGE_MS) schedule.later(query.id, now());
        else yield* ends.again(window, `the query has not ended in ${MAX_AGE_MS / 3_600_000} hours`);
      } else if (isTruncated && halves(window) !== undefined) {
        yield* ends.cut(window, 'more records than a query can give');
      } else {
        yield* ends.finish(window, yield* readQuery(window, { query, limit }, reading, signal), isTruncated);
      }
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

  return { name, read };
}
