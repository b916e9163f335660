/** Hours of the collector's ledger as a calendar: a line for each day, 24 hours in it. */
import type { Cell } from '../../api.ts';
import { numberOf, textOf } from '../shell/use-rows.ts';

/** How an hour stands. `none`: the ledger has no such hour. */
export type HourState = 'complete' | 'pending' | 'gap' | 'wrong' | 'none';

export interface HourCell {
  readonly hour: number;
  readonly state: HourState;
  readonly text: string;
}

export interface DayLine {
  readonly day: string;
  readonly hours: readonly HourCell[];
}

type Row = Readonly<Record<string, Cell>>;

function stateOf(row: Row): HourState {
  if (row['IsComplete'] === true) return 'complete';
  if (numberOf(row['MissingBlobs']) > 0) return 'gap';
  if (row['IsBalanced'] === false) return 'wrong';
  return 'pending';
}

const words: Readonly<Record<HourState, string>> = {
  complete: 'complete',
  pending: 'not read to the end',
  gap: 'content lost',
  wrong: 'sums do not add up',
  none: 'nothing announced',
};

function cellOf(hour: number, row: Row | undefined): HourCell {
  if (row === undefined) return { hour, state: 'none', text: words.none };
  const state = stateOf(row);
  const count = (name: string): number => numberOf(row[name]);
  return {
    hour,
    state,
    text: `${words[state]}: ${count('Fetched')} of ${count('Listed')} blobs, ${count('Accepted')} rows, ${count('MissingBlobs')} lost, ${count('Parked')} parked, ${count('Pending')} pending`,
  };
}

/** The calendar of one source, oldest day first. */
export function hourCalendar(rows: readonly Row[]): readonly DayLine[] {
  const byHour = new Map(rows.map((row) => [textOf(row['Hour']).slice(0, 13), row]));
  const days = [...new Set([...byHour.keys()].map((hour) => hour.slice(0, 10)))].toSorted();
  return days.map((day) => ({
    day,
    hours: Array.from({ length: 24 }, (_, hour) => cellOf(hour, byHour.get(`${day}T${String(hour).padStart(2, '0')}`))),
  }));
}

/** Rows by source, in order of name. */
export function bySource(rows: readonly Row[]): readonly (readonly [source: string, rows: readonly Row[]])[] {
  const found = Map.groupBy(rows, ({ Source }) => textOf(Source));
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1));
}
