import type { Hour } from '../contracts.ts';
import type { HourSegment } from './checkpoint.ts';
import type { Place } from './place.ts';
import type { SeenIds } from './seen-ids.ts';
import { pieceBytes, readSegment, type Append, type Plan, type SegmentBook } from './segments.ts';

/** Keeps a set of seen ids in segments, one or more for each hour. */
export interface IdSegments {
  load(segments: readonly HourSegment[]): Promise<void>;
  /** What a commit needs now. Synchronous: ids added later belong to the next commit. */
  plan(): Plan<HourSegment>;
}

interface Stored {
  readonly serial: number;
  /** Ids of the hour that are in its segments. */
  readonly count: number;
  readonly segments: readonly HourSegment[];
}

/** `2026-10-01T13`: readable, sortable, and a file name on every system. */
const hourName = (hour: Hour): string => new Date(hour * 3_600_000).toISOString().slice(0, -11);

/** The segments of `ids` in a folder of the place. */
export function idSegments(place: Place, book: SegmentBook, folder: string, ids: SeenIds): IdSegments {
  let stored = new Map<Hour, Stored>();

  return {
    async load(segments) {
      const buffer = new Uint8Array(pieceBytes);
      for (const segment of segments) {
        for await (const piece of readSegment(place, segment, buffer)) ids.load(segment.hour, piece);
      }
      const byHour = Map.groupBy(segments, (segment) => segment.hour);
      stored = new Map(
        ids.hours().map(({ hour, serial, count }) => [hour, { serial, count, segments: byHour.get(hour) ?? [] }]),
      );
    },
    plan() {
      const appends: Append[] = [];
      const next = new Map<Hour, Stored>();
      for (const { hour, serial, count } of ids.hours()) {
        const known = stored.get(hour);
        const before = known?.serial === serial ? known : { serial, count: 0, segments: [] };
        if (count === before.count) {
          next.set(hour, before);
          continue;
        }
        const last = before.segments.at(-1);
        const bytes = ids.bytes(hour, before.count, count);
        const { append, segment } = book.extend(last, `${folder}/${hourName(hour)}`, '.ids', bytes);
        appends.push(append);
        const kept = before.segments.filter(({ name }) => name !== segment.name);
        next.set(hour, { serial, count, segments: [...kept, { ...segment, hour }] });
      }
      return {
        appends,
        segments: [...next.values()].flatMap(({ segments }) => segments),
        commit: () => void (stored = next),
      };
    },
  };
}
