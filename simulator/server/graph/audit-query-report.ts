/** What clients asked of the audit query, and the truth about its records. */
import type { Switches } from '../switches.ts';

/** One reading of a query's records, from its first page on. */
export interface AuditReading {
  readonly query: string;
  /** From 1. */
  readonly reading: number;
  /** ISO 8601, as asked. */
  readonly start: string;
  readonly end: string;
  /** Ids on pages of the service, repetitions left out, sorted; a fault of Graph may have spoilt a page on its way. */
  readonly ids: readonly string[];
}

/** Properties that a test can assert. */
export interface AuditQueryReport {
  /** Queries that were made. */
  readonly submissions: number;
  /** New queries refused because there were too many at once, within 24 h, or unfinished. */
  readonly throttled: number;
  /** Most queries that took a slot at once. */
  readonly runningAtMost: number;
  readonly deleted: number;
  /** Queries that are still there. */
  readonly left: number;
  /** Records on answered pages, repetitions counted. */
  readonly recordsServed: number;
  /** Answered pages of records. */
  readonly pages: number;
  /** Operations that queries asked for, in lower case, sorted; empty when one of them asked for all. */
  readonly operationsAsked: readonly string[];
  /** Without ids when the switch keepReadings is 'counts'. */
  readonly readings: readonly AuditReading[];
  /** Records that make their page fail, so that no reading has them. */
  readonly poisonIds: readonly string[];
  /** Ids that the feed does not have and the query has. */
  readonly withheldIds: readonly string[];
  /** The same by the UTC day of the event, `YYYY-MM-DD`. */
  readonly withheldByDay: Readonly<Record<string, readonly string[]>>;
  /** Ids that the feed has and the query has not. */
  readonly feedOnlyIds: readonly string[];
  readonly feedOnlyByDay: Readonly<Record<string, readonly string[]>>;
}

/** The counts of the report. */
export type AuditQueryCounts = Pick<
  AuditQueryReport,
  'submissions' | 'throttled' | 'runningAtMost' | 'deleted' | 'recordsServed' | 'pages' | 'operationsAsked' | 'readings'
>;

/** The counters. */
export interface AuditQueryLedger {
  /** A query was made; `running` take a slot now; no `operations`: it asks for all. */
  submitted(running: number, operations: readonly string[]): void;
  throttled(): void;
  deleted(): void;
  page(reading: Omit<AuditReading, 'ids'>, ids: readonly string[]): void;
  counts(): AuditQueryCounts;
}

/** Empty counters. */
export function auditQueryLedger({ keepReadings }: Pick<Switches, 'keepReadings'>): AuditQueryLedger {
  let [submissions, throttled, runningAtMost, deleted, recordsServed, pages] = [0, 0, 0, 0, 0, 0];
  const operationsAsked = new Set<string>();
  let isAllAsked = false;
  const readings = new Map<string, { readonly of: Omit<AuditReading, 'ids'>; readonly ids: Set<string> }>();
  return {
    submitted: (running, operations) => {
      submissions += 1;
      for (const name of operations) operationsAsked.add(name.toLowerCase());
      if (operations.length === 0) isAllAsked = true;
      runningAtMost = Math.max(runningAtMost, running);
    },
    throttled: () => void (throttled += 1),
    deleted: () => void (deleted += 1),
    page: (of, ids) => {
      const key = `${of.query} ${of.reading}`;
      const known = readings.get(key) ?? { of, ids: new Set<string>() };
      readings.set(key, known);
      if (keepReadings === 'ids') for (const id of ids) known.ids.add(id);
      pages += 1;
      recordsServed += ids.length;
    },
    counts: () => ({
      submissions,
      throttled,
      runningAtMost,
      deleted,
      recordsServed,
      pages,
      operationsAsked: isAllAsked ? [] : [...operationsAsked].sort(),
      readings: Array.from(readings.values(), ({ of, ids }) => ({ ...of, ids: [...ids].sort() })),
    }),
  };
}
