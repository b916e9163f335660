import type { Row } from '../schema/index.ts';

// Azure replaces a TimeGenerated that is more than 2 days old at receipt; 2 hours are left for queues and retries.
const youngMs = 46 * 3_600_000;
// It replaces one that is more than a day ahead, too.
const aheadMs = 24 * 3_600_000;

/**
 * The row with TimeGenerated as it is right at `nowMs` (milliseconds since 1970): EventTime while that is younger
 * than 46 hours and at most a day ahead, else now. TimeClamped, where the table has it, tells which. To be called at
 * every try, because a row that is retried for hours grows old.
 */
export function stampTime(row: Row, nowMs: number): Row {
  const eventTime = row['EventTime'];
  const eventMs = typeof eventTime === 'string' ? Date.parse(eventTime) : Number.NaN;
  const isKept = nowMs - eventMs < youngMs && eventMs - nowMs <= aheadMs;
  return {
    ...row,
    TimeGenerated: isKept && eventTime !== undefined ? eventTime : new Date(nowMs).toISOString(),
    ...('TimeClamped' in row ? { TimeClamped: !isKept } : {}),
  };
}
