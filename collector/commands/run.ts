import { setTimeout as sleep } from 'node:timers/promises';
import { healthServer } from '../health-server.ts';
import type { Signals } from '../pipeline.ts';
import { type Collector, worker } from './collector.ts';

/** How `run` repeats and where it answers probes. */
export interface RunOptions {
  readonly pollSeconds: number;
  readonly healthHost: string;
  /** 0 is off. */
  readonly healthPort: number;
}

// No batch and no end of a pass for so long: the process is stuck and should be restarted.
const STUCK_AFTER_MS = 15 * 60_000;

/** Passes over all sources until told to stop. */
export async function run(collector: Collector, options: RunOptions, signals: Signals): Promise<void> {
  const { pipeline, log } = collector;
  const { metrics, now } = pipeline;
  let progressAt = now();
  const alive = (): void => {
    progressAt = now();
  };
  const isAlive = (): boolean => now() - progressAt < STUCK_AFTER_MS + options.pollSeconds * 1000;
  let isReady = false;
  const view = { isAlive, isReady: () => isReady, role: () => 'owner' as const, metrics: metrics.answer };
  const { healthHost: host, healthPort: port } = options;
  const server = port === 0 ? undefined : await healthServer({ host, port, view });
  try {
    const work = await worker(collector);
    try {
      metrics.leader(1);
      isReady = true;
      while (!signals.reading.aborted) {
        for (const source of collector.sources) {
          const result = await work.pass(source, signals, alive).catch((error: unknown) => {
            // Sink or state failed: nothing is lost, the batch repeats at the next pass.
            log.error({ source: source.name, reason: reasonOf(error) }, 'the pass failed and will be repeated');
            return undefined;
          });
          if (result !== undefined)
            log.info({ source: source.name, parked: result.parked, ...result.summary }, 'pass ended');
          if (signals.reading.aborted) break;
        }
        alive();
        await sleep(options.pollSeconds * 1000, undefined, { signal: signals.reading }).catch(() => undefined);
      }
    } finally {
      metrics.leader(0);
      await work.close();
    }
  } finally {
    await server?.close();
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
