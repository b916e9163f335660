/** A container of exports in memory: what the source reads, without a service. */
import { Readable } from 'node:stream';
import type { ExportBlob, ExportContainer } from '../../../collector/sources/storage-export/blobs.ts';
import { keyOf } from '../../../collector/sources/storage-export/place.ts';

/** A blob that is there from the beginning: one that is appended to, or a whole file. */
export interface HeldBlob {
  readonly name: string;
  readonly bytes: string | Buffer;
  readonly isAppend: boolean;
}

/** A container with these blobs, which were last written at `modifiedMs`. */
export function memoryContainer(blobs: readonly HeldBlob[], modifiedMs: number): ExportContainer {
  const url = 'https://exports.contoso.example/audit';
  const bytesOf = ({ bytes }: HeldBlob): Buffer => Buffer.from(bytes);
  const listed = blobs.map((blob): readonly [ExportBlob, HeldBlob] => {
    const id = `${url}/${blob.name}`;
    const { name, isAppend } = blob;
    const { length } = bytesOf(blob);
    return [
      { id, key: keyOf(id, modifiedMs), name, isAppend, length, etag: `0x${length}`, isArchived: false, modifiedMs },
      blob,
    ];
  });
  return {
    url,
    async *list() {
      for (const [blob] of listed) yield blob;
    },
    async open({ id }, { offset, count }) {
      const found = listed.find(([blob]) => blob.id === id)?.[1];
      if (found === undefined) return { ok: false, reason: 'no such blob' };
      const bytes = bytesOf(found).subarray(offset, count === undefined ? undefined : offset + count);
      return { ok: true, bytes: Readable.from([bytes]), etag: `0x${bytesOf(found).length}` };
    },
  };
}
