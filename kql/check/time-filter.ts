import type { Syntax } from '../engine/language/syntax.ts';
import { calledName } from './lint-rule.ts';

const comparisons: ReadonlySet<string> = new Set([
  'BetweenExpression',
  'EqualExpression',
  'GreaterThanExpression',
  'GreaterThanOrEqualExpression',
  'LessThanExpression',
  'LessThanOrEqualExpression',
]);

/** Whether a node is what a filter is to bound. */
export type IsTime = (node: Syntax) => boolean;

// With `or`, rows come through the other side: both must be bounded.
function bounds(condition: Syntax, isTime: IsTime): boolean {
  const { kind } = condition;
  if (kind === 'ParenthesizedExpression') return bounds(condition.child('Expression'), isTime);
  if (kind === 'AndExpression')
    return bounds(condition.child('Left'), isTime) || bounds(condition.child('Right'), isTime);
  if (kind === 'OrExpression')
    return bounds(condition.child('Left'), isTime) && bounds(condition.child('Right'), isTime);
  return comparisons.has(kind) && [...condition.descendants()].some(isTime);
}

/** Whether an operator is a `where` that lets through only rows with a time within some bound. */
export const filtersBy = (operator: Syntax, isTime: IsTime): boolean =>
  operator.kind === 'FilterOperator' && bounds(operator.child('Condition'), isTime);

/** Whether a node reads a column of times, or the time of ingestion. Names of `let`s are no columns. */
export const isTimeColumn =
  (lets: ReadonlyMap<string, Syntax>): IsTime =>
  (node) =>
    node.kind === 'FunctionCallExpression'
      ? calledName(node) === 'ingestion_time'
      : node.kind === 'NameReference' &&
        node.type === 'datetime' &&
        !lets.has(node.name) &&
        node.parent?.kind !== 'FunctionCallExpression';
