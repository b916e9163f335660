/** Bench of the source `storage-export`: the collector, a client that only downloads, and decoding without a network. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';
import { ContainerClient } from '@azure/storage-blob';
import { z } from 'zod';
import { isCopilotRecord } from '../../collector/records/is-copilot-record.ts';
import { readLines } from '../../collector/sources/storage-export/read-lines.ts';
import { rowsOf } from '../../collector/sources/storage-export/rows.ts';
import { azurite, type Azurite, storageToken } from '../azurite.ts';
import { exportRow } from './export-rows.ts';
import { collectOnce, inTemporaryDirectory } from './feed-bench.ts';
import { measuredProcess } from './measured-process.ts';

const BLOBS = 12;
const BLOCKS_PER_BLOB = 10;
// An append takes 4 MiB at most.
const BLOCK_BYTES = 4_000_000;
const CONTAINER = 'insights-logs-advancedhunting-cloudappevents';

type Figures = Readonly<Record<string, string | number>>;
const round = (value: number, digits = 0): number => Number(value.toFixed(digits));
const perSecond = (bytes: number, seconds: number): number => round(bytes / 1e6 / seconds);

/** Blocks of whole rows, each row another, as long as an append may be. */
function* blocks(): Generator<Buffer, void> {
  let rows: string[] = [];
  let bytes = 0;
  for (let number = 0; ; number++) {
    const row = exportRow(number);
    if (bytes + row.length > BLOCK_BYTES) {
      yield Buffer.from(rows.join(''));
      rows = [];
      bytes = 0;
    }
    rows.push(row);
    bytes += row.length;
  }
}

/** Fills the container; the answer is how many bytes it holds. */
async function fill(store: Azurite): Promise<number> {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), store.ca]);
  const container = new ContainerClient(await store.container(CONTAINER), store.credential);
  const source = blocks();
  let total = 0;
  for (let hour = 0; hour < BLOBS; hour++) {
    const name = `tenantId=t/y=2026/m=11/d=18/h=${String(hour).padStart(2, '0')}/m=00/PT1H.json`;
    const blob = container.getAppendBlobClient(name);
    await blob.create();
    for (let block = 0; block < BLOCKS_PER_BLOB; block++) {
      const { value } = source.next();
      if (value === undefined) return total;
      await blob.appendBlock(value, value.length);
      total += value.length;
    }
  }
  return total;
}

/** A managed identity, as Azure offers it to a container. */
async function identity() {
  const server = createServer((_, response) => {
    const expires = String(Math.floor(Date.now() / 1000) + 3600);
    const answer = { access_token: storageToken(), expires_on: expires, resource: 'storage', token_type: 'Bearer' };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { base: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/** Decoding alone: bytes that one second of CPU reads. */
async function decoding(): Promise<number> {
  const source = blocks();
  const held = Array.from({ length: 5 }, () => source.next().value ?? Buffer.alloc(0));
  async function* chunks() {
    for (const block of held) for (let at = 0; at < block.length; at += 16_384) yield block.subarray(at, at + 16_384);
  }
  const pass = async (): Promise<number> => {
    const before = process.cpuUsage();
    for await (const { elements } of readLines(chunks(), { rows: rowsOf('auto'), tail: 'wait' }))
      for (const element of elements) void (element.ok && isCopilotRecord(element.value));
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  };
  await pass();
  await pass();
  return held.reduce((sum, { length }) => sum + length, 0) / (await pass());
}

const seconds = z.object({ seconds: z.number() });
const clients = [
  ['SDK download alone', 'blob-client.ts'],
  ['the source', 'export-client.ts'],
] as const;

/** What the source reads from Azurite's disk, beside what Azurite gives to a client that only reads. */
export async function exportFigures(): Promise<readonly Figures[]> {
  const store = await azurite('disk');
  const msi = await identity();
  try {
    const bytes = await fill(store);
    const url = `${store.url}/${CONTAINER}`;
    const common = { MB: round(bytes / 1e6), blobs: BLOBS, load: round(loadavg()[0] ?? 0, 1) };
    const trust = { NODE_EXTRA_CA_CERTS: store.caFile };
    const figures: Figures[] = [];
    for (const concurrency of ['1', '4'])
      for (const [name, file] of clients) {
        const script = fileURLToPath(new URL(file, import.meta.url));
        const run = await measuredProcess([script, url, concurrency], trust);
        figures.push({
          bench: `storage-export: ${name}, ${concurrency} at once`,
          ...common,
          'MB/s': perSecond(bytes, seconds.parse(JSON.parse(run.stdout)).seconds),
          'CPU s': round(run.cpuSeconds, 1),
          'peak MiB': round(run.peakMiB),
        });
      }
    await inTemporaryDirectory(async (directory) => {
      const env = {
        ...trust,
        SOURCES: 'storage-export',
        STORAGE_EXPORT_URL: url,
        INGESTION_URL: join(directory, 'rows'),
      };
      const run = await collectOnce(msi.base, directory, { env });
      figures.push({
        bench: 'storage-export: collect once, from start to end',
        ...common,
        'MB/s': perSecond(bytes, run.seconds),
        'CPU s': round(run.cpuSeconds, 1),
        'peak MiB': round(run.peakMiB),
        rows: run.seen,
        'rows stored': run.accepted,
      });
    });
    figures.push({ bench: 'storage-export: decoding alone, per CPU second', 'MB/s': round((await decoding()) / 1e6) });
    return figures;
  } finally {
    msi.close();
    await store.close();
  }
}
