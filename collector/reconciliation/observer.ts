/** Follows the passes of the activity feed and of the daily audit query, and compares each day that both have read. */
import type { Batch, Hour } from '../contracts.ts';
import { knownOperations } from '../records/operations.ts';
import type { CollectorState } from '../state/held-state.ts';
import { against, compareDay, DAY_MS, HOUR_MS } from './compare.ts';
import { type Reconciled, reconciledSources, type Views } from './views.ts';

/** What an observer needs to know of a record that was selected and could be parsed. */
export interface Observed {
  readonly id: string;
  readonly operation: string | null;
  /** ISO 8601 UTC. */
  readonly eventTime: string;
}

/** Follows one pass of one source. */
export interface Observer {
  readonly batch: (batch: Batch) => void;
  /** A record, duplicate or not; `hour` is the one under which its source counts it. */
  readonly record: (record: Observed, hour: Hour) => void;
  /** Compares the days that the query has read, once all that it found is written. */
  readonly compare: () => void;
}

// The feed lists 7 days back, less the time of the call.
const FEED_REACH_MS = 7 * DAY_MS - 10 * 60_000;
// A query by name takes so many more. Who makes up names for each record must not make it grow.
const MAX_OPERATIONS = 100;
const MAX_NAME = 128;

// A day is read on the fourth day after it. Trouble of the feed on that day gets another one to be over.
const COMPARED_BY_MS = 5 * DAY_MS;
const TOO_MANY = 'the query found more records than SEEN_IDS_MAX: raise it';

const known = new Set(knownOperations);

/** True when queries ask for the name; a name that nobody knew is learned. */
function isAsked(operation: string | null, { operations }: Views): boolean {
  const name = operation?.trim().toLowerCase() ?? '';
  if (known.has(name) || operations.has(name)) return true;
  if (name === '' || name.length > MAX_NAME || operations.size >= MAX_OPERATIONS) return false;
  operations.add(name);
  return true;
}

const later = (a: number | null, b: number): number => Math.max(a ?? b, b);

/** Forgets what is known of the feed: what it gives while nobody follows it is not known. */
function unfollow(views: Views): void {
  views.feed.evictBefore(Infinity);
  views.sinceMs = null;
  views.feedReadToMs = null;
}

/**
 * An observer of a pass; `reconciled` is absent when no daily audit query is read. Operations are learned from every
 * source, because backfill asks for them, too.
 */
export function observer(
  source: string,
  held: CollectorState,
  { reconciled, now }: { readonly reconciled?: Reconciled | undefined; readonly now: () => number },
): Observer {
  const { views } = held;
  if (reconciled === undefined && source === reconciledSources.feed) unfollow(views);
  const record = ({ operation }: Observed): void => void isAsked(operation, views);
  if (source === reconciled?.feed) return feedObserver(held, source, now);
  if (source === reconciled?.query) return queryObserver(held, reconciled, now);
  return { batch: () => undefined, record, compare: () => undefined };
}

function feedObserver(held: CollectorState, source: string, now: () => number): Observer {
  const { views } = held;
  const isNew = held.source(source).cursor === undefined;
  return {
    batch(batch) {
      const isPosition = batch.kind === 'position';
      // A subscription is being started: nothing from before it is given for certain.
      if (isPosition && batch.readUpTo === null) views.sinceMs = now();
      else if (views.sinceMs === null && isNew) views.sinceMs = now() - FEED_REACH_MS;
      // What was read before nobody noted.
      else if (views.sinceMs === null && isPosition) views.sinceMs = Date.parse(batch.readUpTo ?? '');
      if (isPosition && batch.readUpTo !== null) views.feedReadToMs = Date.parse(batch.readUpTo);
      if (batch.kind === 'gap') views.sinceMs = later(views.sinceMs, Date.parse(batch.to));
    },
    record({ id, operation, eventTime }) {
      // Another view can only have what it is asked for.
      if (!isAsked(operation, views)) return;
      const eventMs = Date.parse(eventTime);
      if (eventMs < later(views.comparedToMs, views.sinceMs ?? 0) || eventMs > now() + DAY_MS) return;
      views.feed.add(id, Math.floor(eventMs / HOUR_MS));
    },
    compare: () => undefined,
  };
}

function queryObserver(held: CollectorState, { feed, query }: Reconciled, now: () => number): Observer {
  const { views } = held;
  let readUpToMs: number | null = null;
  return {
    batch(batch) {
      if (batch.kind === 'gap') {
        const [fromMs, toMs] = [Date.parse(batch.from), Date.parse(batch.to)];
        views.blind = [...views.blind, { fromMs, toMs, reason: batch.reason }];
      }
      if (batch.kind !== 'position' || batch.readUpTo === null) return;
      readUpToMs = Date.parse(batch.readUpTo);
      views.comparedToMs ??= Math.floor(readUpToMs / DAY_MS) * DAY_MS;
    },
    record({ id, operation }, hour) {
      isAsked(operation, views);
      if (hour * HOUR_MS >= (views.comparedToMs ?? 0)) views.query.add(id, hour);
    },
    compare() {
      if (readUpToMs === null || views.comparedToMs === null) return;
      let dayMs = views.comparedToMs;
      if (dayMs + DAY_MS > readUpToMs) return;
      const feedLedger = held.source(feed).ledger.toJSON();
      const queryLedger = held.source(query).ledger.toJSON();
      for (; dayMs + DAY_MS <= readUpToMs; dayMs += DAY_MS) {
        const sides = { views, feedLedger, queryLedger };
        if (now() < dayMs + COMPARED_BY_MS && against(dayMs, sides)?.mayPass === true) break;
        views.unsent = [...views.unsent, ...compareDay(dayMs, sides)];
        views.query.evictBefore((dayMs + DAY_MS) / HOUR_MS);
        views.feed.evictBefore((dayMs + DAY_MS) / HOUR_MS);
      }
      views.comparedToMs = dayMs;
      views.blind = views.blind.filter(({ toMs }) => toMs > dayMs);
    },
  };
}

/** The seen ids of hours before `hour` are forgotten: a record from before may look new, so that it proves nothing. */
export function forgetBefore(views: Views, hour: Hour): void {
  if (views.sinceMs === null) return;
  views.sinceMs = later(views.sinceMs, hour * HOUR_MS);
  views.feed.evictBefore(Math.floor(views.sinceMs / HOUR_MS));
}

/** Keeps at most `max` ids of each view; the oldest hours leave, and their days are not compared. */
export function limitViews(views: Views, max: number): void {
  const { evicted, oldestHour } = views.feed.evictToSize(max);
  if (evicted > 0) forgetBefore(views, oldestHour ?? Math.ceil((views.feedReadToMs ?? 0) / HOUR_MS));
  const newest = views.query.hours().at(-1)?.hour ?? 0;
  const left = views.query.evictToSize(max);
  if (left.evicted === 0) return;
  const forgotten = {
    fromMs: views.comparedToMs ?? 0,
    toMs: (left.oldestHour ?? newest + 1) * HOUR_MS,
    reason: TOO_MANY,
  };
  views.blind = [...views.blind.filter(({ reason }) => reason !== TOO_MANY), forgotten];
}
