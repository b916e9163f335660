import { buffer } from 'node:stream/consumers';
import type { BlockBlobClient } from '@azure/storage-blob';
import { codeOf, statusOf } from './blob-error.ts';
import { refused, type BlobLease } from './blob-lease.ts';
import { TakenError, type Place } from './place.ts';

/** What the parts of a place in Blob Storage share. */
export interface BlobAccess {
  /** The lease, as far as this process can know that it holds it; throws otherwise. */
  readonly held: () => BlobLease;
  /** Acts within the deadline of one operation; an error names the blob and the remedy. */
  readonly at: <T>(url: string, act: (abortSignal: AbortSignal) => Promise<T>) => Promise<T>;
}

interface CheckpointOptions extends BlobAccess {
  readonly blob: BlockBlobClient;
  readonly url: string;
}

/** The checkpoint as a block blob that only the holder of its lease can replace. An empty one says: there never was one. */
export interface BlobCheckpoint {
  /** Makes the empty one, which a lease needs; one that is there already is no error. */
  readonly make: () => Promise<void>;
  readonly read: Place['readCheckpoint'];
  readonly replace: Place['replaceCheckpoint'];
  /** To be called when the lease is new: nothing is known of the blob. */
  readonly forget: () => void;
}

/** The checkpoint at `blob`. */
export function blobCheckpoint({ blob, url, held, at }: CheckpointOptions): BlobCheckpoint {
  let etag: string | undefined;
  // Texts of replacements that failed: an answer that got lost, or a request that arrives late, may make one true.
  let attempted: string[] = [];

  async function download(abortSignal: AbortSignal): Promise<{ text: string; found: string | undefined }> {
    const answer = await blob.download(0, undefined, { abortSignal });
    const bytes = answer.readableStreamBody === undefined ? Buffer.alloc(0) : await buffer(answer.readableStreamBody);
    return { text: bytes.toString('utf8'), found: answer.etag };
  }

  /** False when the blob is not the one that we know of. */
  async function put(text: string, lease: BlobLease): Promise<boolean> {
    const bytes = Buffer.from(text);
    return at(url, async (abortSignal) => {
      try {
        const answer = await blob.upload(bytes, bytes.length, {
          abortSignal,
          conditions: { leaseId: lease.id, ...(etag !== undefined && { ifMatch: etag }) },
          blobHTTPHeaders: { blobContentType: 'application/json' },
        });
        etag = answer.etag;
        return true;
      } catch (error) {
        if (codeOf(error) === 'ConditionNotMet') return false;
        // Every other 412 and 404 is about the lease, or about a blob that is gone with it.
        if (statusOf(error) === 412 || codeOf(error) === 'BlobNotFound') lease.lose(refused(url, error));
        throw error;
      }
    });
  }

  return {
    make: () =>
      at(url, async (abortSignal) => {
        try {
          await blob.upload('', 0, { abortSignal, conditions: { ifNoneMatch: '*' } });
        } catch (error) {
          // Another process made it, or our own try did whose answer got lost. 412: and has leased it.
          if (codeOf(error) !== 'BlobAlreadyExists' && codeOf(error) !== 'LeaseIdMissing') throw error;
        }
      }),
    read: async () => {
      held();
      const { text, found } = await at(url, download);
      etag = found;
      return text === '' ? undefined : text;
    },
    replace: async (text) => {
      const lease = held();
      attempted.push(text);
      let isDone = await put(text, lease).catch((error: unknown) => {
        lease.lost.throwIfAborted();
        throw error;
      });
      if (!isDone) {
        const { text: there, found } = await at(url, download);
        isDone = there === text;
        if (attempted.includes(there)) etag = found;
        // An earlier one of ours has come true: this one follows it.
        if (!isDone && attempted.includes(there)) isDone = await put(text, held());
      }
      if (!isDone) {
        lease.lose(
          new TakenError(
            `state: ${url} was replaced by another process, nothing was saved: start only one collector on it, ` +
              'or load the state again to stand in line',
          ),
        );
        lease.lost.throwIfAborted();
      }
      attempted = [];
    },
    forget() {
      etag = undefined;
      attempted = [];
    },
  };
}
