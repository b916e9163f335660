import { int, type Random } from './random.ts';

const HOUR_MS = 3_600_000;

/** Milliseconds until the audit log has a record: 60 to 90 minutes mostly, some hours, some days. */
export function latency(next: Random, copilot: boolean): number {
  const [soon, hours] = copilot ? [0.8, 0.94] : [0.9, 0.98];
  const value = next();
  if (value < soon) return int(next, HOUR_MS, 1.5 * HOUR_MS);
  if (value < hours) return int(next, 1.5 * HOUR_MS, 12 * HOUR_MS);
  return int(next, 12 * HOUR_MS, 72 * HOUR_MS);
}
