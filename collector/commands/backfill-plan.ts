/** What a backfill will ask for, how long that takes, and what it may bring. Pure. */
import type { Hour } from '../contracts.ts';
import type { StoredHour } from '../ledger.ts';
import { SETTLED_MS } from '../sources/audit-query/plan.ts';
import { MAX_RUNNING, PAGE_SIZE, RECORD_LIMIT, SUBMISSIONS_PER_DAY } from '../sources/audit-query/options.ts';
import { coversHour, type Window, windowsOf } from '../sources/audit-query/windows.ts';

/** A backfill before it is run. */
export interface BackfillPlan {
  readonly span: Window;
  /** Those that are still to be read. */
  readonly windows: readonly Window[];
  /** As many as windows, but for days with more records than a query gives. */
  readonly queries: number;
  /** Hours ahead that are held complete, whether or not they are asked for. */
  readonly completeHours: readonly Hour[];
  readonly isForced: boolean;
  readonly isComplete: (hour: Hour) => boolean;
  /** `total` is less than the sum: queries run while the records of others are read; without `reading` when that is null. */
  readonly minutes: {
    readonly submitting: number;
    readonly running: number;
    readonly reading: number | null;
    readonly total: number;
  };
  /** Rows that the span may hold; null when nothing was observed. */
  readonly rows: number | null;
  /** Rows of the complete hours, by the ledger where it still knows them; null when it does not. */
  readonly duplicates: number | null;
  readonly rowsPerDay: number | null;
}

const HOUR_MS = 3_600_000;
// Records of an hour were seen to appear in the feed up to three days later.
const LATE_HOURS = 72;
// Most queries were seen to take 10 minutes or more, and are asked for every minute; nobody promises anything.
export const MINUTES_PER_QUERY = 11;
const SECONDS_PER_PAGE = 1;
const READINGS = 2;

const isWhole = ({ counts }: StoredHour): boolean =>
  counts.listed > 0 && counts.fetched === counts.listed && counts.unparsable === 0;

/**
 * Hours of events that the feed has given to their end. Its ledger goes by contentCreated: in the hour itself and in each
 * of the three days after it, in which late records come, there were blobs, and all of them were read. An hour without
 * a blob proves nothing: perhaps nobody was subscribed. Nor do the first and the last hour, which may not be whole.
 */
function completeIn(ledger: readonly StoredHour[]): ReadonlySet<Hour> {
  const complete = new Set<Hour>();
  let wholeHours = 0;
  let before: Hour | undefined;
  for (const of of ledger.toSorted((a, b) => a.hour - b.hour).slice(1, -1)) {
    const isNext = before === undefined || of.hour === before + 1;
    if (!isWhole(of)) wholeHours = 0;
    else wholeHours = isNext ? wholeHours + 1 : 1;
    if (wholeHours > LATE_HOURS) complete.add(of.hour - LATE_HOURS);
    before = of.hour;
  }
  return complete;
}

/** Rows that a day brings, by the ledger, whichever source stored them: null when it holds less than a day. */
export function rowsPerDay(ledger: readonly StoredHour[]): number | null {
  const hours = ledger.map(({ hour }) => hour);
  const days = (Math.max(...hours) - Math.min(...hours) + 1) / 24;
  const rows = ledger.reduce((sum, { counts }) => sum + counts.selected, 0);
  return ledger.length > 0 && days >= 1 ? rows / days : null;
}

/** A day with more records than a query gives is cut in halves until they give all: those that were cut count, too. */
const queriesPerDay = (rows: number): number => 2 * 2 ** Math.ceil(Math.log2(Math.max(1, rows / RECORD_LIMIT))) - 1;

function minutesOf(queries: number, rows: number | null): BackfillPlan['minutes'] {
  const days = Math.max(0, Math.ceil(queries / SUBMISSIONS_PER_DAY) - 1);
  const [submitting, running] = [days * 24 * 60, Math.ceil(queries / MAX_RUNNING) * MINUTES_PER_QUERY];
  const pages = rows === null ? null : (READINGS * rows) / PAGE_SIZE + READINGS * queries;
  const reading = pages === null ? null : Math.ceil((pages * SECONDS_PER_PAGE) / 60);
  // What may be submitted on the last day is still to be run.
  const last = Math.ceil((queries - days * SUBMISSIONS_PER_DAY) / MAX_RUNNING) * MINUTES_PER_QUERY;
  const total = Math.max(submitting + last, reading === null ? 0 : reading + MINUTES_PER_QUERY);
  return { submitting, running, reading, total: queries === 0 ? 0 : total };
}

/** Plans a backfill from what is known: the ledger of the feed, what earlier ones have read, and where this one stands. */
export function backfillPlan(options: {
  readonly span: Window;
  readonly mode: 'missing' | 'all';
  readonly ledger: readonly StoredHour[];
  readonly done: readonly Window[];
  /** Of a backfill that goes on: windows that it has open, and the time up to which windows were planned. */
  readonly begun?: { readonly open: readonly Window[]; readonly plannedToMs: number } | undefined;
}): BackfillPlan {
  const { span, mode, ledger, done, begun } = options;
  const rest = { fromMs: begun?.plannedToMs ?? span.fromMs, toMs: span.toMs };
  const known = completeIn(ledger);
  const isHeld = (hour: Hour): boolean => known.has(hour) || coversHour(done, hour);
  const completeHours: Hour[] = [];
  for (let hour = Math.floor(rest.fromMs / HOUR_MS); hour * HOUR_MS < rest.toMs; hour++) {
    if (isHeld(hour)) completeHours.push(hour);
  }
  const isForced = mode === 'all';
  const isComplete = (hour: Hour): boolean => !isForced && isHeld(hour);
  const windows = [...(begun?.open ?? []), ...windowsOf(rest, (hour) => !isComplete(hour))];
  const perDay = rowsPerDay(ledger);
  const days = windows.reduce((sum, { fromMs, toMs }) => sum + (toMs - fromMs), 0) / (24 * HOUR_MS);
  const rows = perDay === null ? null : Math.round(perDay * days);
  const queries = windows.length * queriesPerDay(perDay ?? 0);
  const isCounted = completeHours.every((hour) => known.has(hour));
  const counted = new Map(ledger.map(({ hour, counts }) => [hour, counts.selected]));
  return {
    span,
    windows,
    completeHours,
    isForced,
    isComplete,
    rows,
    rowsPerDay: perDay,
    duplicates: isCounted ? completeHours.reduce((sum, hour) => sum + (counted.get(hour) ?? 0), 0) : null,
    queries,
    minutes: minutesOf(queries, rows),
  };
}

/** True when the end of a span is so young that records of it may still appear. */
export const isUnsettled = ({ toMs }: Window, nowMs: number): boolean => toMs + SETTLED_MS > nowMs;
