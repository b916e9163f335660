/** What a backfill will ask for, how long that takes, and what it may bring. Pure. */
import type { Hour } from '../contracts.ts';
import type { StoredHour } from '../ledger.ts';
import { SETTLED_MS } from '../sources/audit-query/plan.ts';
import { MAX_RUNNING, SUBMISSIONS_PER_DAY } from '../sources/audit-query/options.ts';
import { coversHour, type Window, windowsOf } from '../sources/audit-query/windows.ts';

/** A backfill before it is run. */
export interface BackfillPlan {
  readonly span: Window;
  readonly windows: readonly Window[];
  /** Hours that are held complete, whether or not they are asked for. */
  readonly completeHours: readonly Hour[];
  readonly isForced: boolean;
  readonly isComplete: (hour: Hour) => boolean;
  readonly minutes: { readonly submitting: number; readonly running: number; readonly reading: number | null };
  /** Rows that the span may hold; null when nothing was observed. */
  readonly rows: number | null;
  /** Rows of the complete hours, by the ledger where it still knows them; null when it does not. */
  readonly duplicates: number | null;
  readonly rowsPerDay: number | null;
}

const HOUR_MS = 3_600_000;
// Records of an hour were seen to appear in the feed up to three days later.
const LATE_HOURS = 72;
// Most queries were seen to take longer than 10 minutes; nobody promises anything.
export const MINUTES_PER_QUERY = 10;
const ROWS_PER_PAGE = 500;
const SECONDS_PER_PAGE = 1;
const READINGS = 2;

const hasLoss = ({ counts }: StoredHour): boolean => counts.expired + counts.parked + counts.pending > 0;
const isWhole = (of: StoredHour): boolean => of.counts.listed > 0 && of.counts.fetched === of.counts.listed;

/**
 * Hours of the feed's ledger that can be taken for complete: all that was listed was fetched, and so was everything
 * during the three days in which late records come.
 */
export function completeIn(ledger: readonly StoredHour[]): ReadonlySet<Hour> {
  const newest = Math.max(...ledger.map(({ hour }) => hour));
  const lossy = ledger.filter(hasLoss).map(({ hour }) => hour);
  const isFollowed = (hour: Hour): boolean =>
    hour + LATE_HOURS <= newest && !lossy.some((one) => one >= hour && one <= hour + LATE_HOURS);
  return new Set(ledger.filter((of) => isWhole(of) && isFollowed(of.hour)).map(({ hour }) => hour));
}

/** Rows that a day brings, by the ledger: null when it holds less than a day. */
export function rowsPerDay(ledger: readonly StoredHour[]): number | null {
  const hours = ledger.map(({ hour }) => hour);
  const days = (Math.max(...hours) - Math.min(...hours) + 1) / 24;
  const rows = ledger.reduce((sum, { counts }) => sum + counts.accepted + counts.deadLettered, 0);
  return ledger.length > 0 && days >= 1 ? rows / days : null;
}

/** Plans a backfill from what is known: the ledger of the feed, and what earlier backfills have read. */
export function backfillPlan(options: {
  readonly span: Window;
  readonly mode: 'missing' | 'all';
  readonly ledger: readonly StoredHour[];
  readonly done: readonly Window[];
}): BackfillPlan {
  const { span, mode, ledger, done } = options;
  const known = completeIn(ledger);
  const isHeld = (hour: Hour): boolean => known.has(hour) || coversHour(done, hour);
  const completeHours: Hour[] = [];
  for (let hour = Math.floor(span.fromMs / HOUR_MS); hour * HOUR_MS < span.toMs; hour++) {
    if (isHeld(hour)) completeHours.push(hour);
  }
  const isForced = mode === 'all';
  const isComplete = (hour: Hour): boolean => !isForced && isHeld(hour);
  const windows = [...windowsOf(span, (hour) => !isComplete(hour))];
  const perDay = rowsPerDay(ledger);
  const days = windows.reduce((sum, { fromMs, toMs }) => sum + (toMs - fromMs), 0) / (24 * HOUR_MS);
  const rows = perDay === null ? null : Math.round(perDay * days);
  const pages = rows === null ? null : (READINGS * rows) / ROWS_PER_PAGE + READINGS * windows.length;
  const isCounted = completeHours.every((hour) => known.has(hour));
  const counted = new Map(ledger.map(({ hour, counts }) => [hour, counts.accepted]));
  return {
    span,
    windows,
    completeHours,
    isForced,
    isComplete,
    rows,
    rowsPerDay: perDay,
    duplicates: isCounted ? completeHours.reduce((sum, hour) => sum + (counted.get(hour) ?? 0), 0) : null,
    minutes: {
      submitting: Math.max(0, Math.ceil(windows.length / SUBMISSIONS_PER_DAY) - 1) * 24 * 60,
      running: Math.ceil(windows.length / MAX_RUNNING) * MINUTES_PER_QUERY,
      reading: pages === null ? null : Math.ceil((pages * SECONDS_PER_PAGE) / 60),
    },
  };
}

/** True when the end of a span is so young that records of it may still appear. */
export const isUnsettled = ({ toMs }: Window, nowMs: number): boolean => toMs + SETTLED_MS > nowMs;
