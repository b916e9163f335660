/** Does one job after the other on a thread of its own. */
import { parentPort } from 'node:worker_threads';
import { type CampaignJob, runCampaign } from './campaign-run.ts';
import { runWeek, type WeekOptions } from './week.ts';

/** What a worker is asked. */
export type Job = ({ readonly kind: 'week' } & WeekOptions) | ({ readonly kind: 'campaign' } & CampaignJob);

parentPort?.on('message', (job: Job) => {
  parentPort?.postMessage(job.kind === 'week' ? runWeek(job) : runCampaign(job), []);
});
