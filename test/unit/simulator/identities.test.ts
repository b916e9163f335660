import { readFile } from 'node:fs/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import {
  ClientCertificateCredential,
  ClientSecretCredential,
  WorkloadIdentityCredential,
  type TokenCredential,
} from '@azure/identity';
import { BlobServiceClient } from '@azure/storage-blob';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { splitRights, type Switches } from '../../../simulator/server/switches.ts';
import type { Simulator } from '../../../simulator/simulator.ts';
import { azurite } from '../../azurite.ts';
import { send, streams, toRows } from './ingestion-harness.ts';
import { ask, feedPath, json, started } from './server-harness.ts';

const simulators: Simulator[] = [];
async function start(switches: Partial<Switches> = {}): Promise<Simulator> {
  const sim = await started({ streams, switches });
  simulators.push(sim);
  setDefaultCACertificates([...getCACertificates('default'), sim.ca]);
  return sim;
}
let open: Simulator;
let split: Simulator;
beforeAll(async () => {
  open = await start();
  split = await start(splitRights);
});
afterAll(async () => {
  await Promise.all(simulators.map((sim) => sim.close()));
});

const authority = (sim: Simulator) => ({ authorityHost: sim.url, disableInstanceDiscovery: true });
const credentials = {
  application: (sim: Simulator) =>
    new ClientSecretCredential(sim.tenantId, sim.clientId, sim.clientSecret, authority(sim)),
  'source-application': (sim: Simulator) =>
    new ClientSecretCredential(sim.tenantId, sim.sourceClientId, sim.sourceClientSecret, authority(sim)),
  // Not Microsoft's class: it keeps the first endpoint that it sees in a process.
  'managed-identity': (sim: Simulator) => ({
    getToken: async (scope: string | string[]) => {
      const { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header = '', AZURE_CLIENT_ID: id } = sim.splitEnv;
      const resource = String(scope).replace('/.default', '');
      const url = `${endpoint}?api-version=2019-08-01&resource=${encodeURIComponent(resource)}&client_id=${id}`;
      const answer = await fetch(url, { headers: { 'X-IDENTITY-HEADER': header } });
      const { access_token: token, expires_on: seconds } = json<Record<string, string>>(await answer.text());
      return { token: token ?? '', expiresOnTimestamp: Number(seconds) * 1000 };
    },
  }),
} as const satisfies Record<string, (sim: Simulator) => TokenCredential>;
const names = ['application', 'source-application', 'managed-identity'] as const;

const tokenOf = async (credential: TokenCredential, resource: string): Promise<string> =>
  (await credential.getToken(`${resource}/.default`))?.token ?? '';
async function read(sim: Simulator, credential: TokenCredential): Promise<number> {
  const token = await tokenOf(credential, 'https://manage.office.com');
  return (await ask(sim, feedPath(sim, 'subscriptions/list'), { token })).status;
}
async function write(sim: Simulator, credential: TokenCredential): Promise<number> {
  const token = await tokenOf(credential, 'https://monitor.azure.com');
  return (await send(sim, { rows: toRows(1), token })).status;
}

test.for(names)('by default the %s reads and writes', async (name) => {
  const credential = credentials[name](open);
  expect([await read(open, credential), await write(open, credential)]).toEqual([200, 204]);
});

test.for([
  ['application', 401, 403],
  ['source-application', 200, 403],
  ['managed-identity', 401, 204],
] as const)('with split rights the %s gets %i from the feed and %i from ingestion', async ([name, reads, writes]) => {
  const credential = credentials[name](split);
  expect([await read(split, credential), await write(split, credential)]).toEqual([reads, writes]);
});

test('splitEnv names the second application for reading and the managed identity for writing', () => {
  expect(split.splitEnv).toEqual({
    ...split.managedIdentityEnv,
    SOURCE_CLIENT_ID: split.sourceClientId,
    SOURCE_CLIENT_SECRET: split.sourceClientSecret,
  });
  expect(split.sourceClientId).not.toBe(split.clientId);
  expect(split.sourceClientSecret).not.toBe(split.clientSecret);
});

test('each application has its own secret and certificate', async () => {
  const of = (id: string, path: string) => new ClientCertificateCredential(open.tenantId, id, path, authority(open));
  expect(await read(open, of(open.sourceClientId, open.sourceCertificatePath))).toBe(200);
  expect(await read(open, of(open.clientId, open.certificatePath))).toBe(200);
  await expect(read(open, of(open.clientId, open.sourceCertificatePath))).rejects.toThrow(/AADSTS700027/);
  const crossed = new ClientSecretCredential(open.tenantId, open.sourceClientId, open.clientSecret, authority(open));
  await expect(read(open, crossed)).rejects.toThrow(/AADSTS7000215/);
});

test('federatedEnv names a token file with which the application reads and writes', async () => {
  const path = open.federatedEnv['AZURE_FEDERATED_TOKEN_FILE'] ?? '';
  const claims = decodeJwt(await readFile(path, 'utf8'));
  expect(claims).toMatchObject({ aud: 'api://AzureADTokenExchange', tid: open.tenantId });
  expect(open.federatedEnv).not.toHaveProperty('AZURE_CLIENT_SECRET');
  const credential = new WorkloadIdentityCredential({
    tenantId: open.federatedEnv['AZURE_TENANT_ID'] ?? '',
    clientId: open.federatedEnv['AZURE_CLIENT_ID'] ?? '',
    tokenFilePath: path,
    ...authority(open),
  });
  expect([await read(open, credential), await write(open, credential)]).toEqual([200, 204]);
});

test('the files of the credentials are gone after the close', async () => {
  const sim = await started({});
  await sim.close();
  for (const path of [sim.caPath, sim.sourceCertificatePath, sim.federatedEnv['AZURE_FEDERATED_TOKEN_FILE'] ?? ''])
    await expect(readFile(path)).rejects.toThrow(/ENOENT/);
});

test('tokenSeconds is the lifetime of every access token, and ingestion refuses it afterwards', async () => {
  const sim = await start({ tokenSeconds: 1 });
  const tokens = [];
  for (const name of names) {
    for (const resource of ['https://manage.office.com', 'https://monitor.azure.com', 'https://storage.azure.com'])
      tokens.push(await tokenOf(credentials[name](sim), resource));
  }
  for (const token of tokens) {
    const { exp = 0, iat = 0 } = decodeJwt(token);
    expect(exp - iat).toBe(1);
  }
  const token = await tokenOf(credentials.application(sim), 'https://monitor.azure.com');
  expect((await send(sim, { rows: toRows(1), token })).status).toBe(204);
  await expect.poll(async () => (await send(sim, { rows: toRows(1), token })).status, { timeout: 5000 }).toBe(401);
  expect(sim.report().ingestion.unauthorized).toBeGreaterThan(0);
});

test('Azurite takes tokens for storage, of the application and of the managed identity', async () => {
  const emulator = await azurite();
  setDefaultCACertificates([...getCACertificates('default'), emulator.ca]);
  try {
    for (const name of ['application', 'managed-identity'] as const) {
      const container = new BlobServiceClient(emulator.url, credentials[name](open)).getContainerClient(name);
      await container.create();
      await container.getBlockBlobClient('checkpoint').upload('{}', 2);
      const { contentLength } = await container.getBlockBlobClient('checkpoint').getProperties();
      expect(contentLength).toBe(2);
    }
  } finally {
    await emulator.close();
  }
});
