import { KqlError } from '../errors.ts';
import type { Syntax } from '../language/syntax.ts';
import type { Relation } from '../relation.ts';
import type { Operator, Scope } from '../scope.ts';
import { asLong } from '../values/convert.ts';

/** How many rows an operator is to give: at most those there are. @throws KqlError where it is no number */
export function rowCount(node: Syntax, scope: Scope): number {
  const count = asLong(scope.constant(node));
  if (count !== null) return Math.min(Math.max(Number(count), 0), scope.relation.length);
  throw new KqlError(`${node.text} is no number of rows: give a whole number`, {
    code: 'runtime',
    position: node.position,
  });
}

/** Without an order Kusto may give any rows: these are the first. */
const take: Operator = (node, scope): Relation => ({
  ...scope.relation,
  length: rowCount(node.child('Expression'), scope),
});

/** Kusto gives random rows; these are the first, so that a query always has the same answer. */
const sample: Operator = (node, scope) => ({ ...take(node, scope), order: 'none' });

export const takeOperators: Readonly<Record<string, Operator>> = {
  TakeOperator: take,
  SampleOperator: sample,
};
