import type { Syntax } from '../language/syntax.ts';
import { type Column, type Relation, withColumns } from '../relation.ts';
import type { Operator, Scope } from '../scope.ts';
import { computed } from './computed.ts';

/** Adds columns at the end. A name that exists is overwritten where it stands; expressions read its old values. */
function extended(expressions: readonly Syntax[], scope: Scope): Relation {
  const columns = new Map<string, Column>(scope.relation.columns.map((column) => [column.name, column]));
  let unnamed = 0;
  const anonymous = (): string => {
    do unnamed += 1;
    while (columns.has(`Column${unnamed}`));
    return `Column${unnamed}`;
  };
  for (const expression of expressions) {
    const { cells, names } = computed(expression, scope);
    for (const [index, { type, at }] of (cells.tuple ?? [cells]).slice(0, names.length).entries()) {
      const name = names[index] ?? anonymous();
      columns.set(name, { name, type, at });
    }
  }
  return withColumns(scope.relation, [...columns.values()]);
}

const extend: Operator = (node, scope) => extended(node.list('Expressions'), scope);

/** Marks the order of rows as one to rely on, then extends: the expressions may use `prev` and its like already. */
const serialize: Operator = (node, scope) =>
  extended(node.list('Expressions'), scope.over({ ...scope.relation, order: 'serialized' }));

export const extendOperators: Readonly<Record<string, Operator>> = {
  ExtendOperator: extend,
  SerializeOperator: serialize,
};
