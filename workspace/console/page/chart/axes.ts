import { type ChartKind, chartKinds, type ChartSettings } from '../../../../kql/workbook/workbook.ts';
import type { ColumnView } from '../../api.ts';
import { isNumberType } from '../grid/format-cell.ts';

/** Whether a visualisation is a chart. */
export function isChartKind(visualization: string): visualization is ChartKind {
  return chartKinds.some((kind) => kind === visualization);
}

/** Which columns a chart draws: indexes of the answer's columns. */
export interface Axes {
  readonly x: number;
  readonly xType: 'time' | 'number' | 'category';
  readonly y: readonly number[];
  /** Columns whose values, taken together, name the series. */
  readonly group: readonly number[];
}

const isText = (column: ColumnView): boolean => !isNumberType(column.type) && column.type !== 'datetime';

/**
 * Chooses the columns as Azure does where the settings do not say: x is the first time (or else the first text, or
 * else the first number), each other number is a y, and text columns beside x make the series.
 */
export function chooseAxes(
  kind: ChartKind,
  columns: readonly ColumnView[],
  settings: ChartSettings | undefined,
): Axes | { readonly problem: string } {
  const indexOf = (name: string): number => columns.findIndex((column) => column.name === name);
  const wanted = [settings?.xAxis, settings?.group, ...(settings?.yAxis ?? [])].filter((name) => name !== undefined);
  const missing = wanted.find((name) => indexOf(name) === -1);
  if (missing !== undefined)
    return { problem: `The chart names a column ${missing}, which the query does not answer.` };

  const named = settings?.yAxis ?? [];
  const groupNamed = settings?.group === undefined ? undefined : indexOf(settings.group);
  // The parts of a pie are its groups.
  const xNamed = kind === 'piechart' ? (settings?.group ?? settings?.xAxis) : settings?.xAxis;
  const x = xNamed === undefined ? firstX(kind, columns, groupNamed) : indexOf(xNamed);
  const y =
    named.length > 0
      ? named.map(indexOf)
      : columns.flatMap((column, index) =>
          index !== x && index !== groupNamed && isNumberType(column.type) ? [index] : [],
        );
  if (x === -1 || y.length === 0)
    return {
      problem: `A ${kind} needs a column for its axis and a number, and the query answers ${columns.map(({ name, type }) => `${name} (${type})`).join(', ') || 'no columns'}.`,
    };
  const type = columns[x]?.type ?? '';
  const group =
    groupNamed === undefined
      ? columns.flatMap((column, index) => (index !== x && !y.includes(index) && isText(column) ? [index] : []))
      : [groupNamed];
  const xType =
    type === 'datetime'
      ? 'time'
      : isNumberType(type) && kind !== 'piechart' && kind !== 'categoricalbar'
        ? 'number'
        : 'category';
  return { x, xType, y, group: kind === 'piechart' ? [] : group };
}

function firstX(kind: ChartKind, columns: readonly ColumnView[], group: number | undefined): number {
  const first = (test: (column: ColumnView) => boolean): number =>
    columns.findIndex((column, index) => index !== group && test(column));
  const time = first((column) => column.type === 'datetime');
  const text = first(isText);
  const number = first((column) => isNumberType(column.type));
  const order =
    kind === 'piechart' || kind === 'categoricalbar'
      ? [text, time, number]
      : kind === 'scatterchart'
        ? [time, number, text]
        : [time, text, number];
  return order.find((index) => index !== -1) ?? -1;
}
