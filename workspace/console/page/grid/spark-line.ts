import type { Cell } from '../../api.ts';
import { formatNumber, toNumber } from './format-cell.ts';

/** The numbers of a cell that holds an array of them; undefined where it holds something else. */
export function sparkValues(cell: Cell): readonly number[] | undefined {
  const list = typeof cell === 'string' ? parsed(cell) : cell;
  if (!Array.isArray(list) || list.length === 0) return undefined;
  return list.map((value: unknown) =>
    typeof value === 'number' || typeof value === 'string' ? (toNumber(value) ?? 0) : 0,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Points of a line through values, as the `points` of an SVG polyline in a box of this size. */
export function sparkPoints(values: readonly number[], width: number, height: number): string {
  // Scales start at nothing: a flat line of large values is no line at the bottom.
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const span = high === low ? 1 : high - low;
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  return values
    .map((value, at) => {
      const y = height - ((value - low) / span) * height;
      return `${(values.length > 1 ? at * step : width / 2).toFixed(1)},${y.toFixed(1)}`;
    })
    .join(' ');
}

/** A line in words: `24 values from 0 to 12, last 3`. */
export function sparkText(values: readonly number[]): string {
  const [low, high, last] = [Math.min(...values), Math.max(...values), values.at(-1) ?? 0];
  const text = (value: number) => formatNumber(value, undefined);
  return `${values.length} values from ${text(low)} to ${text(high)}, last ${text(last)}`;
}
