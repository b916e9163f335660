/** Where audit queries stand; travels through the state as an opaque cursor. Pure. */
import { z } from 'zod';
import type { Cursor } from '../../contracts.ts';
import { DAY_MS, type Window } from './windows.ts';

const ms = z.int();
const window = z.object({ fromMs: ms, toMs: ms });
const query = z.object({
  id: z.string(),
  version: z.enum(['v1.0', 'beta']),
  submittedMs: ms,
});
const openWindow = window.extend({
  /** Null until a query is made for it, and again when that one was no good. */
  query: query.nullable(),
  /** Queries that failed, vanished or never ended. */
  failures: z.int().nonnegative(),
});
const place = z.object({
  version: z.literal(1),
  /** Part of the names of its queries, so that they are known again; empty before the first one. */
  tag: z.string().default(''),
  /** The span of a job with an end; null when there is none under way. */
  span: window.nullable(),
  /** Everything before it is read or among the open windows; null before the first window. */
  plannedToMs: ms.nullable(),
  open: z.array(openWindow),
  /** Times of submissions of the last 24 hours, oldest first. */
  submittedMs: z.array(ms),
  /** Spans that were read to their end by jobs, once their records had settled. */
  done: z.array(window),
});

/** Where audit queries stand. */
export type Place = Readonly<Omit<z.infer<typeof place>, 'open' | 'done'>> & {
  readonly open: readonly OpenWindow[];
  readonly done: readonly Window[];
};
/** A window that is being read, or waits for it. */
export type OpenWindow = Readonly<z.infer<typeof openWindow>>;
/** A query that the service works on. */
export type Query = Readonly<z.infer<typeof query>>;

/** Reads a cursor. Throws on one of another source or version. */
export function toPlace(cursor: Cursor | undefined): Place {
  if (cursor === undefined) {
    return { version: 1, tag: '', span: null, plannedToMs: null, open: [], submittedMs: [], done: [] };
  }
  return place.parse(JSON.parse(cursor));
}

export const toCursor = (at: Place): Cursor => JSON.stringify(at);

/** The event time up to which everything is read; null before that is known. */
export function readUpToMs({ plannedToMs, open }: Place): number | null {
  if (plannedToMs === null) return null;
  return Math.min(plannedToMs, ...open.map(({ fromMs }) => fromMs));
}

/** The place after a submission; those older than 24 hours are forgotten. */
export const submitted = (at: Place, nowMs: number): Place => ({
  ...at,
  submittedMs: [...at.submittedMs.filter((one) => one > nowMs - DAY_MS && one <= nowMs), nowMs],
});

/** When the next query may be submitted, with at most `limit` in 24 hours after those at the given times. */
export function maySubmitAt(submittedMs: readonly number[], limit: number, nowMs: number): number {
  const recent = submittedMs.filter((one) => one > nowMs - DAY_MS && one <= nowMs).toSorted((a, b) => a - b);
  const blocking = recent.at(-limit);
  return blocking === undefined ? nowMs : blocking + DAY_MS;
}

const isSame = (a: Window, b: Window): boolean => a.fromMs === b.fromMs && a.toMs === b.toMs;

/** The place with other windows instead of one that is open: none when it has ended, halves when it is cut. */
export const replaced = (at: Place, gone: Window, by: readonly OpenWindow[] = []): Place => ({
  ...at,
  open: at.open.flatMap((one) => (isSame(one, gone) ? by : [one])),
});
