import type { Axes, ChartKind } from './axes.ts';
import type { ChartData } from './series.ts';

// Pixels that a name, a letter of it and a bar take, and what a chart of half a laptop's page is wide.
const nameGap = 14;
const letter = 6.5;
const bar = 16;
const axisAndLegend = 52;
const plotWidth = 420;
const mostHeight = 460;
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

/** The height of a chart: more than asked where lying bars need it, within bounds. */
export function chartHeight(kind: ChartKind, axes: Axes, data: ChartData, asked: number): number {
  if (!isLying(kind, axes, data)) return asked;
  return Math.max(asked, Math.min(mostHeight, data.categories.length * bar + axisAndLegend));
}
