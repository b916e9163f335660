/** Two benign weeks, the busiest of ten: onboarding, a move of an office, a hackathon and rows three days late. */
import { describe, expect, it } from 'vitest';
import { limitsBroken } from './weeks/noise.ts';
import { work } from './weeks/workers.ts';

const LONG = process.env['TEST_LENGTH'] === 'long';

describe('the whole pack over benign weeks', () => {
  it('raises at most one incident per rule and week, and ten of high severity', async () => {
    const jobs = Array.from({ length: LONG ? 10 : 2 }, (_, week) => ({
      kind: 'week' as const,
      week,
      batchHours: 6,
      part: 0,
      of: 1,
    }));
    const results = await work(jobs);
    expect(results.flatMap(({ failures }) => failures)).toEqual([]);
    // A pack that never runs is silent, too.
    expect(Math.min(...results.map(({ runs }) => runs))).toBeGreaterThan(1000);
    expect(limitsBroken(results)).toEqual([]);
  }, 3_600_000);
});
