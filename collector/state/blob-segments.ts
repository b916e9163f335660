import type { ContainerClient } from '@azure/storage-blob';
import type { BlobAccess } from './blob-checkpoint.ts';
import { codeOf, statusOf } from './blob-error.ts';
import { segmentFile, segmentFolder, type Place, type StoredSegment } from './place.ts';

// The limit of Append Block before API version 2022-11-02, which an account or an emulator may still have.
const blockBytes = 4 << 20;

interface SegmentsOptions extends BlobAccess {
  /** How errors name the place. */
  readonly name: string;
  /** What names of blobs begin with. */
  readonly prefix: string;
  readonly client: ContainerClient;
}

/** Segments as append blobs. */
export interface BlobSegments extends Pick<Place, 'read' | 'append' | 'list' | 'remove'> {
  /** To be called when the lease is new: nothing is known of any blob. */
  readonly forget: () => void;
}

/** The segments of a place. */
export function blobSegments({ name, prefix, client, held, at }: SegmentsOptions): BlobSegments {
  // By segment: the ETag that it had when this process last saw or changed it as the owner. Missing while in doubt.
  const etags = new Map<string, string>();
  const urlOf = (segment: string): string => `${name}/${segment}`;

  function note(segment: string, etag: string | undefined): void {
    if (etag === undefined) etags.delete(segment);
    // Listings have it without the quotes that a condition needs.
    else etags.set(segment, etag.startsWith('"') ? etag : `"${etag}"`);
  }

  /** The ETag of a segment whose last append failed; undefined when it does not exist. */
  function look(segment: string): Promise<string | undefined> {
    return at(urlOf(segment), async (abortSignal) => {
      try {
        return (await client.getBlobClient(`${prefix}${segment}`).getProperties({ abortSignal })).etag;
      } catch (error) {
        if (codeOf(error) === 'BlobNotFound') return undefined;
        throw error;
      }
    });
  }

  async function segmentsOf(folder: string, abortSignal: AbortSignal): Promise<readonly StoredSegment[]> {
    const found: StoredSegment[] = [];
    for await (const item of client.listBlobsByHierarchy('/', { prefix: `${prefix}${folder}/`, abortSignal })) {
      const file = item.name.slice(prefix.length + folder.length + 1);
      if (item.kind !== 'blob' || !segmentFile.test(file)) continue;
      const segment = `${folder}/${file}`;
      note(segment, item.properties.etag);
      found.push({ name: segment, length: item.properties.contentLength ?? 0 });
    }
    return found;
  }

  return {
    read: (segment, offset, into) =>
      at(urlOf(segment), async (abortSignal) => {
        if (into.length === 0) return 0;
        try {
          const blob = client.getBlobClient(`${prefix}${segment}`);
          const { readableStreamBody = [] } = await blob.download(offset, into.length, { abortSignal });
          let done = 0;
          for await (const chunk of readableStreamBody) {
            const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
            into.set(bytes, done);
            done += bytes.length;
          }
          return done;
        } catch (error) {
          // It ends before the offset.
          if (statusOf(error) === 416) return 0;
          throw error;
        }
      }),
    append: async (segment, offset, bytes) => {
      const blob = client.getAppendBlobClient(`${prefix}${segment}`);
      let etag = etags.get(segment);
      etags.delete(segment);
      held();
      // A try that is repeated although it did happen fails on its own condition: the segment is then in doubt, never torn.
      if (offset === 0)
        ({ etag } = await at(urlOf(segment), (abortSignal) =>
          blob.create({ abortSignal, conditions: { ifNoneMatch: '*' } }),
        ));
      for (let from = 0; from < bytes.length; from += blockBytes) {
        held();
        const block = bytes.subarray(from, from + blockBytes);
        ({ etag } = await at(urlOf(segment), (abortSignal) =>
          blob.appendBlock(block, block.length, { abortSignal, conditions: { appendPosition: offset + from } }),
        ));
      }
      note(segment, etag);
    },
    list: () =>
      at(name, async (abortSignal) => {
        const segments: StoredSegment[] = [];
        for await (const item of client.listBlobsByHierarchy('/', { prefix, abortSignal })) {
          const folder = item.name.slice(prefix.length, -1);
          if (item.kind === 'prefix' && segmentFolder.test(folder))
            segments.push(...(await segmentsOf(folder, abortSignal)));
        }
        return segments;
      }),
    remove: async (segment) => {
      const lease = held();
      let etag = etags.get(segment);
      if (etag === undefined) {
        etag = await look(segment);
        if (etag === undefined) return;
        // What was seen is nobody else's only if it was seen by the owner.
        await lease.confirm();
      }
      // Should this process be stopped here, the ETag protects what another owner may make under the same name.
      await at(urlOf(segment), async (abortSignal) => {
        try {
          await client.getBlobClient(`${prefix}${segment}`).delete({ abortSignal, conditions: { ifMatch: etag } });
        } catch (error) {
          if (codeOf(error) === 'BlobNotFound') return;
          if (statusOf(error) === 412) etags.delete(segment);
          throw error;
        }
      });
      etags.delete(segment);
    },
    forget: () => etags.clear(),
  };
}
