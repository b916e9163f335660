/** What clients asked of the audit query, and the truth about its records. */

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
  'submissions' | 'throttled' | 'runningAtMost' | 'deleted' | 'recordsServed' | 'readings'
>;

/** The counters. */
export interface AuditQueryLedger {
  /** A query was made; `running` take a slot now. */
  submitted(running: number): void;
  throttled(): void;
  deleted(): void;
  page(reading: Omit<AuditReading, 'ids'>, ids: readonly string[]): void;
  counts(): AuditQueryCounts;
}

/** Empty counters. */
export function auditQueryLedger(): AuditQueryLedger {
  let [submissions, throttled, runningAtMost, deleted, recordsServed] = [0, 0, 0, 0, 0];
  const readings = new Map<string, { readonly of: Omit<AuditReading, 'ids'>; readonly ids: Set<string> }>();
  return {
    submitted: (running) => {
      submissions += 1;
      runningAtMost = Math.max(runningAtMost, running);
    },
    throttled: () => void (throttled += 1),
    deleted: () => void (deleted += 1),
    page: (of, ids) => {
      const key = `${of.query} ${of.reading}`;
      const known = readings.get(key) ?? { of, ids: new Set<string>() };
      readings.set(key, known);
      for (const id of ids) known.ids.add(id);
      recordsServed += ids.length;
    },
    counts: () => ({
      submissions,
      throttled,
      runningAtMost,
      deleted,
      recordsServed,
      readings: Array.from(readings.values(), ({ of, ids }) => ({ ...of, ids: [...ids].sort() })),
    }),
  };
}
