import { z } from 'zod';
import type { DeadLetter } from '../contracts.ts';
import type { DaySegment } from './checkpoint.ts';
import type { Place } from './place.ts';
import { seenIds } from './seen-ids.ts';
import { readSegment, type Plan, type SegmentBook } from './segments.ts';

/** Days for which a dead letter is kept at least; with its day's segment it goes up to a day later. */
const deadLetterDays = 30;

const dayMs = 86_400_000;

const letterShape = z.object({
  id: z.string(),
  source: z.string(),
  time: z.string(),
  kind: z.enum(['rejected', 'refused', 'oversize', 'unreadable']),
  reason: z.string(),
  contentCreated: z.string().nullable(),
  table: z.string().optional(),
  record: z.unknown(),
});
/** A line is a letter, or says that the letter of that id is no longer one: the log is only ever appended to. */
const lineShape = z.union([letterShape, z.object({ removed: z.string() })]);
type Line = z.infer<typeof lineShape>;

/** Segments that are past their time, and how many letters go with them. */
export interface Expiry {
  readonly names: ReadonlySet<string>;
  readonly letters: number;
}

/** The dead letters: those of the segments, and what was put aside or removed since the last commit. */
export interface DeadLetterLog {
  load(segments: readonly DaySegment[]): Promise<void>;
  /** A letter whose id waits already is left out. */
  putAside(letter: DeadLetter): void;
  remove(ids: ReadonlySet<string>): void;
  all(): Promise<readonly DeadLetter[]>;
  expired(nowMs: number): Promise<Expiry>;
  /** What a commit needs now, without the segments that expire. */
  plan(nowMs: number, expiry: Expiry): Plan<DaySegment>;
}

/** An empty log in the folder `dead-letters`. */
export function deadLetterLog(place: Place, book: SegmentBook): DeadLetterLog {
  let segments: readonly DaySegment[] = [];
  let unsaved: Line[] = [];
  // Ids of every letter in the log, by the first hour of its day; `removed` holds those that are no longer letters.
  const ids = seenIds();
  const removed = new Set<string>();

  async function* linesOf(segment: DaySegment): AsyncGenerator<Line> {
    let rest = Buffer.alloc(0);
    for await (const piece of readSegment(place, segment)) {
      let text = Buffer.concat([rest, piece]);
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
        yield lineShape.parse(JSON.parse(text.toString('utf8', 0, end)));
        text = text.subarray(end + 1);
      }
      rest = text;
    }
  }

  return {
    async load(stored) {
      for (const segment of stored) {
        for await (const line of linesOf(segment)) {
          if ('removed' in line) removed.add(line.removed);
          else {
            ids.add(line.id, segment.day * 24);
            removed.delete(line.id);
          }
        }
      }
      segments = stored;
    },
    putAside(letter) {
      const day = Math.trunc(Date.parse(letter.time) / dayMs) || 0;
      const isNew = ids.add(letter.id, day * 24);
      const wasRemoved = removed.delete(letter.id);
      if (!isNew && !wasRemoved) return;
      unsaved.push(letter);
    },
    remove(gone) {
      for (const id of gone) {
        if (!ids.has(id) || removed.has(id)) continue;
        removed.add(id);
        unsaved.push({ removed: id });
      }
    },
    async all() {
      const letters = new Map<string, DeadLetter>();
      const apply = (line: Line): void => {
        if ('removed' in line) letters.delete(line.removed);
        else letters.set(line.id, line);
      };
      for (const segment of segments) for await (const line of linesOf(segment)) apply(line);
      for (const line of unsaved) apply(line);
      return [...letters.values()];
    },
    async expired(nowMs) {
      // The newest letter of a segment may be as young as the end of its day.
      const old = segments.filter(({ day }) => (day + 1 + deadLetterDays) * dayMs <= nowMs);
      let letters = 0;
      for (const segment of old)
        for await (const line of linesOf(segment)) if ('id' in line && !removed.has(line.id)) letters++;
      return { names: new Set(old.map(({ name }) => name)), letters };
    },
    plan(nowMs, { names }) {
      const kept = segments.filter(({ name }) => !names.has(name));
      // A copy: letters put aside while the commit runs belong to the next one.
      const lines = [...unsaved];
      const last = kept.at(-1);
      // Never back to an earlier day: a removal must not expire before its letter, also when the clock was set back.
      const day = Math.max(Math.trunc(nowMs / dayMs), last?.day ?? 0);
      const oldestDay = kept[0]?.day ?? day;
      const done = (next: readonly DaySegment[]) => () => {
        segments = next;
        unsaved = unsaved.slice(lines.length);
        if (names.size > 0) ids.evictBefore(oldestDay * 24);
      };
      if (lines.length === 0) return { appends: [], segments: kept, commit: done(kept) };
      const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      const stem = `dead-letters/${new Date(day * dayMs).toISOString().slice(0, 10)}`;
      const { append, segment } = book.extend(last?.day === day ? last : undefined, stem, '.ndjson', bytes);
      const next = [...kept.filter(({ name }) => name !== segment.name), { ...segment, day }];
      return { appends: [append], segments: next, commit: done(next) };
    },
  };
}
