import type { TokenCredential } from '@azure/core-auth';
import { type BlobClient, ContainerClient } from '@azure/storage-blob';
import { blobError, codeOf, statusOf } from '../state/blob-error.ts';
import { toContainerAddress } from '../state/container-address.ts';
import { ArchiveError, type ArchivePlace, objectsOf } from './place.ts';

interface BlobArchiveOptions {
  /** `https://<account>.blob.core.windows.net/<container>[/<folder>...]`; see `toContainerAddress`. */
  readonly containerUrl: string;
  /** Asked for https://storage.azure.com/.default. */
  readonly credential: TokenCredential;
  /** Deadline of one write or listing with all its tries. */
  readonly timeoutMs?: number;
  /** Before the second try of a request that failed on its way; doubled for each further one. */
  readonly retryDelayMs?: number;
}

/**
 * An archive in a container of Azure Blob Storage, or in a folder of one. Objects are block blobs, written by one request
 * that fails where one exists: what a retention policy on the container protects is never touched.
 */
export function blobArchive(options: BlobArchiveOptions): ArchivePlace {
  const { credential, timeoutMs = 60_000, retryDelayMs = 1000 } = options;
  const { container, prefix } = toContainerAddress(options.containerUrl);
  const place = `${container}/${prefix}`.slice(0, -1);
  const client = new ContainerClient(container, credential, {
    retryOptions: { maxTries: 4, retryDelayInMs: retryDelayMs, tryTimeoutInMs: timeoutMs / 2 },
  });

  async function at<T>(url: string, signal: AbortSignal, act: (abortSignal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await act(AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
    } catch (error) {
      signal.throwIfAborted();
      throw failed(url, error);
    }
  }

  async function* read(name: string, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    try {
      const blob = client.getBlobClient(`${prefix}${name}`);
      const { readableStreamBody = [] } = await blob.download(0, undefined, {
        abortSignal: signal,
        maxRetryRequests: 3,
      });
      for await (const chunk of readableStreamBody) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    } catch (error) {
      signal.throwIfAborted();
      throw failed(`${place}/${name}`, error);
    }
  }

  return {
    name: place,
    put: (name, bytes, signal) =>
      at(`${place}/${name}`, signal, async (abortSignal) => {
        const blob = client.getBlockBlobClient(`${prefix}${name}`);
        try {
          await blob.upload(bytes, bytes.length, {
            abortSignal,
            conditions: { ifNoneMatch: '*' },
            blobHTTPHeaders: { blobContentType: 'application/gzip' },
          });
        } catch (error) {
          // A try that came through although its answer did not. Looked at, because a policy may forbid other things.
          if (!['BlobAlreadyExists', 'BlobImmutableDueToPolicy'].includes(codeOf(error) ?? '')) throw error;
          if ((await lengthOf(blob, abortSignal)) !== bytes.length) throw error;
        }
      }),
    list: (signal) =>
      at(place, signal, async () => {
        const names: string[] = [];
        // Without the deadline: years of an archive are many pages.
        for await (const { name } of client.listBlobsFlat({ prefix, abortSignal: signal }))
          names.push(name.slice(prefix.length));
        return objectsOf(names);
      }),
    read,
  };
}

/** Bytes of a blob; undefined where there is none. */
async function lengthOf(blob: BlobClient, abortSignal: AbortSignal): Promise<number | undefined> {
  try {
    return (await blob.getProperties({ abortSignal })).contentLength;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

const failed = (url: string, error: unknown): ArchiveError => {
  const { message, cause } = blobError(url, error, { subject: 'archive', setting: 'ARCHIVE_URL' });
  return new ArchiveError(message, { cause });
};
