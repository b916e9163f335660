import { randomInt } from 'node:crypto';
import type { IdArena } from './id-arena.ts';

// A slot is 6 bits of the hash and 26 bits of entry number + 1. The hash bits spare 63 of 64 reads of the arena,
// each of which would miss the cache; without them lookups at this load are three times slower.
const entryMask = 0x03_ff_ff_ff;
const removedSlot = 0xff_ff_ff_ff;
const firstCapacity = 1024;
// Linear probing degrades above three quarters. 3 million ids fill two thirds of 4,718,592 slots (18 MB).
const fullShare = 0.75;
// From here on doubling would cost more memory than it saves time.
const largeCapacity = 1 << 21;
const growth = (capacity: number): number => (capacity < largeCapacity ? 2 : 1.5);
// Below this share of live entries the same size is enough once removed slots are gone.
const growShare = 0.72;

/** Finds entries of an arena by their key. */
export interface IdIndex {
  readonly size: number;
  has(key: Uint32Array): boolean;
  /** Points at `entry`, whose key is already in the arena and not yet in the index. */
  add(entry: number, key: Uint32Array): void;
  /** Forgets `entry`, which must still be in the arena. */
  remove(entry: number): void;
}

/** An open-addressing index over `arena`; `entries` walks all live entries when the index is built anew. */
export function idIndex(arena: IdArena, entries: () => Iterable<number>): IdIndex {
  // A seed of its own in each process: nobody can craft ids that all fall into one cluster.
  const seed = randomInt(0x7f_ff_ff_ff);
  const scratch = new Uint32Array(4);
  let slots = new Uint32Array(firstCapacity);
  let live = 0;
  let removed = 0;

  // Ids need not be random (sequential GUIDs exist): every bit of the key reaches every bit of the hash.
  const hashOf = (key: Uint32Array): number => {
    let h = seed;
    for (let i = 0; i < 4; i++) {
      h = Math.imul(h ^ (key[i] ?? 0), 0x85_eb_ca_6b);
      h ^= h >>> 15;
      h = Math.imul(h, 0xc2_b2_ae_35);
      h ^= h >>> 13;
    }
    return h;
  };

  // The high bits of the hash choose the slot, in proportion, so that any capacity will do; the low ones are its tag.
  const firstOf = (hash: number): number => Math.floor(((hash >>> 0) / 2 ** 32) * slots.length);
  const tagOf = (hash: number): number => (hash << 26) & ~entryMask;
  const after = (at: number): number => (at + 1 === slots.length ? 0 : at + 1);

  const put = (entry: number, hash: number): void => {
    let at = firstOf(hash);
    for (let slot = slots[at] ?? 0; slot !== 0 && slot !== removedSlot; slot = slots[at] ?? 0) at = after(at);
    if (slots[at] === removedSlot) removed--;
    slots[at] = tagOf(hash) | (entry + 1);
  };

  const rebuild = (): void => {
    const isFull = live > slots.length * growShare;
    slots = new Uint32Array(isFull ? slots.length * growth(slots.length) : slots.length);
    removed = 0;
    for (const entry of entries()) {
      arena.read(entry, scratch);
      put(entry, hashOf(scratch));
    }
  };

  return {
    get size() {
      return live;
    },
    has(key) {
      const hash = hashOf(key);
      const tag = tagOf(hash);
      for (let at = firstOf(hash), slot = slots[at] ?? 0; slot !== 0; at = after(at), slot = slots[at] ?? 0) {
        if ((slot & ~entryMask) !== tag || slot === removedSlot) continue;
        if (arena.holds((slot & entryMask) - 1, key)) return true;
      }
      return false;
    },
    add(entry, key) {
      if (entry + 1 >= entryMask)
        throw new RangeError(`seen ids: more than ${entryMask - 1} ids in memory: lower the configured maximum`);
      if (live + removed + 1 > slots.length * fullShare) rebuild();
      put(entry, hashOf(key));
      live++;
    },
    remove(entry) {
      arena.read(entry, scratch);
      let at = firstOf(hashOf(scratch));
      while (slots[at] !== 0 && ((slots[at] ?? 0) & entryMask) !== entry + 1) at = after(at);
      if (slots[at] === 0) return;
      slots[at] = removedSlot;
      removed++;
      live--;
    },
  };
}
