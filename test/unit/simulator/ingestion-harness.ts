/** Calls to the simulated Logs Ingestion API: raw ones, and with Microsoft's client. */
import { request } from 'node:https';
import { gzipSync } from 'node:zlib';
import { ClientSecretCredential } from '@azure/identity';
import { LogsIngestionClient } from '@azure/monitor-ingestion';
import type { Streams } from '../../../simulator/server/streams.ts';
import type { Simulator } from '../../../simulator/simulator.ts';
import { accessToken, blob, hourMs, json, now } from './server-harness.ts';

/** A small rule: the audit table's name with a column of each type. */
export const streams: Streams = {
  'Custom-CopilotAudit_CL': [
    { name: 'TimeGenerated', type: 'datetime' },
    { name: 'RecordId', type: 'string' },
    { name: 'Text', type: 'string' },
    { name: 'Small', type: 'int' },
    { name: 'Large', type: 'long' },
    { name: 'Share', type: 'real' },
    { name: 'IsTest', type: 'boolean' },
    { name: 'When', type: 'datetime' },
    { name: 'Data', type: 'dynamic' },
  ],
  'Custom-Other_CL': [
    { name: 'TimeGenerated', type: 'datetime' },
    { name: 'Text', type: 'string' },
  ],
};

export const audit = 'Custom-CopilotAudit_CL';
export const table = 'CopilotAudit_CL';

/** Names the blobs' ids that a client of the feed would have. */
export const someBlobs = (count: number) =>
  Array.from({ length: count }, (_, index) => blob(index + 1, now - (count - index) * 0.1 * hourMs));

export const toRows = (count: number, more: Readonly<Record<string, unknown>> = {}) =>
  Array.from({ length: count }, (_, index) => ({
    TimeGenerated: new Date().toISOString(),
    RecordId: `0b10b000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`,
    ...more,
  }));

export interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface SendOptions {
  readonly rows?: unknown;
  readonly body?: Buffer | string;
  readonly gzip?: true;
  readonly token?: string;
  readonly path?: string;
  readonly stream?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const publisherToken = (sim: Simulator, host = 'https://monitor.azure.com'): Promise<string> =>
  accessToken(sim, { scope: `${host}/.default` });

const tokens = new WeakMap<Simulator, Promise<string>>();

/** One raw request; rejects when the connection breaks before an answer. */
export async function send(sim: Simulator, options: SendOptions): Promise<Sent> {
  if (options.token === undefined && !tokens.has(sim)) tokens.set(sim, publisherToken(sim));
  const token = options.token ?? (await tokens.get(sim));
  const path =
    options.path ??
    `/dataCollectionRules/${sim.immutableId}/streams/${options.stream ?? audit}?api%2Dversion=2023-01-01`;
  const plain = Buffer.from(options.body ?? JSON.stringify(options.rows));
  const body = options.gzip ? gzipSync(plain) : plain;
  const headers = {
    'Content-Type': 'application/json',
    ...(token !== '' && { Authorization: `Bearer ${token}` }),
    ...(options.gzip && { 'Content-Encoding': 'gzip' }),
    'Content-Length': body.length,
    ...options.headers,
  };
  return new Promise((resolve, reject) => {
    const sent = request(
      `${sim.ingestionUrl}${path}`,
      { method: options.method ?? 'POST', ca: sim.ca, headers, agent: false },
      (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('end', () =>
          resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(chunks).toString() }),
        );
        res.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Status, error code of the body and error code of the header. */
export function problem({ status, headers, body }: Sent): readonly unknown[] {
  return [status, json<{ error?: { code?: string } }>(body).error?.code, headers['x-ms-error-code']];
}

/** Microsoft's client, which gzips. Waits between retries are kept short. */
export function sdkClient(sim: Simulator): LogsIngestionClient {
  const trust = { tlsOptions: { ca: sim.ca } };
  const credential = new ClientSecretCredential(sim.tenantId, sim.clientId, sim.clientSecret, {
    authorityHost: sim.url,
    disableInstanceDiscovery: true,
    ...trust,
  });
  return new LogsIngestionClient(sim.ingestionUrl, credential, {
    ...trust,
    retryOptions: { maxRetries: 5, retryDelayInMs: 1, maxRetryDelayInMs: 5 },
  });
}
