import { KqlError } from './errors.ts';
import type { Budget } from './scope.ts';

/** What a run may cost. */
export interface Limits {
  /** Wall time. Default 60,000. */
  readonly milliseconds?: number;
  /** Rows kept in memory over the whole run. Default 20,000,000: some 1.5 GB at the worst. */
  readonly rows?: number;
}

// Reading the clock costs as much as a row.
const visitsPerCheck = 4096;

/**
 * The budget of one run.
 * @param clock Milliseconds of any monotonic clock.
 */
export function budget({ milliseconds = 60_000, rows = 20_000_000 }: Limits, clock: () => number): Budget {
  const deadline = clock() + milliseconds;
  let visits = 0;
  let kept = 0;
  const check = (): void => {
    if (clock() <= deadline) return;
    throw new KqlError(
      `the query took longer than ${milliseconds / 1000} s: filter by time first, or raise the time limit`,
      { code: 'budget' },
    );
  };
  return {
    visit: (count = 1) => {
      visits += count;
      if (visits < visitsPerCheck) return;
      visits = 0;
      check();
    },
    keep: (count) => {
      kept += count;
      if (kept > rows)
        throw new KqlError(`the query keeps more than ${rows} rows in memory: filter earlier, or raise the row limit`, {
          code: 'budget',
        });
      if (count > visitsPerCheck) check();
    },
  };
}
