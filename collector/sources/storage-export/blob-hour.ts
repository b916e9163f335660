import type { Hour } from '../../contracts.ts';

/** The hour that a blob counts for, and a time within it for its records, ISO 8601 UTC. */
export interface BlobHour {
  readonly hour: Hour;
  readonly contentCreated: string;
}

const HOUR_MS = 3_600_000;
const PATH = /(?:^|\/)y=(\d{4})\/m=(\d{1,2})\/d=(\d{1,2})\/h=(\d{1,2})(?:\/|$)/;

/** The hour in the path of a blob (y=/m=/d=/h=) unless it is none or cannot be, else the one it was last modified in. */
export function toBlobHour(name: string, modifiedMs: number): BlobHour {
  const parts = PATH.exec(name)?.slice(1).map(Number) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0] = parts;
  const pathMs = parts.length === 4 ? Date.UTC(year, month - 1, day, hour) : NaN;
  const date = new Date(pathMs);
  // The 30th of February is a day of March to Date.UTC.
  const isDate = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24;
  // A time that was never set is in the year 1. Nothing can be written before it happened; an hour for clocks that differ.
  const isPossible = isDate && pathMs >= 0 && pathMs <= modifiedMs + HOUR_MS;
  const ms = isPossible ? pathMs : modifiedMs;
  return { hour: Math.floor(ms / HOUR_MS), contentCreated: new Date(ms).toISOString() };
}
