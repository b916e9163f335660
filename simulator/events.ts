import type { PlantedRecord } from './planted.ts';
import { drift } from './records/drift.ts';
import { families } from './records/families.ts';
import type { Family, WireRecord } from './records/scene.ts';
import { guid, hash, sfc32 } from './random.ts';
import type { Tenant } from './tenant/tenant.ts';

/** What an event is made of, besides the tenant: the record follows from it, so no record is kept. */
export interface Event {
  /** Epoch milliseconds of the record. */
  readonly timeMs: number;
  /** Epoch milliseconds at which the audit log has it. */
  readonly availableMs: number;
  /** Index in `families`. */
  readonly family: number;
  readonly part: number;
  readonly user: number;
  /** Days since 1970 in the user's own time. */
  readonly day: number;
  /** Position in the user's day; user, day, nth and part together name one record for good. */
  readonly nth: number;
}

/** Many events in 32 bytes each, because a large tenant has tens of millions. */
export interface EventList {
  readonly length: () => number;
  readonly push: (event: Event) => void;
  /** Adds a record of the Copilot family that is there already. */
  readonly plant: (record: PlantedRecord) => void;
  readonly timeMs: (index: number) => number;
  readonly availableMs: (index: number) => number;
  readonly familyOf: (index: number) => Family;
  /** The record's Id, without making the record. */
  readonly id: (index: number) => string;
  /** The record: the same at every call. */
  readonly record: (index: number) => WireRecord;
  /** JSON text of the record: the same at every call. */
  readonly text: (index: number) => string;
}

// No family has this number.
const PLANTED = 0xffff_ffff;
const planted: Family = {
  name: 'planted',
  copilot: true,
  audience: 'anyone',
  weight: 0,
  perDay: 0,
  record: () => ({}),
};

/** An empty list of events of a tenant. */
export function eventList(tenant: Tenant, seed: string): EventList {
  const base = hash(seed, 0x2545f491);
  let capacity = 4096;
  let size = 0;
  let times = new Float64Array(2 * capacity);
  let words = new Uint32Array(4 * capacity);
  const records: PlantedRecord[] = [];

  function grow(): void {
    if (size === capacity) {
      capacity *= 2;
      const [moreTimes, moreWords] = [new Float64Array(2 * capacity), new Uint32Array(4 * capacity)];
      moreTimes.set(times);
      moreWords.set(words);
      [times, words] = [moreTimes, moreWords];
    }
  }

  function push(event: Event): void {
    grow();
    times[2 * size] = event.timeMs;
    times[2 * size + 1] = event.availableMs;
    words[4 * size] = event.family * 16 + event.part;
    words[4 * size + 1] = event.user;
    words[4 * size + 2] = event.day;
    words[4 * size + 3] = event.nth;
    size += 1;
  }

  function plant(record: PlantedRecord): void {
    grow();
    times[2 * size] = record.timeMs;
    times[2 * size + 1] = record.availableMs;
    words[4 * size] = PLANTED;
    words[4 * size + 1] = records.length;
    size += 1;
    records.push(record);
  }

  const word = (index: number, column: number): number => words[4 * index + column] ?? 0;

  const plantedAt = (index: number): PlantedRecord | undefined =>
    word(index, 0) === PLANTED ? records[word(index, 1)] : undefined;

  function familyOf(index: number): Family {
    if (word(index, 0) === PLANTED) return planted;
    const family = families[word(index, 0) >>> 4];
    if (family === undefined) throw new RangeError(`events: no event ${index} among ${size}`);
    return family;
  }

  // 0x49 and 0x63 keep the streams of ids and conversations apart from those of records.
  const id = (index: number): string =>
    plantedAt(index)?.id ??
    guid(sfc32(base ^ 0x49, word(index, 1), word(index, 2), word(index, 3) * 16 + (word(index, 0) & 15)));

  const timeMs = (index: number): number => times[2 * index] ?? 0;

  function record(index: number): WireRecord {
    const made = plantedAt(index);
    if (made !== undefined) return made.record;
    const [userIndex, day, nth] = [word(index, 1), word(index, 2), word(index, 3)];
    const user = tenant.users[userIndex];
    if (user === undefined) throw new RangeError(`events: no user ${userIndex} among ${tenant.users.length}`);
    const family = familyOf(index);
    const next = sfc32(base, userIndex, day, nth);
    const drawn = family.record({
      tenant,
      user,
      timeMs: timeMs(index),
      id: id(index),
      next,
      part: word(index, 0) & 15,
      conversation: () => sfc32(base ^ 0x63, userIndex, day, Math.floor(nth / 3)),
    });
    return family.copilot ? drift(drawn, next) : drawn;
  }

  return {
    length: () => size,
    push,
    plant,
    timeMs,
    availableMs: (index) => times[2 * index + 1] ?? 0,
    familyOf,
    id,
    record,
    text: (index) => JSON.stringify(record(index)),
  };
}
