import { gather } from '../relation.ts';
import type { Operator } from '../scope.ts';
import { firstOrderedRows, orderedRows, rowOrder } from './row-order.ts';
import { rowCount } from './take.ts';

const sort: Operator = (node, scope) => {
  const { relation, run } = scope;
  const order = rowOrder(node.list('Expressions'), scope);
  return gather(relation, orderedRows(order, relation.length, run), 'serialized');
};

const top: Operator = (node, scope) => {
  const { relation, run } = scope;
  const count = rowCount(node.child('Expression'), scope);
  const order = rowOrder([node.child('ByExpression')], scope);
  return gather(relation, firstOrderedRows(order, relation.length, count, run), 'serialized');
};

export const sortOperators: Readonly<Record<string, Operator>> = { SortOperator: sort, TopOperator: top };
