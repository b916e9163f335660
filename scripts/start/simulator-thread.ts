/** The simulated tenant in a thread of its own, so that the console stays quick while it is made and while it answers. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { stories } from '../../simulator/campaigns/campaigns.ts';
import { simulator } from '../../simulator/simulator.ts';
import { networks } from '../../simulator/tenant/networks.ts';
import { tenant } from '../../simulator/tenant/tenant.ts';
import { writeSurroundings } from '../../simulator/write-surroundings.ts';
import type { FromSimulator, SimulatorTask, ToSimulator } from './simulator-messages.ts';

// The other side is simulated-tenant.ts: what it sends is of these shapes.
const { users, days, seed, aheadHours, requestsPerMinute, rows }: SimulatorTask = workerData;
const say = (message: FromSimulator): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  parentPort?.postMessage(message);
};

const running = await simulator({
  users,
  days,
  seed,
  aheadHours,
  habits: 'benign',
  campaigns: stories.map(({ name }) => name),
  switches: { quotaPerMinute: requestsPerMinute },
});
await mkdir(rows, { recursive: true });
await writeSurroundings(rows, running);
await writeFile(join(rows, 'networks.json'), JSON.stringify(networks(tenant({ seed, users }).users)));

parentPort?.on('message', (message: ToSimulator) => {
  if (message.kind === 'expected') return say({ kind: 'expected', ids: running.report(message.asOfMs).ids.expected });
  return void running.close().then(() => {
    say({ kind: 'closed' });
    parentPort?.close();
  });
});
say({ kind: 'ready', env: running.env, expected: running.report().idsExpected });
