import type { Row } from '../schema/index.ts';

// Azure replaces a TimeGenerated that is more than 2 days old at receipt; 2 hours are left for queues and retries.
const youngMs = 46 * 3_600_000;
// It replaces one that is more than a day ahead, too.
const aheadMs = 24 * 3_600_000;

// One write stamps hundreds of rows with the same time.
let lastIso = { ms: Number.NaN, text: '' };
function isoOf(ms: number): string {
  if (lastIso.ms !== ms) lastIso = { ms, text: new Date(ms).toISOString() };
  return lastIso.text;
}

/**
 * TimeGenerated of a row as it is right at `nowMs` (milliseconds since 1970): EventTime while that is younger than 46
 * hours and at most a day ahead, else now; `timeClamped` tells which. To be asked at every try, because a row that is
 * retried for hours grows old.
 */
export function timeStamps(row: Row, nowMs: number): { readonly timeGenerated: string; readonly timeClamped: boolean } {
  const eventTime = row['EventTime'];
  if (typeof eventTime === 'string') {
    const eventMs = Date.parse(eventTime);
    if (nowMs - eventMs < youngMs && eventMs - nowMs <= aheadMs)
      return { timeGenerated: eventTime, timeClamped: false };
  }
  return { timeGenerated: isoOf(nowMs), timeClamped: true };
}
