import { seriesProperties } from '../grid/colors.ts';
import type { ChartKind } from '../../../../kql/workbook/workbook.ts';
import { isBar } from './bars.ts';
import { colorOf, type Drawing } from './drawing.ts';
import type { Series } from './series.ts';

// Lines beyond the palette's colours have its colours again, and other strokes.
const lineType = (place: number): string =>
  (['solid', 'dashed', 'dotted'] as const)[Math.floor(place / seriesProperties.length) % 3] ?? 'solid';

/** Whether series stand on each other. */
export function isStacked(kind: ChartKind): boolean {
  return kind === 'areachart' || kind === 'barchart' || kind === 'categoricalbar';
}

/** A series as the drawing library wants it; `at` is its place in the palette. */
export function oneSeries(drawing: Drawing, series: Series, at: number, lies: boolean): Record<string, unknown> {
  const { kind, axes } = drawing;
  const color = colorOf(drawing, series.key, at);
  const data = series.points.map(([x, y]) => (lies ? [y, x] : [x, y]));
  const common = { name: series.name, data, itemStyle: { color }, emphasis: { focus: 'none' } };
  if (kind === 'scatterchart') return { ...common, type: 'scatter', symbolSize: 7 };
  if (isBar(kind))
    return {
      ...common,
      type: 'bar',
      ...(isStacked(kind) ? { stack: 'all' } : {}),
      barMaxWidth: lies ? 16 : 28,
      ...(axes.xType === 'time' ? { large: false } : {}),
    };
  // A line of few points shows them; one point alone would be no line at all.
  const fewPoints = 14;
  return {
    ...common,
    type: 'line',
    lineStyle: { width: 1.75, color, type: lineType(at) },
    symbol: 'circle',
    symbolSize: 4,
    showSymbol: kind === 'areachart' ? series.points.length === 1 : series.points.length <= fewPoints,
    ...(kind === 'areachart' ? { stack: 'all', areaStyle: { color, opacity: 0.3 } } : {}),
  };
}
