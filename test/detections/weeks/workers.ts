import { Worker } from 'node:worker_threads';
import type { CampaignResult } from './campaign-run.ts';
import type { WeekResult } from './week.ts';
import type { Job } from './worker.ts';

const THREADS = 2;

/** What a job comes to. */
export type ResultOf<J extends Job> = J extends { readonly kind: 'week' } ? WeekResult : CampaignResult;

/** Does jobs on two threads and returns their results in the order of the jobs. */
export async function work<J extends Job>(
  jobs: readonly J[],
  onDone: (done: number, result: ResultOf<J>) => void = () => undefined,
): Promise<readonly ResultOf<J>[]> {
  const results: ResultOf<J>[] = [];
  let next = 0;
  let done = 0;
  const thread = async (): Promise<void> => {
    const worker = new Worker(new URL('worker.ts', import.meta.url));
    let settle: PromiseWithResolvers<ResultOf<J>> | undefined;
    worker.on('message', (result: ResultOf<J>) => settle?.resolve(result));
    worker.on('error', (error) => settle?.reject(error));
    worker.on('exit', (code) => settle?.reject(new Error(`a worker ended with code ${code} before its job was done`)));
    try {
      for (let nth = next++; nth < jobs.length; nth = next++) {
        settle = Promise.withResolvers();
        worker.postMessage(jobs[nth], []);
        const result = await settle.promise;
        results[nth] = result;
        onDone((done += 1), result);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(THREADS, jobs.length) }, thread));
  return results;
}
