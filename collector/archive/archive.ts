/** Raw copies of the records that the collector has selected. */
import { promisify } from 'node:util';
import { gzip as gzipCallback } from 'node:zlib';
import { type ArchivedRecord, toLine } from './archived-record.ts';
import { type ArchivePlace, objectName } from './place.ts';

// Small enough for one request and for memory, large enough that half a year of backlog makes thousands of objects.
const OBJECT_BYTES = 4 << 20;

const gzip = promisify(gzipCallback);

/** Takes records before the position moves past them. */
export interface Archive {
  /** Compresses records, and writes when an object is full; at most a few megabytes of them wait. */
  add(records: readonly ArchivedRecord[], signal: AbortSignal): Promise<void>;
  /** Resolves when all is durable whose `add` has resolved. Rejects when that is not known: then it must be added again. */
  save(signal: AbortSignal): Promise<void>;
  /** Forgets what was added and not written: it comes again, because the position did not move. */
  discard(): void;
}

/** An archive at a place. An object is a row of gzip members, which every tool reads as one file. */
export function archive(
  place: ArchivePlace,
  options: {
    readonly now: () => number;
    readonly onStored?: (records: number) => void;
    /** Compressed bytes from which an object is written before a commit. */
    readonly objectBytes?: number;
  },
): Archive {
  const { objectBytes = OBJECT_BYTES } = options;
  let members: Buffer[] = [];
  let bytes = 0;
  let count = 0;

  async function write(signal: AbortSignal): Promise<void> {
    const object = Buffer.concat(members);
    const records = count;
    discard();
    if (object.length === 0) return;
    await place.put(objectName(object, options.now()), object, signal);
    options.onStored?.(records);
  }

  function discard(): void {
    members = [];
    bytes = 0;
    count = 0;
  }

  return {
    async add(records, signal) {
      if (records.length === 0) return;
      const member = await gzip(records.map(toLine).join(''));
      members.push(member);
      bytes += member.length;
      count += records.length;
      if (bytes >= objectBytes) await write(signal);
    },
    save: write,
    discard,
  };
}
