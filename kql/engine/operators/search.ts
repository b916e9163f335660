import type { Syntax } from '../language/syntax.ts';
import { noInput, withColumns } from '../relation.ts';
import type { Operator, Scope } from '../scope.ts';
import { concatenated, type Leg } from './concatenate.ts';
import { everyTable, legsOf } from './legs.ts';
import { namedParameters } from './named-parameters.ts';
import { filtered } from './where.ts';

const searched = (node: Syntax, scope: Scope): readonly Leg[] => {
  const among = node.optional('InClause');
  if (among !== undefined) return legsOf(among.list('Expressions'), scope);
  const { relation } = scope;
  return relation === noInput ? everyTable(scope) : [{ name: relation.name ?? 'search_arg0', relation }];
};

/** The rows of all tables in which the condition is true, with the name of the table first. */
const search: Operator = (node, scope) => {
  const all = concatenated(searched(node, scope), { source: '$table' });
  const condition = node.child('Condition');
  if (condition.kind === 'StarExpression') return all;
  // The name of the table is not searched.
  const own = withColumns(all, all.columns.slice(1));
  const isCaseSensitive = namedParameters(node).get('kind') === 'case_sensitive';
  const predicate = scope.over(own, { search: isCaseSensitive ? 'case-sensitive' : 'ignore-case' }).scalar(condition);
  return filtered(all, predicate, scope.run);
};

export const searchOperators: Readonly<Record<string, Operator>> = { SearchOperator: search };
