/** `node -- test/detections/campaigns.ts [--seeds N] [--campaign NAME] [--markdown]`: which campaigns the pack finds. */
import { parseArgs } from 'node:util';
import { stories } from '../../simulator/campaigns/campaigns.ts';
import { missed, recallTable, seedLines } from './weeks/recall.ts';
import { work } from './weeks/workers.ts';
import type { Job } from './weeks/worker.ts';

type CampaignJob = Extract<Job, { readonly kind: 'campaign' }>;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    campaign: { type: 'string', default: '' },
    markdown: { type: 'boolean', default: false },
  },
});
const jobs = stories
  .filter(({ name }) => name.includes(values.campaign))
  .flatMap(({ name }) =>
    Array.from({ length: Number(values.seeds) }, (_, nth) => nth + 1).flatMap((seed) =>
      (['attack', 'below'] as const).map((variant): CampaignJob => ({ kind: 'campaign', name, seed, variant })),
    ),
  );
const started = performance.now();
const results = await work(jobs, (done) => {
  if (done % 20 === 0)
    process.stderr.write(`${done} of ${jobs.length} after ${Math.round((performance.now() - started) / 1000)} s\n`);
});
process.stdout.write(`${recallTable(results, values.markdown)}\n`);
if (!values.markdown) for (const line of seedLines(results)) process.stdout.write(`${line}\n`);
const wrong = missed(results);
for (const line of wrong) process.stdout.write(`${line}\n`);
process.exitCode = wrong.length > 0 ? 1 : 0;
