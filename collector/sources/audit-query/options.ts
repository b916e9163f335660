import type { AuditQueryApi } from './api.ts';
import type { Task } from './plan.ts';
import type { Sleep } from './readings.ts';

/** Names of the sources that are audit queries: they submit from one budget of the tenant. */
export const queryNames = { daily: 'audit-query', backfill: 'audit-query-backfill' } as const;

/** What an operator may want to know and is no loss: the window, and what happened. */
export interface Note {
  readonly window: string;
  readonly reason: string;
}

/** How audit queries are read; times in milliseconds. */
export interface AuditQueryOptions {
  readonly api: AuditQueryApi;
  /** Name of the source and of its state. */
  readonly name?: string;
  readonly task: Task;
  /** A pass ends rather than wait longer, or begin to read another query; the next pass reads the rest. */
  readonly patienceMs: number;
  readonly now: () => number;
  readonly onNote?: (note: Note) => void;
  readonly sleep?: Sleep;
  /** Makes what tells queries of this collector from those of others; letters and digits. */
  readonly newTag?: () => string;
  /** Queries of this source that run at once. */
  readonly maxRunning?: number;
  /** Queries that are submitted in 24 hours, by the daily source and by backfill together. */
  readonly submissionsPerDay?: number;
  readonly maxReadings?: number;
}

// Microsoft's page on throttling says at least 50; administrators have met a limit of 10.
export const MAX_RUNNING = 10;
// "At least 200 submissions in 24 hours" for the whole tenant.
export const SUBMISSIONS_PER_DAY = 200;
// "At least 1,000,000 records per query"; what ends with exactly so many was cut, whatever is said of it.
export const RECORD_LIMIT = 1_000_000;
// 200 and 500 were seen to be accepted; 100 to 150 come unasked.
export const PAGE_SIZE = 500;
// 400, 403 and 500 were seen to be over in a moment; so many in a row are not.
export const STRIKES = 5;
export const RETRY_MS = 2000;
