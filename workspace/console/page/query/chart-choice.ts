/** How a result is drawn: by choice of the reader, or as the query's `render` says. */
import type { ChartSettings } from '../../../../kql/workbook/workbook.ts';
import type { ColumnView } from '../../api.ts';

export const chartKinds = [
  { kind: 'timechart', label: 'Lines over time' },
  { kind: 'areachart', label: 'Areas over time' },
  { kind: 'linechart', label: 'Lines' },
  { kind: 'barchart', label: 'Bars, stacked' },
  { kind: 'unstackedbar', label: 'Bars, side by side' },
  { kind: 'categoricalbar', label: 'Bars by category' },
  { kind: 'piechart', label: 'Pie' },
  { kind: 'scatterchart', label: 'Points' },
] as const;

export type QueryChartKind = (typeof chartKinds)[number]['kind'];

/** The reader's choice; '' is automatic. */
export interface ChartChoice {
  readonly kind: QueryChartKind;
  readonly x: string;
  readonly y: string;
  readonly group: string;
}

const rendered: Readonly<Record<string, QueryChartKind>> = {
  timechart: 'timechart',
  linechart: 'linechart',
  areachart: 'areachart',
  stackedareachart: 'areachart',
  barchart: 'barchart',
  columnchart: 'barchart',
  piechart: 'piechart',
  scatterchart: 'scatterchart',
};

/** The chart that a query ends with (`| render timechart`); undefined for none. */
export function renderedKind(query: string): QueryChartKind | undefined {
  const [, word = ''] = /\|\s*render\s+(\w+)[^|]*$/.exec(query.replaceAll(/\/\/[^\n]*/g, '')) ?? [];
  return rendered[word];
}

const isNumeric = ({ type }: ColumnView): boolean => ['long', 'int', 'real', 'decimal'].includes(type);

/** Columns by what they can be in a chart. */
export function axisColumns(columns: readonly ColumnView[]): {
  readonly x: readonly string[];
  readonly y: readonly string[];
  readonly group: readonly string[];
} {
  const names = (fits: (column: ColumnView) => boolean): readonly string[] =>
    columns.filter(fits).map(({ name }) => name);
  return {
    x: names(({ type }) => type !== 'dynamic'),
    y: names(isNumeric),
    group: names(({ type }) => type === 'string' || type === 'bool' || type === 'guid'),
  };
}

/** Whether an answer can be drawn: it needs a number. */
export const isDrawable = (columns: readonly ColumnView[]): boolean => columns.some(isNumeric) && columns.length > 1;

/** Time first, else categories. */
export const defaultKind = (columns: readonly ColumnView[]): QueryChartKind =>
  columns.some(({ type }) => type === 'datetime') ? 'timechart' : 'categoricalbar';

/** The choice as settings of a chart. */
export const chartSettings = ({ x, y, group }: ChartChoice): ChartSettings => ({
  xAxis: x === '' ? undefined : x,
  yAxis: y === '' ? [] : [y],
  group: group === '' ? undefined : group,
  xLabel: undefined,
  yLabel: undefined,
  colors: {},
  labels: {},
  showLegend: true,
});
