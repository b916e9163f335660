/** Every campaign inside of a benign day: its rules find it, and are silent about what only looks like it. */
import { describe, expect, it } from 'vitest';
import { stories } from '../../simulator/campaigns/campaigns.ts';
import { missed } from './weeks/recall.ts';
import { work } from './weeks/workers.ts';

const SEEDS = process.env['TEST_LENGTH'] === 'long' ? 20 : 2;

describe('campaigns', () => {
  it('are found by their rules, and not below the thresholds', async () => {
    const jobs = stories.flatMap(({ name }) =>
      Array.from({ length: SEEDS }, (_, nth) => nth + 1).flatMap((seed) =>
        (['attack', 'below'] as const).map((variant) => ({ kind: 'campaign' as const, name, seed, variant })),
      ),
    );
    expect(missed(await work(jobs))).toEqual([]);
  }, 1_800_000);
});
