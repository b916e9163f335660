import { setTimeout as sleep } from 'node:timers/promises';
import { healthServer } from '../health-server.ts';
import type { Signals } from '../pipeline.ts';
import { TakenError } from '../state/place.ts';
import { skewProblem } from './clock-skew.ts';
import { type Collector, type Worker, worker } from './collector.ts';

/** How `run` repeats and where it answers probes. */
export interface RunOptions {
  readonly pollSeconds: number;
  readonly healthHost: string;
  /** 0 is off. */
  readonly healthPort: number;
}

// No batch, no write and no end of a pass for so long: the process is stuck and should be restarted.
const STUCK_AFTER_MS = 15 * 60_000;
// Together with the lease (60 s) it bounds how long nobody collects after an owner has gone.
const STANDBY_MS = 5000;

/** Passes over all sources until told to stop; stands by while another process owns the state. */
export async function run(collector: Collector, options: RunOptions, signals: Signals): Promise<void> {
  const { pipeline, log, heartbeat } = collector;
  const { metrics, now } = pipeline;
  const { pollSeconds, healthHost: host, healthPort: port } = options;
  let role: 'owner' | 'standby' | undefined;
  const become = (next: 'owner' | 'standby' | undefined, why = ''): void => {
    if (next !== role && next !== undefined) log.info({ role: next, ...(why !== '' && { reason: why }) }, 'role');
    role = next;
    metrics.leader(next === 'owner' ? 1 : 0);
  };
  const view = {
    isAlive: () => now() - heartbeat.last < STUCK_AFTER_MS + pollSeconds * 1000,
    isReady: () => role !== undefined,
    role: () => role ?? 'none',
    metrics: metrics.answer,
  };
  const server = port === 0 ? undefined : await healthServer({ host, port, view });
  const work = worker(collector);
  try {
    while (!signals.reading.aborted) {
      heartbeat.last = now();
      const wakes = [signals.reading];
      try {
        wakes.push(await work.open());
        become('owner');
        await passes(collector, work, signals);
      } catch (error) {
        // What failed is repeated: nothing is lost, because the position moves last.
        if (error instanceof TakenError) become('standby', error.message);
        else {
          become(undefined);
          log.error({ reason: reasonOf(error) }, 'the state cannot be used; trying again');
        }
      }
      const pauseMs = role === 'standby' ? STANDBY_MS : pollSeconds * 1000;
      await sleep(pauseMs, undefined, { signal: AbortSignal.any(wakes) }).catch(() => undefined);
    }
  } finally {
    become(undefined);
    try {
      await work.close();
    } finally {
      await server?.close();
    }
  }
}

/** One pass of every source; one that fails does not stop the others. Rejects when the state is no longer ours. */
async function passes(collector: Collector, work: Worker, signals: Signals): Promise<void> {
  const { sources, log, heartbeat, clockSkewMs, pipeline } = collector;
  for (const source of sources) {
    try {
      const result = await work.pass(source, signals, () => (heartbeat.last = pipeline.now()));
      log.info({ source: source.name, parked: result.parked, ...result.summary }, 'pass ended');
    } catch (error) {
      if (error instanceof TakenError) throw error;
      log.error({ source: source.name, reason: reasonOf(error) }, 'the pass failed and will be repeated');
      // The state was let go: who is the owner until the next pass?
      await work.open();
    }
    if (signals.reading.aborted) return;
    heartbeat.last = pipeline.now();
    const skew = skewProblem(clockSkewMs());
    if (skew !== undefined) log.warn({ reason: skew }, 'the clock is wrong');
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
