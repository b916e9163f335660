import type { ChartKind } from '../../../../kql/workbook/workbook.ts';
import type { Axes } from './axes.ts';
import type { ChartData } from './series.ts';

// Pixels that a name, a letter of it and a bar take, and what a chart of half a laptop's page is wide.
const nameGap = 14;
const letter = 6.5;
const bar = 16;
const axisAndLegend = 52;
const plotWidth = 420;
const mostHeight = 460;
const mostPieHeight = 260;
// Hours and codes of countries: where some are skipped, the others tell which.
const shortName = 4;

/** Whether a kind draws bars. */
export function isBar(kind: ChartKind): boolean {
  return kind === 'barchart' || kind === 'unstackedbar' || kind === 'categoricalbar';
}

/** Whether bars lie, because their names cannot stand side by side. */
export function isLying(kind: ChartKind, axes: Axes, data: ChartData): boolean {
  if (!isBar(kind) || axes.xType !== 'category' || data.categories.every((name) => name.length <= shortName))
    return false;
  return data.categories.reduce((sum, name) => sum + name.length * letter + nameGap, 0) > plotWidth;
}

/** Whether each lying bar has room for its name. */
export const fitsLying = ({ categories }: ChartData, height: number): boolean =>
  categories.length * bar + axisAndLegend <= height;

/**
 * The largest bars where more lie than have room for their names, in the order they had; `cut` tells how many there are.
 * The table has all of them.
 */
export function barsWithRoom(kind: ChartKind, axes: Axes, data: ChartData, asked: number): ChartData {
  const room = Math.floor((Math.max(asked, mostHeight) - axisAndLegend) / bar);
  if (data.categories.length <= room || !isLying(kind, axes, data)) return data;
  const totals = data.categories.map(() => 0);
  for (const { points } of data.series) for (const [x, value] of points) totals[x] = (totals[x] ?? 0) + value;
  const kept = totals
    .map((total, at) => ({ at, total }))
    .toSorted((left, right) => right.total - left.total)
    .slice(0, room)
    .map(({ at }) => at)
    .toSorted((left, right) => left - right);
  const places = new Map(kept.map((at, place) => [at, place]));
  const cut = `The ${room} largest of ${data.categories.length.toLocaleString('en-US')} are drawn: the table has all.`;
  return {
    categories: kept.map((at) => data.categories[at] ?? ''),
    series: data.series.flatMap((series) => {
      const points = series.points.flatMap(([x, value]) => {
        const place = places.get(x);
        return place === undefined ? [] : [[place, value] as const];
      });
      return points.length === 0 ? [] : [{ ...series, points }];
    }),
    cut: data.cut === undefined ? cut : `${cut} ${data.cut}`,
  };
}

/** The height of a chart: more than asked where lying bars need it, less where a ring would stand in a void. */
export function chartHeight(kind: ChartKind, axes: Axes, data: ChartData, asked: number): number {
  if (kind === 'piechart') return Math.min(asked, mostPieHeight);
  if (!isLying(kind, axes, data)) return asked;
  return Math.max(asked, Math.min(mostHeight, data.categories.length * bar + axisAndLegend));
}
