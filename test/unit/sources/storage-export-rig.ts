/** Azurite with tokens, a proxy in front of it that fails on demand, and containers to put exports into. */
import { randomUUID } from 'node:crypto';
import tls from 'node:tls';
import { type AppendBlobClient, ContainerClient } from '@azure/storage-blob';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { toExportAddresses } from '../../../collector/sources/storage-export/address.ts';
import { exportContainer } from '../../../collector/sources/storage-export/blobs.ts';
import { storageExport, type StorageExportOptions } from '../../../collector/sources/storage-export/storage-export.ts';
import type { Source } from '../../../collector/contracts.ts';
import { azurite, type Azurite } from '../../azurite.ts';
import { storageProxy, type StorageProxy } from '../../storage-proxy.ts';

export const idOf = (number: number): string => `0e0e0e0e-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** A Copilot record as it is audited. */
export const record = (number: number): string =>
  JSON.stringify({
    Id: idOf(number),
    CreationTime: '2026-11-18T09:00:00',
    RecordType: 261,
    Operation: 'CopilotInteraction',
    Workload: 'Copilot',
  });

/** The same as a row that Defender XDR streams. */
export const row = (number: number): string =>
  JSON.stringify({
    time: '2026-11-18T10:02:00.1234567Z',
    tenantId: 'c0ffee00-0000-4000-8000-000000000001',
    operationName: 'Publish',
    category: 'AdvancedHunting-CloudAppEvents',
    properties: { ActionType: 'CopilotInteraction', Application: 'Copilot', RawEventData: JSON.parse(record(number)) },
  });

/** The path of an hour's blob. */
export const pathOf = (hour: number): string =>
  `tenantId=c0ffee00-0000-4000-8000-000000000001/y=2026/m=11/d=18/h=${String(hour).padStart(2, '0')}/m=00/PT1H.json`;

/** A container of its own. */
export interface Dump {
  readonly name: string;
  readonly url: string;
  readonly source: (options?: Partial<StorageExportOptions>) => Source;
  /** Puts a whole file. */
  readonly put: (name: string, bytes: string | Buffer) => Promise<void>;
  /** Appends to a blob, which is made when it is missing. */
  readonly append: (name: string, bytes: string | Buffer) => Promise<void>;
  readonly remove: (name: string) => Promise<void>;
}

/** What a test file needs; made before its tests and closed after them. */
export interface ExportRig {
  readonly proxy: StorageProxy;
  readonly dump: () => Promise<Dump>;
  readonly sourceOf: (urls: readonly string[], options?: Partial<StorageExportOptions>) => Source;
  readonly url: () => string;
}

/** Registers with vitest what starts and ends it all. */
export function exportRig(): ExportRig {
  let storage: Azurite;
  let proxy: StorageProxy;
  beforeAll(async () => {
    storage = await azurite();
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), storage.ca]);
    proxy = await storageProxy(storage);
  });
  afterEach(() => proxy.decide(() => ({ kind: 'pass' })));
  afterAll(async () => {
    await proxy.close();
    await storage.close();
  });

  const sourceOf: ExportRig['sourceOf'] = (urls, options = {}) => {
    const containers = toExportAddresses(urls).map((address) =>
      exportContainer({ address, credential: storage.credential, retryDelayMs: 5 }),
    );
    return storageExport({ containers, positionEveryMs: 0, pollSeconds: 0, now: Date.now, ...options });
  };

  async function dump(): Promise<Dump> {
    const name = `dump-${randomUUID()}`;
    const client = new ContainerClient(await storage.container(name), storage.credential);
    const url = `${proxy.url}/${name}`;
    const blobs = new Map<string, AppendBlobClient>();
    return {
      name,
      url,
      source: (options) => sourceOf([url], options),
      put: async (blob, bytes) => {
        await client.getBlockBlobClient(blob).upload(bytes, Buffer.byteLength(bytes));
      },
      append: async (blob, bytes) => {
        const appended = blobs.get(blob) ?? client.getAppendBlobClient(blob);
        if (!blobs.has(blob)) await appended.create();
        blobs.set(blob, appended);
        if (bytes.length > 0) await appended.appendBlock(bytes, Buffer.byteLength(bytes));
      },
      remove: async (blob) => {
        blobs.delete(blob);
        await client.deleteBlob(blob);
      },
    };
  }

  return {
    get proxy() {
      return proxy;
    },
    dump,
    sourceOf,
    url: () => proxy.url,
  };
}
