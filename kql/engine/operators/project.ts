import { withColumns } from '../relation.ts';
import type { NamedCells, Operator } from '../scope.ts';
import { computed } from './computed.ts';
import { columnsOf } from './grouping.ts';

const project: Operator = (node, scope) =>
  withColumns(scope.relation, columnsOf(node.list('Expressions').map((expression) => computed(expression, scope))));

/** `print` numbers its unnamed columns by place: `print_0`; the columns of a tuple keep their names. */
const printed = (element: NamedCells, index: number): NamedCells =>
  element.naming === 'explicit' || element.cells.tuple !== undefined
    ? element
    : { ...element, names: [`print_${index}`] };

const print: Operator = (node, scope) => ({
  columns: columnsOf(node.list('Expressions').map((expression, index) => printed(computed(expression, scope), index))),
  length: 1,
  order: 'none',
});

export const projectOperators: Readonly<Record<string, Operator>> = {
  ProjectOperator: project,
  PrintOperator: print,
};
