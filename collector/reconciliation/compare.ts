/** Compares the two views of a day, or says why they cannot be compared. Changes nothing. */
import type { Hour } from '../contracts.ts';
import type { StoredHour } from '../ledger.ts';
import type { ComparedHour, Views } from './views.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

// The feed was seen to give records up to three days after the event; an hour of lag is nothing.
const LATE_MS = 3 * DAY_MS - HOUR_MS;

/** What a comparison is made from: the views, and what the ledgers of both sources say. */
export interface Sides {
  readonly views: Views;
  readonly feedLedger: readonly StoredHour[];
  readonly queryLedger: readonly StoredHour[];
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** Why the views of a UTC day cannot be compared; null when they can. */
export function reasonAgainst(dayMs: number, { views, feedLedger, queryLedger }: Sides): string | null {
  const { sinceMs, feedReadToMs, blind } = views;
  const endMs = dayMs + DAY_MS;
  if (sinceMs === null || feedReadToMs === null)
    return 'the activity feed was not read: put activity-feed into SOURCES, before audit-query';
  if (sinceMs > dayMs) return `what the feed gave is known from ${iso(sinceMs)} on only`;
  if (feedReadToMs < endMs + LATE_MS) return `the feed is read up to ${iso(feedReadToMs)} only`;
  const unread = feedLedger
    .filter(({ hour }) => hour >= dayMs / HOUR_MS)
    .reduce((sum, { counts }) => sum + counts.expired + counts.parked + counts.pending, 0);
  if (unread > 0) return `${unread} blobs of the feed, which may hold records of the day, are not read`;
  const lost = queryLedger.some(
    ({ hour, counts }) => hour >= dayMs / HOUR_MS && hour < endMs / HOUR_MS && counts.expired > 0,
  );
  if (lost) return 'the audit query could not be read whole: a health row of kind gap says why';
  return blind.find(({ fromMs, toMs }) => fromMs < endMs && toMs > dayMs)?.reason ?? null;
}

/** The 24 hours of a UTC day. */
export function compareDay(dayMs: number, sides: Sides): readonly ComparedHour[] {
  const { feed, query } = sides.views;
  const reason = reasonAgainst(dayMs, sides);
  const countIn = (of: Views['feed']): ReadonlyMap<Hour, number> =>
    new Map(of.hours().map(({ hour, count }) => [hour, count]));
  const [given, queried] = [countIn(feed), countIn(query)];
  const added = new Map(sides.queryLedger.map(({ hour, counts }) => [hour, counts.accepted]));
  return Array.from({ length: 24 }, (_, nth) => {
    const hour = dayMs / HOUR_MS + nth;
    return {
      hour,
      reason,
      queried: queried.get(hour) ?? 0,
      added: added.get(hour) ?? 0,
      given: given.get(hour) ?? 0,
      feedOnly: feed.countMissing(hour, query),
    };
  });
}
