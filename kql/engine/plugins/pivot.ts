/** `pivot`: a column for each value of a column, an aggregate in each cell. */
import type { Syntax } from '../language/syntax.ts';
import { type Cells, type Column, columnOf, freeName, listed } from '../relation.ts';
import type { Plugin, Scope } from '../scope.ts';
import { asString } from '../values/convert.ts';
import { KqlError } from '../errors.ts';
import { type Groups, groupRows, keysOf, overGroups } from '../operators/grouping.ts';
import { argument, argumentsOf } from './arguments.ts';

/** Columns that tell rows apart: those named, else all but the pivot's and the aggregate's. */
function keyColumns(call: Syntax, aggregate: Syntax | undefined, { relation }: Scope): readonly Column[] {
  const { placed } = argumentsOf(call);
  if (placed.length > 2)
    return placed.slice(2).map((node) => {
      const column = columnOf(relation, node.name);
      if (column !== undefined) return column;
      throw new KqlError(`pivot: no column ${node.text}`, { code: 'runtime', position: node.position });
    });
  const used = new Set([argument(call, 0).name]);
  if (aggregate !== undefined)
    for (const { kind, name } of aggregate.child('ArgumentList').descendants())
      if (kind === 'NameReference') used.add(name);
  return relation.columns.filter(({ name }) => !used.has(name));
}

function counted({ of, count }: Groups): Cells {
  const counts = Array.from({ length: count }, () => 0);
  for (const group of of) counts[group] = (counts[group] ?? 0) + 1;
  return listed('long', counts);
}

/** `pivot(column [, aggregate [, key, …]])`; without an aggregate it counts. Values come in order of their text. */
export const pivot: Plugin = (call, scope) => {
  const { relation } = scope;
  const aggregate = argumentsOf(call).placed[1];
  const { at, type } = scope.scalar(argument(call, 0));
  const texts = Array.from({ length: relation.length }, (_, row) => asString(at(row), type));
  const values = [...new Set(texts)].toSorted();
  const places = new Map(values.map((value, place) => [value, place]));

  const keys = keyColumns(call, aggregate, scope);
  const rows = groupRows(keys, scope);
  const count = relation.length === 0 ? 0 : rows.count;
  // A group for each cell of the result.
  const cells: Groups = {
    of: rows.of.map((group, row) => group * values.length + (places.get(texts[row] ?? '') ?? 0)),
    count: count * values.length,
  };
  scope.run.budget.keep(cells.count);
  const results = aggregate === undefined ? counted(cells) : overGroups(scope, cells).scalar(aggregate);
  const taken = new Set(keys.map(({ name }) => name));
  return {
    columns: [
      ...keysOf(keys, { of: rows.of, count }).map((key, index) => ({ name: keys[index]?.name ?? '', ...key })),
      ...values.map((value, place) => ({
        name: freeName(value, taken),
        type: results.type,
        at: (row: number) => results.at(row * values.length + place),
      })),
    ],
    length: count,
    order: 'none',
  };
};
