import type { Syntax } from '../language/syntax.ts';
import { remembered } from '../relation.ts';
import type { NamedCells, Scope } from '../scope.ts';

/** A list element whose values are computed once per row; a reference to a column stays the column. */
export function computed(node: Syntax, scope: Scope): NamedCells {
  const element = scope.named(node);
  const expression = node.kind === 'SimpleNamedExpression' ? node.child('Expression') : node;
  if (expression.kind === 'NameReference') return element;
  const { cells } = element;
  const { length } = scope.relation;
  if (cells.tuple === undefined) return { ...element, cells: remembered(cells, length) };
  const tuple = cells.tuple.map((column) => ({ ...column, at: remembered(column, length).at }));
  return { ...element, cells: { ...cells, tuple } };
}
