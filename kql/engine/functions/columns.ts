/** Functions that see the columns of the input and not only their values. */
import { KqlError } from '../errors.ts';
import { constant, columnOf } from '../relation.ts';
import type { ScalarFunction, Site } from '../scope.ts';
import type { Column } from '../relation.ts';
import type { Syntax } from '../language/syntax.ts';
import { toBag } from '../values/json.ts';
import type { Value } from '../values/types.ts';
import { dynamicAt } from './dynamic-values.ts';

const columnIfExists: ScalarFunction = ([name, otherwise = constant('dynamic', null)], { scope }) => {
  const wanted = name?.constant;
  const column = typeof wanted === 'string' ? columnOf(scope.relation, wanted) : undefined;
  return column === undefined ? otherwise : { type: column.type, at: column.at };
};

function packed(columns: readonly Column[], keeps: (value: Value) => boolean): (row: number) => Value {
  const readers = columns.map((column): readonly [string, (row: number) => Value] => [column.name, dynamicAt(column)]);
  return (row) => {
    const pairs: [string, Value][] = [];
    for (const [name, at] of readers) {
      const value = at(row);
      if (keeps(value)) pairs.push([name, value]);
    }
    return toBag(pairs);
  };
}

/** Whether a call stands in the body of a scalar function and in no query there: it has rows, and sees no columns. */
function isWithoutColumns(node: Syntax): boolean {
  let above = node.parent;
  while (above !== undefined && !above.kind.endsWith('Operator')) {
    if (above.kind === 'FunctionBody') return true;
    above = above.parent;
  }
  return false;
}

/** @throws KqlError for a call that asks for all columns where there are none to see */
export function assertSeesColumns(name: string, node: Syntax): void {
  if (!isWithoutColumns(node)) return;
  throw new KqlError(`${name}: a function sees no columns of the rows it is called on: pass them as parameters`, {
    code: 'runtime',
    position: node.position,
  });
}

const packAll: ScalarFunction = ([ignoreEmpty], { name, node, scope }) => {
  assertSeesColumns(name, node);
  const keeps = ignoreEmpty?.constant === true ? (value: Value) => value !== null && value !== '' : () => true;
  return { type: 'dynamic', at: packed(scope.relation.columns, keeps) };
};

const argumentNames = ({ node }: Site): readonly string[] =>
  node
    .child('ArgumentList')
    .list('Expressions')
    .map(({ name }) => name);

const packColumns: ScalarFunction = (args, site) => {
  const names = argumentNames(site);
  const columns = args.map(({ type, at }, index) => ({ type, at, name: names[index] ?? '' }));
  return { type: 'dynamic', at: packed(columns, () => true) };
};

const namesOf: ScalarFunction = (_args, { node, scope }) => {
  const [table] = node.child('ArgumentList').list('Expressions');
  const columns = table === undefined ? [] : scope.tabular(table).columns;
  return constant(
    'dynamic',
    columns.map(({ name }) => name),
  );
};

/** When the row was received; null where the rows are no longer those of a table. */
const ingestionTime: ScalarFunction = (_args, { scope }) => ({
  type: 'datetime',
  at: scope.relation.receivedAt ?? (() => null),
});

/** Functions that see the columns of the input. */
export const columns: Readonly<Record<string, ScalarFunction>> = {
  column_ifexists: columnIfExists,
  columnifexists: columnIfExists,
  pack_all: packAll,
  bag_pack_columns: packColumns,
  column_names_of: namesOf,
  ingestion_time: ingestionTime,
};
