import type { ContentFault } from './content-faults.ts';
import type { EventList } from './events.ts';
import { chance, int, random, type Random } from './random.ts';

/** A blob before it has a final time. */
export interface BlobDraft {
  /** Epoch milliseconds at which its first record became available. */
  readonly firstMs: number;
  readonly createdMs: number;
  /** Indexes of events. */
  readonly events: Uint32Array;
  /** Number of the blob whose content this is: a blob that comes again keeps it. */
  readonly number: number;
}

const MINUTE_MS = 60_000;

/** All events in blobs, in order of availability. */
export function blobDrafts(events: EventList, seed: string, faults: ReadonlySet<ContentFault>): BlobDraft[] {
  return cut(placements(events, random(seed, 'placements'), faults), random(seed, 'blobs'));
}

/** Where every event goes, in order of availability: once, and again for the duplicates that the wire always has. */
function placements(events: EventList, next: Random, faults: ReadonlySet<ContentFault>): Placements {
  const share = faults.has('duplicates') ? 0.1 : 0.004;
  const again: (readonly [number, number])[] = [];
  for (let index = 0; index < events.length(); index += 1) {
    if (!chance(next, share)) continue;
    // A third stays together and lands in the same blob, the rest comes up to six hours later.
    again.push([index, events.availableMs(index) + (chance(next, 0.34) ? 0 : int(next, MINUTE_MS, 360 * MINUTE_MS))]);
  }
  const size = events.length() + again.length;
  const availableMs = Float64Array.from({ length: size }, (_, place) =>
    place < events.length() ? events.availableMs(place) : (again[place - events.length()]?.[1] ?? 0),
  );
  const order = Uint32Array.from({ length: size }, (_, place) => place).sort(
    (one, other) => (availableMs[one] ?? 0) - (availableMs[other] ?? 0) || one - other,
  );
  return {
    size,
    availableMs: (place) => availableMs[order[place] ?? 0] ?? 0,
    event: (place) => {
      const index = order[place] ?? 0;
      return index < events.length() ? index : (again[index - events.length()]?.[0] ?? 0);
    },
  };
}

interface Placements {
  readonly size: number;
  readonly availableMs: (place: number) => number;
  readonly event: (place: number) => number;
}

/** Blobs of 1 to 500 records that span no more than 20 minutes. */
function cut(places: Placements, next: Random): BlobDraft[] {
  const drafts: BlobDraft[] = [];
  let start = 0;
  while (start < places.size) {
    const limit = Math.min(500, 1 + Math.floor(-130 * Math.log(1 - next())));
    const firstMs = places.availableMs(start);
    let end = start + 1;
    while (end < places.size && end - start < limit && places.availableMs(end) - firstMs < 20 * MINUTE_MS) end += 1;
    const from = start;
    drafts.push({
      firstMs,
      createdMs: places.availableMs(end - 1) + int(next, 1000, 90_000),
      events: Uint32Array.from({ length: end - start }, (_, offset) => places.event(from + offset)),
      number: drafts.length,
    });
    start = end;
  }
  return drafts;
}
