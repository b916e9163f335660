/** `node -- test/detections/benign.ts [--weeks N] [--first K] [--batch-hours H] [--rule TEXT] [--markdown]`: the noise of the pack. */
import { parseArgs } from 'node:util';
import { limitsBroken, noiseTable, raisedLines } from './weeks/noise.ts';
import { work } from './weeks/workers.ts';
import type { Job } from './weeks/worker.ts';

type WeekJob = Extract<Job, { readonly kind: 'week' }>;

const { values } = parseArgs({
  options: {
    weeks: { type: 'string', default: '10' },
    first: { type: 'string', default: '0' },
    'batch-hours': { type: 'string', default: '6' },
    rule: { type: 'string', default: '' },
    markdown: { type: 'boolean', default: false },
  },
});
const weeks = Number(values.weeks);
const parts = weeks === 1 ? 2 : 1;
const jobs = Array.from({ length: weeks * parts }, (_, nth): WeekJob => ({
  kind: 'week',
  week: Number(values.first) + Math.floor(nth / parts),
  batchHours: Number(values['batch-hours']),
  part: nth % parts,
  of: parts,
  only: values.rule,
}));
const started = performance.now();
const results = await work(jobs, (done, result) => {
  if (!values.markdown) for (const line of raisedLines([result])) process.stdout.write(`${line}\n`);
  process.stderr.write(`${done} of ${jobs.length} jobs after ${Math.round((performance.now() - started) / 1000)} s\n`);
});
process.stdout.write(`${noiseTable(results, values.markdown)}\n`);
if (!values.markdown) {
  const spent = Map.groupBy(
    results.flatMap(({ spent: own }) => Object.entries(own)),
    ([rule]) => rule,
  );
  const slow = [...spent].map(([rule, all]) => [rule, all.reduce((sum, [, ms]) => sum + ms, 0)] as const);
  for (const [rule, ms] of slow.toSorted((one, other) => other[1] - one[1]).slice(0, 12))
    process.stderr.write(`${(ms / 1000).toFixed(1).padStart(7)} s  ${rule}\n`);
}
const broken = limitsBroken(results);
for (const line of broken) process.stdout.write(`TOO MUCH ${line}\n`);
for (const line of new Set(results.flatMap(({ failures }) => failures))) process.stdout.write(`FAILED ${line}\n`);
process.exitCode = broken.length > 0 || results.some(({ failures }) => failures.length > 0) ? 1 : 0;
