/** Containers of exports in Azure Blob Storage: the only place of this source that knows the client. */
import { Readable } from 'node:stream';
import type { TokenCredential } from '@azure/core-auth';
import { ContainerClient } from '@azure/storage-blob';
import { SourceError } from '../../contracts.ts';
import type { ExportAddress } from './address.ts';
import { keyOf } from './place.ts';
import { codeOf, statusOf, toProblem } from './storage-error.ts';

/** A blob as it was listed. */
export interface ExportBlob {
  /** Its URL, without query. */
  readonly id: string;
  /** Its name in the cursor. */
  readonly key: string;
  readonly name: string;
  /** Append blobs keep the bytes they have and get more; all others change as a whole. */
  readonly isAppend: boolean;
  readonly length: number;
  readonly etag: string;
  /** It cannot be read before it is brought back to another tier. */
  readonly isArchived: boolean;
  readonly modifiedMs: number;
}

/** The bytes of a blob; or why it will not give them, whoever asks. */
export type Opened =
  | { readonly ok: true; readonly bytes: Readable; readonly etag: string }
  | { readonly ok: false; readonly reason: string };

/** A container, or a folder of one. */
export interface ExportContainer {
  readonly url: string;
  /** Its blobs, by name; none while the container does not exist. Throws a SourceError. */
  list(signal: AbortSignal): AsyncIterable<ExportBlob>;
  /** The bytes from `offset`, at most `count` of them. Throws a SourceError. */
  open(blob: ExportBlob, range: { offset: number; count?: number }, signal: AbortSignal): Promise<Opened>;
}

/** How a container is reached. */
export interface ExportContainerOptions {
  readonly address: ExportAddress;
  /** Asked for https://storage.azure.com/.default. */
  readonly credential: TokenCredential;
  /** Before the second try of a request that failed on its way; doubled for each further one. */
  readonly retryDelayMs?: number;
  /** Deadline of one try. */
  readonly timeoutMs?: number;
}

/** A container behind the client; makes no call. */
export function exportContainer(options: ExportContainerOptions): ExportContainer {
  const { address, credential, retryDelayMs = 1000, timeoutMs = 30_000 } = options;
  const { container: url, prefix } = address;
  const client = new ContainerClient(url, credential, {
    retryOptions: { maxTries: 4, retryDelayInMs: retryDelayMs, tryTimeoutInMs: timeoutMs },
  });

  async function* list(signal: AbortSignal): AsyncGenerator<ExportBlob, void> {
    try {
      for await (const { name, properties } of client.listBlobsFlat({ prefix, abortSignal: signal })) {
        const id = `${url}/${name}`;
        const isArchived = properties.accessTier === 'Archive';
        yield {
          id,
          key: keyOf(id, properties.createdOn?.getTime() ?? 0),
          name,
          isAppend: properties.blobType === 'AppendBlob',
          length: properties.contentLength ?? 0,
          // Its tier changes without a new ETag, and then it can be read.
          etag: unquoted(properties.etag) + (isArchived ? ' archived' : ''),
          isArchived,
          modifiedMs: properties.lastModified.getTime(),
        };
      }
    } catch (error) {
      signal.throwIfAborted();
      // Producers make it when they first write.
      if (codeOf(error) === 'ContainerNotFound') return;
      throw new SourceError(toProblem(url, error));
    }
  }

  return {
    url,
    list,
    async open({ id, name, etag }, { offset, count }, signal) {
      try {
        const answer = await client.getBlobClient(name).download(offset, count, { abortSignal: signal });
        const { readableStreamBody: bytes } = answer;
        if (!(bytes instanceof Readable)) throw new Error('the answer has no body');
        return { ok: true, bytes, etag: unquoted(answer.etag ?? etag) };
      } catch (error) {
        signal.throwIfAborted();
        const status = statusOf(error);
        const isLost = status === 404 || status === 416 || codeOf(error)?.startsWith('Blob') === true;
        if (!isLost) throw new SourceError(toProblem(id, error));
        return { ok: false, reason: status === 404 ? 'it was deleted before it was read' : toProblem(id, error) };
      }
    },
  };
}

// Listings have it without the quotes that answers have.
const unquoted = (etag: string): string => etag.replace(/^"(.*)"$/, '$1');
