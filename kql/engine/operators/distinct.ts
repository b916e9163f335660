import type { Column, Relation } from '../relation.ts';
import { gather } from '../relation.ts';
import type { Operator, Scope } from '../scope.ts';
import { computed } from './computed.ts';
import { columnsOf, firstRows, groupRows } from './grouping.ts';
import { rowCount } from './take.ts';

/** One row for each different combination of values, in the order of their first rows. */
function distinctRows(columns: readonly Column[], scope: Scope): Relation {
  const { length } = scope.relation;
  return gather({ columns, length, order: 'none' }, firstRows(groupRows(columns, scope)));
}

const distinct: Operator = (node, scope) => {
  const expressions = node.list('Expressions');
  const elements = expressions.flatMap((expression) =>
    expression.kind === 'StarExpression'
      ? scope.relation.columns.map((cells) => ({ cells, names: [cells.name], naming: 'automatic' }) as const)
      : [computed(expression, scope)],
  );
  return distinctRows(columnsOf(elements), scope);
};

/** Kusto gives any of the different values; these are the first. */
const sampleDistinct: Operator = (node, scope) => {
  const count = rowCount(node.child('Expression'), scope);
  const found = distinctRows(columnsOf([computed(node.child('OfExpression'), scope)]), scope);
  return { ...found, length: Math.min(count, found.length) };
};

export const distinctOperators: Readonly<Record<string, Operator>> = {
  DistinctOperator: distinct,
  SampleDistinctOperator: sampleDistinct,
};
