/** What happens after an outage: a queue of blobs, minute by minute, until the feed is read up to now again. */

/** The feed of a tenant, and how fast it may be read. */
export interface Feed {
  /** Blobs that become available on an average day. */
  readonly blobsPerDay: number;
  /** The busiest hour of the day against the mean of all hours. */
  readonly peakFactor: number;
  /** Blobs that can be read in a minute: by quota, by budget, by CPU; the least of them. */
  readonly readPerMinute: number;
  readonly outageMinutes: number;
}

/** How it went. */
export interface CatchUp {
  /** Until nothing waits; Infinity when reading is no faster than the feed. */
  readonly minutes: number;
  /** Blobs that were older than seven days when their turn came: content that no listing shows any more. */
  readonly lost: number;
  /** The longest that a blob waited within a day after an outage of no length: what the busiest hours do by themselves. */
  readonly usualWaitMinutes: number;
}

const DAY = 24 * 60;
const LISTABLE = 7 * DAY;
const NEVER = 30 * DAY;

/** Blobs of a minute; the day's curve is a cosine around the mean, as high as the peak and never below nothing. */
function arrivals({ blobsPerDay, peakFactor }: Feed, minute: number): number {
  const wave = (peakFactor - 1) * Math.cos((2 * Math.PI * (minute % DAY)) / DAY);
  return (blobsPerDay / DAY) * Math.max(0, 1 + wave) * (1 / meanOf(peakFactor));
}

const means = new Map<number, number>();
/** Mean of the curve, which is cut off at nothing. */
function meanOf(peakFactor: number): number {
  const known = means.get(peakFactor);
  if (known !== undefined) return known;
  let sum = 0;
  for (let minute = 0; minute < DAY; minute++)
    sum += Math.max(0, 1 + (peakFactor - 1) * Math.cos((2 * Math.PI * minute) / DAY));
  means.set(peakFactor, sum / DAY);
  return sum / DAY;
}

/** Oldest first, as the collector reads. */
export function catchUp(feed: Feed): CatchUp {
  const usual = drained(feed, 0, 2 * DAY);
  const after = drained(feed, feed.outageMinutes, NEVER);
  return { minutes: after.minutes, lost: after.lost, usualWaitMinutes: usual.longestWait };
}

function drained(
  feed: Feed,
  outage: number,
  patience: number,
): { readonly minutes: number; readonly lost: number; readonly longestWait: number } {
  // Blobs that wait, by the minute in which they became available; the first of them is at `head`.
  const waiting: number[] = [];
  let [head, backlog, lost, longestWait] = [0, 0, 0, 0];
  for (let now = 0; now < outage + patience; now++) {
    const arrived = arrivals(feed, now);
    waiting.push(arrived);
    backlog += arrived;
    for (; head < now - LISTABLE; head++) {
      lost += waiting[head] ?? 0;
      backlog -= waiting[head] ?? 0;
    }
    if (now < outage) continue;
    let budget = feed.readPerMinute;
    while (head < waiting.length && budget > 0) {
      const there = waiting[head] ?? 0;
      const read = Math.min(there, budget);
      budget -= read;
      backlog -= read;
      if (read > 0) longestWait = Math.max(longestWait, now - head);
      if (read < there) waiting[head] = there - read;
      else head++;
    }
    if (outage > 0 && backlog < 1e-6 * feed.blobsPerDay) return { minutes: now - outage + 1, lost, longestWait };
  }
  return { minutes: Infinity, lost, longestWait };
}
