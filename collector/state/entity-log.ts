import { stateRemedy, type Segment } from './checkpoint.ts';
import type { EntityTable } from './entity-table.ts';
import type { Place } from './place.ts';
import { readSegment, type Plan, type SegmentBook } from './segments.ts';

// A log is written anew when it is longer than twice its notes and this: small ones never are.
const slackBytes = 1 << 20;
// Each day begins another one: an append blob ends after 50,000 appends, which are three days of saves at most.
const segmentsMax = 16;

/** Keeps the notes of entities in a log of changes. */
export interface EntityLog {
  load(segments: readonly Segment[]): Promise<void>;
  /** What a commit needs now. Synchronous: notes that change later belong to the next commit. */
  plan(nowMs: number): Plan<Segment>;
}

/** The log of `table` in the folder `entities`. */
export function entityLog(place: Place, book: SegmentBook, table: EntityTable): EntityLog {
  let segments: readonly Segment[] = [];
  // Of a plan that was not committed: they belong to the next one, too.
  let planned: ReadonlySet<string> = new Set();

  /** Applies the notes of a segment, whose pieces end anywhere. */
  async function loadSegment(segment: Segment): Promise<void> {
    const foreign = (cause?: unknown): Error =>
      new Error(`state: ${place.name}/${segment.name} holds what is no note of an entity: ${stateRemedy}`, { cause });
    let rest = Buffer.alloc(0);
    for await (const piece of readSegment(place, segment)) {
      const bytes = Buffer.concat([rest, piece]);
      try {
        rest = bytes.subarray(table.apply(bytes));
      } catch (error) {
        throw foreign(error);
      }
    }
    if (rest.length > 0) throw foreign();
  }

  return {
    async load(stored) {
      for (const segment of stored) await loadSegment(segment);
      segments = stored;
      // The maximum may be lower than it was.
      table.fit();
    },
    plan(nowMs) {
      const changed = table.takeChanged().union(planned);
      planned = changed;
      const commit = (next: readonly Segment[]) => () => {
        segments = next;
        planned = new Set();
      };
      if (changed.size === 0) return { appends: [], segments, commit: commit(segments) };
      const length = segments.reduce((sum, segment) => sum + segment.length, 0);
      const isLong = length > 2 * table.logBytes + slackBytes || segments.length >= segmentsMax;
      const bytes = table.records(isLong ? undefined : changed);
      const stem = `entities/${new Date(nowMs).toISOString().slice(0, 10)}`;
      const last = segments.at(-1);
      const isOfToday = last?.name.startsWith(stem) === true;
      const { append, segment } = book.extend(isOfToday && !isLong ? last : undefined, stem, '.notes', bytes);
      const kept = isLong ? [] : segments.filter(({ name }) => name !== segment.name);
      const next = [...kept, segment];
      return { appends: [append], segments: next, commit: commit(next) };
    },
  };
}
