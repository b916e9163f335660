/** The simulated tenant of the backfill bench, as a process of its own that tells what was done and what is true. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const started = z.object({ env: z.record(z.string(), z.string()), caPath: z.string(), startMs: z.number() });
/** What clients did, and the truth. */
export type Reported = Readonly<z.infer<typeof reported>>;
const reported = z.object({
  submissions: z.number(),
  throttled: z.number(),
  runningAtMost: z.number(),
  left: z.number(),
  recordsServed: z.number(),
  pages: z.number(),
  readings: z.number(),
  peakMiB: z.number(),
  truth: z.object({ byDay: z.record(z.string(), z.string()), records: z.number(), unasked: z.number() }),
});
/** UTC days, counted from 1970, both included. */
export interface Days {
  readonly firstDay: number;
  readonly lastDay: number;
}

/** A tenant whose audit log reaches `days` back. */
export async function tenantServer(users: number, days: number, clockPath: string) {
  const args = [users, days, clockPath].map(String);
  const child = fork(fileURLToPath(new URL('backfill-server.ts', import.meta.url)), args, {
    execArgv: ['--max-old-space-size=4096'],
  });
  const answer = (): Promise<unknown> => new Promise((resolve) => child.once('message', resolve));
  const place = started.parse(await answer());
  const asked = (what: 'count' | 'report', days: Days): Promise<unknown> => {
    child.send({ what, ...days });
    return answer();
  };
  return {
    ...place,
    count: async (days: Days) => z.number().parse(await asked('count', days)),
    report: async (days: Days) => reported.parse(await asked('report', days)),
    close: () => child.disconnect(),
  };
}
