/** Which reports are due. Pure. */
import { z } from 'zod';
import type { Cursor } from '../../contracts.ts';
import type { Report, ReportVersion } from './reports.ts';

const HOUR = 3_600_000;
// Less than a day: otherwise the hour of the pull would move on by the length of a pass each day.
const DUE_AFTER_MS = 20 * HOUR;
const RETRY_AFTER_MS = HOUR;

const place = z.object({
  version: z.literal(1),
  /** When reports were last asked for. */
  triedAtMs: z.number().int().nullable(),
  reports: z.record(
    z.string(),
    z.object({
      /** When it was read to its end. */
      readAtMs: z.number().int(),
      /** Newest refresh date delivered, as in the column; null before the first. */
      refreshDate: z.string().nullable(),
    }),
  ),
});

/** Where the source stands; travels through the state as an opaque cursor. */
export type Place = Readonly<z.infer<typeof place>>;

/** Reads a cursor, without times that the clock has not reached. Throws on a cursor of another source or version. */
export function toPlace(cursor: Cursor | undefined, nowMs: number): Place {
  if (cursor === undefined) return { version: 1, triedAtMs: null, reports: {} };
  const { version, triedAtMs, reports } = place.parse(JSON.parse(cursor));
  const isPast = (ms: number): boolean => ms <= nowMs + RETRY_AFTER_MS;
  return {
    version,
    triedAtMs: triedAtMs !== null && isPast(triedAtMs) ? triedAtMs : null,
    reports: Object.fromEntries(Object.entries(reports).filter(([, { readAtMs }]) => isPast(readAtMs))),
  };
}

export const toCursor = (at: Place): Cursor => JSON.stringify(at);

/** The name of a report in the cursor: under another version all of it is read again. */
export const keyOf = ({ kind, period }: Report, version: ReportVersion): string => `${kind} ${period} ${version}`;

/** The keys that are due; none within an hour of the last try. */
export function dueAt(at: Place, keys: readonly string[], nowMs: number): ReadonlySet<string> {
  if (at.triedAtMs !== null && nowMs - at.triedAtMs < RETRY_AFTER_MS) return new Set();
  const isDue = (key: string): boolean => nowMs - (at.reports[key]?.readAtMs ?? -Infinity) >= DUE_AFTER_MS;
  return new Set(keys.filter(isDue));
}

/** When the oldest of the reports was read, in epoch milliseconds; null while one never was. */
export function readUpTo(at: Place, keys: readonly string[]): number | null {
  const oldest = Math.min(...keys.map((key) => at.reports[key]?.readAtMs ?? -Infinity));
  return Number.isFinite(oldest) ? oldest : null;
}
