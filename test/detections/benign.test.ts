/** The benign week in which most happens: a hackathon, rows three days late, a new agent, an office just moved. */
import { describe, expect, it } from 'vitest';
import { limitsBroken } from './weeks/noise.ts';
import { work } from './weeks/workers.ts';

const LONG = process.env['TEST_LENGTH'] === 'long';
const BUSIEST = 1;
// One week alone is shared by both threads.
const weeks = LONG ? Array.from({ length: 10 }, (_, week) => week) : [BUSIEST];
const PARTS = LONG ? 1 : 2;

describe('the whole pack over benign weeks', () => {
  it('raises at most one incident per rule and week, and ten of high severity', async () => {
    const jobs = weeks.flatMap((week) =>
      Array.from({ length: PARTS }, (_, part) => ({ kind: 'week' as const, week, batchHours: 6, part, of: PARTS })),
    );
    const results = await work(jobs);
    expect(results.flatMap(({ failures }) => failures)).toEqual([]);
    // A pack that never runs is silent, too.
    for (const week of weeks) {
      const runs = results.filter((one) => one.week === week).map((one) => one.runs);
      expect(runs.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(1000);
    }
    expect(limitsBroken(results)).toEqual([]);
  }, 3_600_000);
});
