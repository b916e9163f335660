import type { Batch } from '../../contracts.ts';
import { type OpenWindow, type Place, readUpToMs, toCursor } from './place.ts';
import type { Task } from './plan.ts';

/** The place of one pass, as it moves on. */
export interface Standing {
  readonly at: Place;
  /** Moves; the place holds from now on, and for the next pass once the batch is yielded. */
  readonly move: (to: Place) => Batch;
}

/** A place to start from. */
export function standingAt(start: Place, task: Task): Standing {
  let at = start;
  return {
    get at() {
      return at;
    },
    move(to) {
      at = to;
      // A job fills the past: it has no lag.
      const ms = task.kind === 'span' ? null : readUpToMs(at);
      return { kind: 'position', cursor: toCursor(at), readUpTo: ms === null ? null : new Date(ms).toISOString() };
    },
  };
}

/** The hour under which a window counts in the ledger. */
export const hourOf = (ms: number): number => Math.floor(ms / 3_600_000);

/** In the ledger a window is a blob. What it holds is kept for months: no window expires while it waits. */
export const listed = ({ fromMs }: Pick<OpenWindow, 'fromMs'>): Batch => ({
  kind: 'listed',
  hour: hourOf(fromMs),
  count: 1,
  earliestExpiry: null,
});
