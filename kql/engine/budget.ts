import { KqlError } from './errors.ts';
import type { Budget } from './scope.ts';

/** What a run may cost. */
export interface Limits {
  /** Wall time. Default 60,000. */
  readonly milliseconds?: number;
  /** Rows kept in memory over the whole run. Default 20,000,000: some 1.5 GB at the worst. */
  readonly rows?: number;
}

// Reading the clock costs as much as a row: where rows are quick it is read at one of so many.
const mostVisitsPerCheck = 4096;
// Where rows are slow it is read more often: so many milliseconds between two readings are too many.
const slow = 10;

/**
 * The budget of one run.
 * @param clock Milliseconds of any monotonic clock.
 */
export function budget({ milliseconds = 60_000, rows = 20_000_000 }: Limits, clock: () => number): Budget {
  let last = clock();
  const deadline = last + milliseconds;
  let visits = 0;
  let visitsPerCheck = 1;
  let kept = 0;
  const check = (): void => {
    const now = clock();
    const isSlow = now - last > slow;
    visitsPerCheck = isSlow ? Math.max(1, visitsPerCheck >> 2) : Math.min(mostVisitsPerCheck, 2 * visitsPerCheck);
    last = now;
    visits = 0;
    if (now <= deadline) return;
    throw new KqlError(
      `the query took longer than ${milliseconds / 1000} s: filter by time first, or raise the time limit`,
      { code: 'budget' },
    );
  };
  return {
    visit: (count = 1) => {
      visits += count;
      if (visits < visitsPerCheck) return;
      check();
    },
    keep: (count) => {
      kept += count;
      if (kept > rows)
        throw new KqlError(`the query keeps more than ${rows} rows in memory: filter earlier, or raise the row limit`, {
          code: 'budget',
        });
      if (count > mostVisitsPerCheck) check();
    },
  };
}
