/** `npm start` as a process, for those who look at its console: pictures, tests and measurements. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const script = fileURLToPath(new URL('../start.ts', import.meta.url));
const LOOK_EVERY_MS = 200;

/** What is read of the console's `Status`. */
const statusSchema = z.object({
  steps: z.array(z.object({ name: z.string(), state: z.string(), detail: z.string() })),
  span: z.object({ from: z.string(), to: z.string() }).nullable(),
});
type Progress = Readonly<z.output<typeof statusSchema>>;

/** A product that is running. */
export interface Product {
  /** `http://127.0.0.1:4280/` */
  readonly url: string;
  /** When its process was started, in milliseconds of `performance.now()`. */
  readonly startedAt: number;
  readonly status: () => Promise<Progress>;
  /** Resolves when every record is in and the rules have run. @throws Error with what failed */
  readonly done: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts it on a free port, and waits for its console. @throws Error with what it said where it ends instead */
export async function startProduct(args: readonly string[]): Promise<Product> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [script, '--port', '0', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said += chunk.toString('utf8');
      const named = /Console: (\S+)/.exec(said)?.[1];
      if (named !== undefined) resolve(named);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    void ended.then(() => reject(new Error(`npm start ended without a console: ${said}`)));
  });

  const status = async (): Promise<Progress> =>
    statusSchema.parse(await (await fetch(new URL('api/status', url))).json());
  const done = async (): Promise<void> => {
    for (;;) {
      const { steps } = await status();
      const failed = steps.find(({ state }) => state === 'failed');
      if (failed !== undefined) throw new Error(`${failed.name} failed: ${failed.detail}`);
      if (steps.every(({ state }) => state === 'done')) return;
      await sleep(LOOK_EVERY_MS);
    }
  };
  const close = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  return { url, startedAt, status, done, close };
}
