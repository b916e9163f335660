import { randomUUID } from 'node:crypto';
import type { TokenCredential } from '@azure/core-auth';
import { ContainerClient } from '@azure/storage-blob';
import { blobCheckpoint } from './blob-checkpoint.ts';
import { blobError } from './blob-error.ts';
import { blobLease, type BlobLease } from './blob-lease.ts';
import { blobSegments } from './blob-segments.ts';
import { toContainerAddress } from './container-address.ts';
import { checkpointName, type Place } from './place.ts';

interface BlobPlaceOptions {
  /** `https://<account>.blob.core.windows.net/<container>[/<folder>...]`; see `toContainerAddress`. */
  readonly containerUrl: string;
  /** Asked for https://storage.azure.com/.default. */
  readonly credential: TokenCredential;
  /** How long the place stays closed to others after this process has died: 15 to 60, the service's limits. */
  readonly leaseSeconds?: number;
  readonly renewEveryMs?: number;
  /** Deadline of one operation with all its tries. */
  readonly timeoutMs?: number;
  /** Before the second try of a request that failed on its way; doubled for each further one. */
  readonly retryDelayMs?: number;
  /** Told of trouble that nobody waits for: renewals that are tried again, a lease that could not be released. */
  readonly onTrouble?: (error: Error) => void;
  /** Milliseconds of a clock that only goes forward, also while the process is stopped. */
  readonly now?: () => number;
}

/**
 * State in a container of Azure Blob Storage, or in a folder of one, for one process at a time: who has the lease of the
 * checkpoint is the writer. Throws when the URL is none of a container.
 */
export function blobPlace(options: BlobPlaceOptions): Place {
  const { credential, leaseSeconds = 60, renewEveryMs = 20_000, timeoutMs = 60_000, retryDelayMs = 1000 } = options;
  const { onTrouble = () => undefined, now = () => performance.now() } = options;
  const { container, prefix } = toContainerAddress(options.containerUrl);
  const name = `${container}/${prefix}`.slice(0, -1);
  const url = `${name}/${checkpointName}`;

  const clientOf = (maxTries: number): ContainerClient =>
    new ContainerClient(container, credential, {
      // The service gives up after half the deadline; who hangs up is our own signal, the SDK has none for a try.
      retryOptions: { maxTries, retryDelayInMs: retryDelayMs, tryTimeoutInMs: timeoutMs / 2 },
    });
  const client = clientOf(4);
  const oneTry = clientOf(1);
  const checkpointOf = (of: ContainerClient) => of.getBlockBlobClient(`${prefix}${checkpointName}`);
  let lease: BlobLease | undefined;

  /** The lease that this process holds, as far as it can know; throws otherwise. */
  function held(): BlobLease {
    if (lease === undefined) throw new Error(`state: ${name} is not open: call open() first`);
    lease.check();
    return lease;
  }

  /** Within the deadline; says which blob failed, why, and what to do. */
  async function at<T>(blobUrl: string, act: (abortSignal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await act(AbortSignal.timeout(timeoutMs));
    } catch (error) {
      throw blobError(blobUrl, error);
    }
  }

  const parts = { name, prefix, client, held, at };
  const checkpoint = blobCheckpoint({ ...parts, blob: checkpointOf(client), url });
  const segments = blobSegments(parts);

  function take(): Promise<BlobLease> {
    const id = randomUUID();
    const taker = checkpointOf(client).getBlobLeaseClient(id);
    const keeper = checkpointOf(oneTry).getBlobLeaseClient(id);
    const { make } = checkpoint;
    return blobLease({ url, make, taker, keeper, seconds: leaseSeconds, renewEveryMs, timeoutMs, now, onTrouble });
  }

  return {
    name,
    async open() {
      if (lease !== undefined) throw new Error(`state: ${name} is open already: call close() first`);
      lease = await take();
      checkpoint.forget();
      segments.forget();
      return lease.lost;
    },
    readCheckpoint: checkpoint.read,
    replaceCheckpoint: checkpoint.replace,
    read: segments.read,
    append: segments.append,
    list: segments.list,
    remove: segments.remove,
    async close() {
      const last = lease;
      lease = undefined;
      await last?.release();
    },
  };
}
