import { formatNumber, formatTime } from '../grid/format-cell.ts';
import type { Axes } from './axes.ts';
import type { ChartData } from './series.ts';

// Beyond that, a list is no help to a listener: the table has the rest.
const mostNamed = 5;

/** A chart in words: what is drawn, over which span, and the largest values. */
export function chartSummary(caption: string, data: ChartData, axes: Axes): string {
  const places = data.series.flatMap(({ points }) => points.map(([x]) => x));
  if (places.length === 0) return `${caption}: nothing to draw.`;
  const totals = data.series
    .map(({ name, points }) => ({ name, total: points.reduce((sum, [, value]) => sum + value, 0) }))
    .sort((left, right) => right.total - left.total);
  const [first] = totals;
  const named =
    totals.length === 1 && axes.xType === 'category'
      ? (data.series[0]?.points ?? [])
          .map(([x, value]) => ({ name: data.categories[x] ?? '', total: value }))
          .sort((left, right) => right.total - left.total)
      : totals;
  const list = named
    .slice(0, mostNamed)
    .map(({ name, total }) => `${name} ${formatNumber(total, undefined)}`)
    .join(', ');
  const more = named.length > mostNamed ? `, and ${named.length - mostNamed} more` : '';
  const span =
    axes.xType === 'time' ? ` From ${timeText(Math.min(...places))} to ${timeText(Math.max(...places))}.` : '';
  return `${caption}.${span} ${first === undefined ? '' : `${list}${more}.`}`;
}

const timeText = (time: number): string => formatTime(new Date(time).toISOString());
