import { toElement } from '../aggregates/elements.ts';
import type { Syntax } from '../language/syntax.ts';
import { type Cells, type Column, gather, listed } from '../relation.ts';
import type { NamedCells, Operator, Scope } from '../scope.ts';
import type { Value } from '../values/types.ts';
import { columnsOf, type Groups, groupRows, keysOf, overGroups } from './grouping.ts';
import { namedParameters } from './named-parameters.ts';
import { seriesAxis } from './series-axis.ts';

/** An aggregate of `make-series` and the element of bins without rows. */
interface Series {
  readonly element: NamedCells;
  readonly absent: Value;
}

function compileSeries(node: Syntax, grouped: Scope, scope: Scope): Series {
  const { cells, names, naming } = grouped.named(node.child('Expression'));
  const given = node.optional('DefaultExpression')?.child('Expression');
  const absent = given === undefined ? 0 : scope.constant(given);
  const single: Cells = { type: cells.type, at: cells.at };
  return { element: { cells: single, names: names.slice(0, 1), naming }, absent: toElement(absent, cells.type) };
}

/** The rows of each bin of each group: cell `group * bins + bin`. */
function cellsOf({ of, count }: Groups, binOf: (row: number) => number, bins: number): Groups {
  return { of: of.map((group, row) => group * bins + binOf(row)), count: count * bins };
}

/** `make-series`: for each group one row of arrays, an element for each bin of the axis. */
const makeSeries: Operator = (node, scope) => {
  const on = scope.named(node.child('OnClause').child('Expression'));
  const axis = seriesAxis(on.cells, node.child('RangeClause'), scope);
  const bins = axis?.starts.length ?? 0;
  const rows = Uint32Array.from((axis?.binOf ?? new Int32Array()).keys()).filter(
    (row) => (axis?.binOf[row] ?? -1) >= 0,
  );
  const within = scope.over(gather(scope.relation, rows));

  const keys = (node.optional('ByClause')?.list('Expressions') ?? []).map((key) => within.named(key));
  const keyCells = keys.map(({ cells }) => cells);
  const groups = groupRows(keyCells, within);
  const keyValues = keysOf(keyCells, groups);
  const inBins = cellsOf(groups, (row) => axis?.binOf[rows[row] ?? 0] ?? 0, bins);
  scope.run.budget.keep(inBins.count);
  const occupied = new Uint8Array(inBins.count);
  for (const cell of inBins.of) occupied[cell] = 1;

  const grouped = overGroups(within, inBins);
  const series = node.list('Aggregates').map((aggregate) => compileSeries(aggregate, grouped, scope));
  const toArray = ({ element, absent }: Series, group: number): Value =>
    Array.from({ length: bins }, (_, bin) => {
      const cell = group * bins + bin;
      return occupied[cell] === 1 ? toElement(element.cells.at(cell), element.cells.type) : absent;
    });
  // One series of defaults without any rows is what `kind=nonempty` asks for.
  const isNonempty = axis !== undefined && namedParameters(node).get('kind') === 'nonempty';
  const length = rows.length === 0 && !isNonempty ? 0 : groups.count;

  const dynamic = (values: readonly Value[]): Cells => listed('dynamic', values);
  const columns: readonly Column[] = columnsOf([
    ...keys.map((key, index) => ({ ...key, cells: keyValues[index] ?? key.cells })),
    ...series.map((one) => ({
      ...one.element,
      cells: dynamic(Array.from({ length }, (_, group) => toArray(one, group))),
    })),
    { ...on, cells: dynamic(Array.from({ length }, () => axis?.starts ?? [])) },
  ]);
  return { columns, length, order: 'none' };
};

/** `make-series`. */
export const makeSeriesOperators: Readonly<Record<string, Operator>> = { MakeSeriesOperator: makeSeries };
