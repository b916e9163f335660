/** Starts the simulated tenant that `npm start` shows: ordinary weeks, and every campaign planted into them. */
import { Worker } from 'node:worker_threads';
import type { FromSimulator, SimulatorTask, ToSimulator } from './simulator-messages.ts';

// Far above any quota: the simulated tenant is on this machine and nobody shares it.
const REQUESTS_PER_MINUTE = 100_000;
const CLOSE_WITHIN_MS = 3000;

// Whoever collected from a real tenant in the same terminal still has its identity there.
const otherTenants = /^(?:AZURE|SOURCE|IDENTITY|OTEL|DCR)_|^(?:TENANT_ID|CLOUD|PUBLISHER_ID)$/;
const notOurs = (): Readonly<Record<string, undefined>> =>
  Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => otherTenants.test(name))
      .map((name) => [name, undefined]),
  );

/** A simulated tenant at work. */
export interface SimulatedTenant {
  /** Points the collector there; undefined is what of our own environment would point it elsewhere. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Records that are there now. */
  readonly expected: number;
  /** Ids of the records that were there at a time. */
  readonly idsAt: (asOfMs: number) => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

/** Makes it; its surroundings (other tables, watchlists, places of addresses) are written to `rows` by then. */
export async function simulatedTenant(task: Omit<SimulatorTask, 'requestsPerMinute'>): Promise<SimulatedTenant> {
  const workerData: SimulatorTask = { ...task, requestsPerMinute: REQUESTS_PER_MINUTE };
  const thread = new Worker(new URL('simulator-thread.ts', import.meta.url), { workerData });
  const answer = <K extends FromSimulator['kind']>(kind: K): Promise<Extract<FromSimulator, { readonly kind: K }>> =>
    new Promise((resolve, reject) => {
      const isWanted = (message: FromSimulator): message is Extract<FromSimulator, { readonly kind: K }> =>
        message.kind === kind;
      const onMessage = (message: FromSimulator): void => {
        if (!isWanted(message)) return;
        thread.off('message', onMessage).off('error', reject);
        resolve(message);
      };
      thread.on('message', onMessage).on('error', reject);
    });
  const ask = (message: ToSimulator): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
    thread.postMessage(message);
  };
  const { env, expected } = await answer('ready');
  return {
    env: {
      ...notOurs(),
      ...env,
      SOURCES: 'activity-feed,usage-report',
      ENRICH: 'users,labels,agents,files,meetings',
      REQUESTS_PER_MINUTE: String(REQUESTS_PER_MINUTE),
      GRAPH_REQUESTS_PER_MINUTE: String(REQUESTS_PER_MINUTE),
    },
    expected,
    idsAt: async (asOfMs) => {
      const ids = answer('expected');
      ask({ kind: 'expected', asOfMs });
      return (await ids).ids;
    },
    close: async () => {
      const closed = answer('closed').then(() => undefined);
      ask({ kind: 'close' });
      // Its temporary files go with it, where it still answers.
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, CLOSE_WITHIN_MS).unref())]);
      await thread.terminate();
    },
  };
}
