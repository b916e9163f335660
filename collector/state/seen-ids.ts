import type { Hour } from '../contracts.ts';
import { blockEntries, entryBytes, idArena } from './id-arena.ts';
import { idIndex } from './id-index.ts';
import { writeKey } from './id-key.ts';

// Dates end at 8.64e15 ms: up to here an hour has an ISO form, which names its segment.
const hourLimit = 2 ** 31;

/** The ids of one hour. */
export interface HourOfIds {
  readonly hour: Hour;
  /** Differs when the hour was evicted and began anew: what was stored of the old one is not part of it. */
  readonly serial: number;
  readonly count: number;
}

/** Ids seen before, by the hour of the feed's clock in which they were seen first. */
export interface SeenIds {
  readonly size: number;
  /** True when the id is new. GUIDs are compared by value, other ids as they are; an empty id throws. */
  add(id: string, hour: Hour): boolean;
  has(id: string): boolean;
  /** How many ids of an hour the other set has in none of its hours. */
  countMissing(hour: Hour, other: Pick<SeenIds, 'holds'>): number;
  /** True when the key in the form of `bytes`, as four words, is there. */
  holds(key: Uint32Array): boolean;
  /** Forgets every hour before `hour`; returns how many ids that were. */
  evictBefore(hour: Hour): number;
  /** Forgets the oldest hours, whole, until at most `max` ids are left; `oldestHour` is the oldest that is left. */
  evictToSize(max: number): { readonly evicted: number; readonly oldestHour: Hour | undefined };
  /** Every hour that holds ids, oldest first. */
  hours(): readonly HourOfIds[];
  /** A copy of the entries from position `from` up to `to` of an hour, in the order of adding, 16 bytes each. */
  bytes(hour: Hour, from: number, to: number): Uint8Array;
  /** Adds entries in the form of `bytes`; those that are known stay in their hour. */
  load(hour: Hour, bytes: Uint8Array): void;
}

interface Bucket {
  readonly serial: number;
  /** First entries of its blocks. */
  readonly blocks: number[];
  count: number;
}

/** An empty set of seen ids: 16 bytes for each id and about 6 for its place in the index. */
export function seenIds(): SeenIds {
  const arena = idArena();
  const buckets = new Map<Hour, Bucket>();
  const index = idIndex(arena, allEntries);
  const key = new Uint32Array(4);
  let serials = 0;

  function entryAt(bucket: Bucket, position: number): number {
    const block = bucket.blocks[Math.trunc(position / blockEntries)];
    if (block === undefined) throw new RangeError(`seen ids: position ${position} of ${bucket.count} does not exist`);
    return block + (position % blockEntries);
  }
  function* entriesOf(bucket: Bucket): Iterable<number> {
    for (let position = 0; position < bucket.count; position++) yield entryAt(bucket, position);
  }
  function* allEntries(): Iterable<number> {
    for (const bucket of buckets.values()) yield* entriesOf(bucket);
  }

  function addKey(hour: Hour): boolean {
    if (index.has(key)) return false;
    let bucket = buckets.get(hour);
    if (bucket === undefined) {
      if (!Number.isInteger(hour) || hour < 0 || hour >= hourLimit)
        throw new RangeError(`seen ids: ${hour} is not a count of hours since 1970`);
      bucket = { serial: serials++, blocks: [], count: 0 };
      buckets.set(hour, bucket);
    }
    if (bucket.count % blockEntries === 0) bucket.blocks.push(arena.allot());
    const entry = entryAt(bucket, bucket.count);
    arena.write(entry, key);
    index.add(entry, key);
    // After the index: when it builds itself anew, this entry is not yet one of those to walk.
    bucket.count++;
    return true;
  }

  function evict(hour: Hour, bucket: Bucket): number {
    for (const entry of entriesOf(bucket)) index.remove(entry);
    for (const block of bucket.blocks) arena.release(block);
    buckets.delete(hour);
    return bucket.count;
  }

  const oldestFirst = (): readonly [Hour, Bucket][] => [...buckets].toSorted(([a], [b]) => a - b);

  return {
    get size() {
      return index.size;
    },
    add(id, hour) {
      writeKey(id, key);
      return addKey(hour);
    },
    has(id) {
      writeKey(id, key);
      return index.has(key);
    },
    countMissing(hour, other) {
      const bucket = buckets.get(hour);
      if (bucket === undefined) return 0;
      const one = new Uint32Array(4);
      let missing = 0;
      for (const entry of entriesOf(bucket)) {
        arena.read(entry, one);
        if (!other.holds(one)) missing++;
      }
      return missing;
    },
    holds: (one) => index.has(one),
    evictBefore(limit) {
      let evicted = 0;
      for (const [hour, bucket] of buckets) if (hour < limit) evicted += evict(hour, bucket);
      return evicted;
    },
    evictToSize(max) {
      let evicted = 0;
      for (const [hour, bucket] of oldestFirst()) {
        if (index.size <= max) return { evicted, oldestHour: hour };
        evicted += evict(hour, bucket);
      }
      return { evicted, oldestHour: undefined };
    },
    hours: () => oldestFirst().map(([hour, { serial, count }]) => ({ hour, serial, count })),
    bytes(hour, from, to) {
      const bucket = buckets.get(hour);
      const copy = new Uint8Array((to - from) * entryBytes);
      if (bucket === undefined || to > bucket.count)
        throw new RangeError(`seen ids: hour ${hour} holds ${bucket?.count ?? 0} ids, ${to} were asked for`);
      for (let position = from; position < to;) {
        const count = Math.min(to - position, blockEntries - (position % blockEntries));
        copy.set(arena.bytes(entryAt(bucket, position), count), (position - from) * entryBytes);
        position += count;
      }
      return copy;
    },
    load(hour, bytes) {
      if (bytes.length % entryBytes !== 0)
        throw new RangeError(`seen ids: ${bytes.length} bytes for hour ${hour} are not whole entries of ${entryBytes}`);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      for (let at = 0; at < bytes.length; at += entryBytes) {
        for (let word = 0; word < 4; word++) key[word] = view.getUint32(at + word * 4, true);
        addKey(hour);
      }
    },
  };
}
