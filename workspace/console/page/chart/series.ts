import type { ChartSettings } from '../../../../kql/workbook/workbook.ts';
import { type Cell, type ColumnView, severities } from '../../api.ts';
import { emptyText, formatCell, toNumber } from '../grid/format-cell.ts';
import { ownValue } from '../grid/own-value.ts';
import type { Axes } from './axes.ts';

/** Azure draws no more. */
const mostSeries = 100;
const mostPoints = 10_000;

/** A line, a set of bars or of dots. x is milliseconds, a number, or a place in `categories`. */
export interface Series {
  /** The name in the answer: colours go by it. */
  readonly key: string;
  /** The name that is shown. */
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

/** What a chart draws. */
export interface ChartData {
  readonly series: readonly Series[];
  /** Names of places on the axis; empty where x is a time or a number. */
  readonly categories: readonly string[];
  /** What was left out, in words. */
  readonly cut: string | undefined;
}

/** What readers see of a series. */
export const seriesName = (key: string, settings: ChartSettings | undefined): string =>
  (settings === undefined ? undefined : ownValue(settings.labels, key)) ?? key;

const byName = new Intl.Collator('en', { numeric: true });

function textOf(cell: Cell | undefined, type: string): string {
  return cell === undefined || cell === null || cell === '' ? emptyText : formatCell(cell, type).text;
}

// As readers expect them, the worst first.
const severityRank = (key: string): number => {
  const rank = severities.findIndex((severity) => severity === key);
  return rank === -1 ? severities.length : rank;
};

/** Draws rows into series. Values of the same series and place are added up, as Azure does. */
export function toSeries(
  axes: Axes,
  columns: readonly ColumnView[],
  rows: readonly (readonly Cell[])[],
  settings: ChartSettings | undefined,
  areSummed: 'summed' | 'kept' = 'summed',
): ChartData {
  const categories = new Map<string, number>();
  const byKey = new Map<string, [number, number][]>();
  const places = new Map<string, Map<number, [number, number]>>();
  const typeOf = (index: number): string => columns[index]?.type ?? '';
  const groups = new Map<string, string>();
  let points = 0;
  let leftOut = 0;
  const hiddenSeries = new Set<string>();

  for (const row of rows) {
    const x = placeOf(row[axes.x], axes, typeOf(axes.x), categories);
    if (x === undefined) continue;
    const group = axes.group.map((index) => textOf(row[index], typeOf(index))).join(', ');
    for (const index of axes.y) {
      const value = toNumber(row[index]);
      if (value === undefined) continue;
      const measure = columns[index]?.name ?? '';
      const key = group === '' ? measure : axes.y.length > 1 ? `${group}: ${measure}` : group;
      const known = byKey.get(key);
      if (known === undefined && byKey.size >= mostSeries) {
        hiddenSeries.add(key);
        continue;
      }
      const list = known ?? [];
      if (known === undefined) {
        byKey.set(key, list);
        groups.set(key, group);
      }
      const place = places.get(key) ?? new Map<number, [number, number]>();
      places.set(key, place);
      const there = areSummed === 'summed' ? place.get(x) : undefined;
      if (there !== undefined) {
        there[1] += value;
        continue;
      }
      if (points >= mostPoints) {
        leftOut += 1;
        continue;
      }
      points += 1;
      const point: [number, number] = [x, value];
      list.push(point);
      place.set(x, point);
    }
  }
  const series = [...byKey]
    .sort(
      ([left], [right]) =>
        severityRank(left) - severityRank(right) ||
        // Groups come in no order, and stacks beside each other are to be alike; columns stay as the query has them.
        byName.compare(groups.get(left) ?? '', groups.get(right) ?? ''),
    )
    .map(([key, list]) => ({
      key,
      name: seriesName(key, settings),
      points: list.sort((left, right) => left[0] - right[0]),
    }));
  return { series, categories: [...categories.keys()], cut: cutText(hiddenSeries.size, leftOut) };
}

function placeOf(
  cell: Cell | undefined,
  axes: Axes,
  type: string,
  categories: Map<string, number>,
): number | undefined {
  if (axes.xType === 'time') {
    const time = typeof cell === 'string' ? Date.parse(cell) : Number.NaN;
    return Number.isNaN(time) ? undefined : time;
  }
  if (axes.xType === 'number') return toNumber(cell);
  const name = textOf(cell, type);
  const known = categories.get(name);
  if (known !== undefined) return known;
  categories.set(name, categories.size);
  return categories.size - 1;
}

function cutText(series: number, points: number): string | undefined {
  const parts = [
    ...(series > 0 ? [`${series.toLocaleString('en-US')} more series than the ${mostSeries} drawn`] : []),
    ...(points > 0
      ? [`${points.toLocaleString('en-US')} more points than the ${mostPoints.toLocaleString('en-US')} drawn`]
      : []),
  ];
  return parts.length === 0 ? undefined : `There are ${parts.join(' and ')}: narrow the query.`;
}

/** Gives every series a point at every place that any has: stacks need it. Missing ones are 0. */
export function filled(series: readonly Series[]): readonly Series[] {
  const places = [...new Set(series.flatMap(({ points }) => points.map(([x]) => x)))].sort(
    (left, right) => left - right,
  );
  return series.map((one) => {
    const values = new Map(one.points);
    return { ...one, points: places.map((x) => [x, values.get(x) ?? 0] as const) };
  });
}
