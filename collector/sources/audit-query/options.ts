import type { AuditQueryApi } from './api.ts';
import type { Task } from './plan.ts';
import type { Sleep } from './readings.ts';

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
  /** A pass ends rather than wait longer; queries go on, and the next pass reads them. */
  readonly patienceMs: number;
  readonly now: () => number;
  readonly onNote?: (note: Note) => void;
  readonly sleep?: Sleep;
  /** Queries of this source that run at once. */
  readonly maxRunning?: number;
  /** Queries that this source submits in 24 hours. */
  readonly submissionsPerDay?: number;
  readonly maxReadings?: number;
}

// Microsoft's page on throttling says at least 50; administrators have met a limit of 10.
export const MAX_RUNNING = 10;
// "At least 200 submissions in 24 hours" for the whole tenant.
export const SUBMISSIONS_PER_DAY = 200;
