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

/** Why views cannot be compared; `mayPass`: perhaps they can be later. */
export interface Against {
  readonly reason: string;
  readonly mayPass: boolean;
}

/** What speaks against comparing the views of a UTC day; null when nothing does. */
export function against(dayMs: number, { views, feedLedger, queryLedger }: Sides): Against | null {
  const { sinceMs, feedReadToMs, blind } = views;
  const endMs = dayMs + DAY_MS;
  const never = (reason: string): Against => ({ reason, mayPass: false });
  if (sinceMs === null || feedReadToMs === null)
    return never('the activity feed was not read: put activity-feed into SOURCES, before audit-query');
  if (sinceMs > dayMs) return never(`what the feed gave is known from ${iso(sinceMs)} on only`);
  const lost = queryLedger.some(
    ({ hour, counts }) => hour >= dayMs / HOUR_MS && hour < endMs / HOUR_MS && counts.expired > 0,
  );
  if (lost) return never('the audit query could not be read whole: a health row of kind gap says why');
  const blindness = blind.find(({ fromMs, toMs }) => fromMs < endMs && toMs > dayMs);
  if (blindness !== undefined) return never(blindness.reason);
  if (feedReadToMs < endMs + LATE_MS)
    return { reason: `the feed is read up to ${iso(feedReadToMs)} only`, mayPass: true };
  const since = feedLedger.filter(({ hour }) => hour >= dayMs / HOUR_MS);
  const expired = since.reduce((sum, { counts }) => sum + counts.expired, 0);
  const unread = since.reduce((sum, { counts }) => sum + counts.parked + counts.pending, expired);
  if (unread === 0) return null;
  const reason = `${unread} blobs of the feed, which may hold records of the day, are not read`;
  return { reason, mayPass: expired === 0 };
}

/** The 24 hours of a UTC day. */
export function compareDay(dayMs: number, sides: Sides): readonly ComparedHour[] {
  const { feed, query } = sides.views;
  const reason = against(dayMs, sides)?.reason ?? null;
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
