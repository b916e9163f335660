/**
 * A sliding minute: the result says whether one more request is within `perMinute`, and counts it if so.
 * Management Activity API: each tenant has a baseline of 2,000 requests a minute; the machine's clock counts.
 */
export function quota(perMinute: number): () => boolean {
  let times: number[] = [];
  let from = 0;
  return () => {
    const now = performance.now();
    while (from < times.length && (times[from] ?? now) <= now - 60_000) from += 1;
    if (times.length - from >= perMinute) return false;
    if (from > 10_000) {
      times = times.slice(from);
      from = 0;
    }
    times.push(now);
    return true;
  };
}
