/** Entries are handed out in blocks of this many, so that an hour with a single id costs 1 KB and not more. */
export const blockEntries = 64;

/** Bytes of an entry: a 128-bit key. */
export const entryBytes = 16;

// 1 MB. Slabs are never copied: growth costs one slab, where a doubling array would briefly need three times its size.
const slabEntries = 65_536;

/** Storage of 128-bit keys by entry number; freed blocks are used again. */
export interface IdArena {
  /** Number of the first entry of a block of `blockEntries`. */
  allot(): number;
  /** Gives back the block that starts at this entry. */
  release(firstEntry: number): void;
  write(entry: number, key: Uint32Array): void;
  read(entry: number, key: Uint32Array): void;
  holds(entry: number, key: Uint32Array): boolean;
  /** A view, not a copy, of `count` entries inside one block. */
  bytes(entry: number, count: number): Uint8Array;
}

/** An empty arena. Words are in the byte order of the machine, which is little-endian wherever Node 24 is built for. */
export function idArena(): IdArena {
  const slabs: Uint32Array<ArrayBuffer>[] = [];
  const free: number[] = [];
  let end = 0;

  const slabOf = (entry: number): Uint32Array<ArrayBuffer> => {
    const slab = slabs[Math.trunc(entry / slabEntries)];
    if (slab === undefined) throw new RangeError(`seen ids: entry ${entry} of ${end} does not exist`);
    return slab;
  };
  const at = (entry: number): number => (entry % slabEntries) * 4;

  return {
    allot() {
      const reused = free.pop();
      if (reused !== undefined) return reused;
      if (end % slabEntries === 0) slabs.push(new Uint32Array(slabEntries * 4));
      end += blockEntries;
      return end - blockEntries;
    },
    release: (firstEntry) => void free.push(firstEntry),
    write(entry, key) {
      slabOf(entry).set(key, at(entry));
    },
    read(entry, key) {
      const slab = slabOf(entry);
      const word = at(entry);
      for (let i = 0; i < 4; i++) key[i] = slab[word + i] ?? 0;
    },
    holds(entry, key) {
      const slab = slabOf(entry);
      const word = at(entry);
      return (
        slab[word] === key[0] && slab[word + 1] === key[1] && slab[word + 2] === key[2] && slab[word + 3] === key[3]
      );
    },
    bytes: (entry, count) =>
      new Uint8Array(slabOf(entry).buffer, (entry % slabEntries) * entryBytes, count * entryBytes),
  };
}
