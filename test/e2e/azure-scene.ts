/** A tenant, a data collection endpoint and Blob Storage, and the bundled collector between them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle, nodeFlags } from '../../scripts/bundle.ts';
import { simulator, type Simulator, type SimulatorOptions } from '../../simulator/simulator.ts';
import { azurite, storageToken } from '../azurite.ts';
import { startNode, type Ended, type Running } from './harness.ts';
import { storageProxy, type StorageProxy } from '../storage-proxy.ts';

const containerName = 'collector';

/** Everything that the collector talks to in Azure; gone after `close`. */
export interface AzureScene {
  readonly tenant: Simulator;
  /** Between the collector and its state. */
  readonly storage: StorageProxy;
  /** With the client secret; rows and state go to Azure. */
  readonly env: Readonly<Record<string, string>>;
  /** Adds what points at endpoint and state to the variables of an identity. */
  envFor(identity: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Running;
  collect(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** What 60 seconds without renewal do. */
  expireLease(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts the scene; the collector is the bundle that a container runs. */
export async function azureScene(options: SimulatorOptions = {}): Promise<AzureScene> {
  const directory = await mkdtemp(join(tmpdir(), 'copilot-sentinel-azure-'));
  const [entry, store, tenant] = await Promise.all([
    bundle(join(directory, 'collector.mjs')),
    azurite(),
    simulator({ users: 8, days: 2, ...options }),
  ]);
  const container = new URL(await store.container(containerName));
  const storage = await storageProxy(store);
  const trusted = join(directory, 'ca.pem');
  await writeFile(trusted, `${tenant.ca}\n${store.ca}`);

  const envFor = (identity: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
    ...identity,
    ...tenant.ingestionEnv,
    NODE_EXTRA_CA_CERTS: trusted,
    STATE_URL: `${storage.url}/${containerName}/state`,
    REQUESTS_PER_MINUTE: '100000',
    HEALTH_PORT: '0',
  });
  const env = envFor(tenant.env);
  const start = (args: readonly string[], given = env): Running =>
    startNode([...nodeFlags, entry, ...args], directory, given);

  return {
    tenant,
    storage,
    env,
    envFor,
    start,
    collect: (args, given) => start(args, given).ended,
    expireLease: () => breakLease(`${container.href}/state/checkpoint.json`, store.ca),
    async [Symbol.asyncDispose]() {
      await storage.close();
      await Promise.all([tenant.close(), store.close()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Ends the lease of a blob, whoever holds it. */
export async function breakLease(blob: string, ca: string): Promise<void> {
  const headers = {
    authorization: `Bearer ${storageToken()}`,
    'x-ms-version': '2025-01-05',
    'x-ms-date': new Date().toUTCString(),
    'x-ms-lease-action': 'break',
    'x-ms-lease-break-period': '0',
    'content-length': 0,
  };
  const sent = request(`${blob}?comp=lease`, { ca, method: 'PUT', headers }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();
  // 409: nobody holds it. 404: a process was killed before there was a checkpoint.
  if (![202, 404, 409].includes(answer.statusCode ?? 0)) throw new Error(`lease of ${blob}: ${answer.statusCode}`);
}
