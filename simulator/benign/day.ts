/** What habits are told of a day. */
import type { Plot } from '../campaigns/plot.ts';
import type { User } from '../tenant/user.ts';
import type { Calendar } from './calendar.ts';
import type { Cast } from './cast.ts';

/** One day of the whole tenant. */
export interface Day {
  readonly plot: Plot;
  readonly cast: Cast;
  readonly plan: Calendar;
  /** Days since 1970. */
  readonly day: number;
  /** Who works, with the addresses of the day. */
  readonly present: readonly User[];
}
