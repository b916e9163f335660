/** `partition`: a sub-query over the rows of each key. */
import { KqlError } from '../errors.ts';
import { constant, gather, listed, noInput, type Relation } from '../relation.ts';
import type { Operator, Scope } from '../scope.ts';
import type { Value } from '../values/types.ts';
import { groupRows } from './grouping.ts';

/** Relations one below the other. The first gives the columns. */
function stacked(relations: readonly Relation[], { run: { budget } }: Scope): Relation {
  const [shape] = relations;
  if (shape === undefined) return { columns: [], length: 0, order: 'none' };
  const values = shape.columns.map((): Value[] => []);
  let length = 0;
  for (const relation of relations) {
    const isSame = relation.columns.every(({ name }, index) => shape.columns[index]?.name === name);
    if (!isSame || relation.columns.length !== shape.columns.length)
      throw new KqlError('partition: the sub-query yields other columns for each key: name its columns', {
        code: 'runtime',
      });
    budget.keep(relation.length);
    length += relation.length;
    for (const [index, { at }] of relation.columns.entries())
      for (let row = 0; row < relation.length; row += 1) values[index]?.push(at(row));
  }
  const columns = shape.columns.map(({ name, type }, index) => ({ name, ...listed(type, values[index] ?? []) }));
  return { columns, length, order: 'none' };
}

/**
 * `partition by Key (…)` pipes the rows of each key into a sub-query; `partition by Key {…}` runs a query for each key
 * that reads the key by its name. Strategies differ in cost alone.
 */
export const partition: Operator = (node, scope) => {
  const { relation } = scope;
  const by = node.child('ByExpression');
  const keys = scope.scalar(by);
  const groups = groupRows([keys], scope);
  const rows = Array.from({ length: groups.count }, (): number[] => []);
  for (const [row, group] of groups.of.entries()) rows[group]?.push(row);

  const operand = node.child('Operand');
  const answer = (indices: readonly number[]): Relation => {
    if (operand.kind === 'PartitionSubquery') return scope.pipe(operand.child('Subquery'), gather(relation, indices));
    const names = scope.names.inner();
    const [first] = indices;
    const cells = constant(keys.type, first === undefined ? null : keys.at(first));
    names.set(by.name, { kind: 'scalar', cells: () => cells, rows: noInput });
    return scope.over(noInput, { names }).tabular(operand.child('Query'));
  };
  if (rows.length === 0) return { ...answer([]), length: 0 };
  return stacked(rows.map(answer), scope);
};

export const partitionOperators: Readonly<Record<string, Operator>> = { PartitionOperator: partition };
