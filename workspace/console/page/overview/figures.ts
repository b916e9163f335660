/** Figures of the overview from rows by day, and one without a day for all; several kinds of rows may be in one answer. */
import type { Cell } from '../../api.ts';
import { numberOf } from '../shell/use-rows.ts';

/** A figure and how it went. */
export interface Figure {
  readonly total: number;
  readonly days: readonly number[];
}

/** @param column of the answer; `Day` tells the rows apart */
export function figureOf(rows: readonly Readonly<Record<string, Cell>>[], column: string): Figure {
  const whole = rows.find((row) => row['Day'] === null && row[column] !== null);
  return {
    total: numberOf(whole?.[column]),
    days: rows.filter((row) => row['Day'] !== null && row[column] !== null).map((row) => numberOf(row[column])),
  };
}

/** Points of a line through values, in a box: `0,20 50,10 100,0`. */
export function linePoints(values: readonly number[], width: number, height: number): string {
  const top = Math.max(...values, 1);
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  return values
    .map((value, index) => `${(index * step).toFixed(1)},${(height - (value / top) * height).toFixed(1)}`)
    .join(' ');
}
