import { describe, expect, it } from 'vitest';
import { pace } from '../../../collector/graph/pace.ts';

/** Takes batches of `size` as soon as they may start, for `ms`; gives their times. */
function starts(requestsPerMinute: number, size: number, ms: number): readonly number[] {
  let nowMs = 1_000_000;
  const budget = pace(requestsPerMinute, () => nowMs);
  const count = Math.min(size, budget.most);
  const times: number[] = [];
  for (;;) {
    nowMs += budget.waitMs(count);
    if (nowMs >= 1_000_000 + ms) return times.flatMap((time) => Array.from({ length: count }, () => time));
    budget.take(count);
    times.push(nowMs);
  }
}
function mostWithin(times: readonly number[], ms: number): number {
  let most = 0;
  for (let first = 0, last = 0; last < times.length; last++) {
    while ((times[last] ?? 0) >= (times[first] ?? 0) + ms) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

describe('the budget', () => {
  it.for([1, 2, 10, 39, 60, 300, 1200, 6000])('of %i a minute is kept in every minute, and nearly used up', (limit) => {
    const times = starts(limit, 20, 200_000);
    const most = mostWithin(times, 60_000);
    expect(most).toBeLessThanOrEqual(limit);
    expect(times.length).toBeGreaterThanOrEqual(Math.floor(limit * 1.5));
  });

  it('is spent evenly: no second has more than two of the even share', () => {
    expect(mostWithin(starts(6000, 20, 20_000), 1000)).toBeLessThanOrEqual(200);
  });

  it('takes a debt and waits it off', () => {
    const nowMs = 0;
    const budget = pace(6000, () => nowMs);
    budget.take(120);
    expect(budget.waitMs(20)).toBeGreaterThanOrEqual(400);
  });

  it('survives a clock that is set back', () => {
    let nowMs = 1_000_000;
    const budget = pace(6000, () => nowMs);
    budget.take(100);
    nowMs = 0;
    expect(budget.waitMs(20)).toBeLessThan(300);
    nowMs = 300;
    expect(budget.waitMs(20)).toBe(0);
  });
});
