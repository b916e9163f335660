/** Azurite, a proxy in front of it that fails on demand, and places that are closed after each test. */
import { randomUUID } from 'node:crypto';
import tls from 'node:tls';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { blobPlace } from '../../../collector/state/blob-place.ts';
import type { CollectorState } from '../../../collector/state/held-state.ts';
import type { Place } from '../../../collector/state/place.ts';
import { state, type State } from '../../../collector/state/state.ts';
import { azurite, type Azurite } from '../../azurite.ts';
import { blobBench, type Bench } from './bench.ts';
import { storageProxy, type Fate, type StorageCall, type StorageProxy } from '../../storage-proxy.ts';

export const hour = 497_000;
export const segment = `records/${new Date(hour * 3_600_000).toISOString().slice(0, 13)}.ids`;
export const pass: Fate = { kind: 'pass' };
export type Options = Partial<Parameters<typeof blobPlace>[0]>;

/** A container of its own, and places in it. */
export interface Rig {
  readonly container: string;
  readonly bench: Bench;
  /** A place behind the proxy, closed after the test. */
  readonly place: (options?: Options) => Place;
}

/** What a test file needs; made before its tests and closed after them. */
export interface BlobRig {
  readonly storage: Azurite;
  readonly proxy: StorageProxy;
  readonly rig: () => Promise<Rig>;
  readonly freshBench: () => Promise<Bench>;
  /** The first requests that match, `times` of them, meet this fate. */
  readonly once: (matches: (seen: StorageCall) => boolean, fate: Fate, times?: number) => void;
}

export const opened = async (place: Place): Promise<{ store: State; held: CollectorState }> => {
  const store = state(place);
  return { store, held: await store.load() };
};

/** Registers with vitest what starts and ends it all; its parts exist once the first test runs. */
export function blobRig(): BlobRig {
  let storage: Azurite;
  let proxy: StorageProxy;
  const closing: Place[] = [];

  beforeAll(async () => {
    storage = await azurite();
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), storage.ca]);
    proxy = await storageProxy(storage);
  });
  afterAll(async () => {
    await proxy.close();
    await storage.close();
  });
  afterEach(async () => {
    proxy.decide(() => pass);
    await Promise.all(closing.splice(0).map((place) => place.close()));
  });

  return {
    get storage() {
      return storage;
    },
    get proxy() {
      return proxy;
    },
    async rig() {
      const container = `c-${randomUUID()}`;
      const url = await storage.container(container);
      return {
        container,
        bench: blobBench(storage, url, 'state'),
        place: (options) => {
          const place = blobPlace({
            containerUrl: `${proxy.url}/${container}/state`,
            credential: storage.credential,
            retryDelayMs: 1,
            ...options,
          });
          closing.push(place);
          return place;
        },
      };
    },
    freshBench: async () => blobBench(storage, await storage.container(`c-${randomUUID()}`), 'tenants/contoso ä'),
    once(matches, fate, times = 1) {
      let left = times;
      proxy.decide((seen) => (matches(seen) && left-- > 0 ? fate : pass));
    },
  };
}
