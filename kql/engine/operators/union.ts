import { noInput } from '../relation.ts';
import type { Operator } from '../scope.ts';
import { concatenated } from './concatenate.ts';
import { legsOf } from './legs.ts';
import { namedParameters } from './named-parameters.ts';

/** Rows keep when they were received, where their table knows it. */
const union: Operator = (node, scope) => {
  const { relation } = scope;
  const parameters = namedParameters(node);
  const legs = legsOf(node.list('Expressions'), scope, {
    missing: parameters.get('isfuzzy') === 'true' ? 'leave-out' : 'refuse',
    before: relation === noInput ? [] : [{ name: relation.name ?? 'union_arg0', relation }],
  });
  return concatenated(legs, {
    kind: parameters.get('kind') === 'inner' ? 'inner' : 'outer',
    source: parameters.get('withsource') ?? parameters.get('with_source'),
  });
};

export const unionOperators: Readonly<Record<string, Operator>> = { UnionOperator: union };
