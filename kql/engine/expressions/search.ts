/** The condition of `search`: bare terms, looked for in all columns, and `column:"term"`. */
import { RE2JS } from 're2js';
import type { Syntax } from '../language/syntax.ts';
import type { Cells, Column, Relation } from '../relation.ts';
import { regularExpression } from '../regular-expression.ts';
import type { Expression, Scope } from '../scope.ts';
import { hasTerm } from '../terms.ts';
import { asString } from '../values/convert.ts';
import { comparison } from './comparison.ts';

type Search = NonNullable<Scope['search']>;
type Matcher = (text: string) => boolean;

const transparent = new Set([
  'ParenthesizedExpression',
  'AndExpression',
  'OrExpression',
  'SeparatedElement',
  'List',
  'ExpressionList',
]);

/** Whether a literal is a condition of its own, and not the operand of `==` or the argument of a function. */
export function isSearchTerm(node: Syntax): boolean {
  let above = node.parent;
  while (above !== undefined) {
    if (above.kind === 'SearchOperator') return true;
    const isNegation = above.kind === 'FunctionCallExpression' && above.child('Name').name === 'not';
    if (!isNegation && !transparent.has(above.kind)) return false;
    above = above.parent;
  }
  return false;
}

const flagsOf = (search: Search): string => (search === 'ignore-case' ? '(?is)' : '(?s)');
const wildcards = (term: string): string =>
  term
    .split('*')
    .map((part) => RE2JS.quote(part))
    .join('.*');

/** `err*` begins a term, `*err` ends one, `*err*` stands anywhere; without a star it is a whole term. */
function termMatcher(term: string, search: Search): Matcher {
  if (!term.includes('*')) {
    if (search === 'case-sensitive') return (text) => hasTerm(text, term);
    const lower = term.toLowerCase();
    return (text) => hasTerm(text.toLowerCase(), lower);
  }
  const start = term.startsWith('*') ? '' : String.raw`(?:^|[^\p{L}\p{N}])`;
  const end = term.endsWith('*') ? '' : String.raw`(?:$|[^\p{L}\p{N}])`;
  return regularExpression(`${flagsOf(search)}${start}${wildcards(term)}${end}`).test;
}

const isHidden = ({ name }: Column): boolean => name === '$table';

/** Rows where a column holds the term. */
export function searchTerm(term: string, relation: Relation, search: Search): Cells {
  const matches = termMatcher(term, search);
  const columns = relation.columns.filter((column) => !isHidden(column));
  return {
    type: 'bool',
    at: (row) => {
      for (const { at, type } of columns) {
        const value = at(row);
        if (value !== null && matches(asString(value, type))) return true;
      }
      return false;
    },
  };
}

/** `column:"term"`; with a star the term is the pattern of the whole text. */
const columnSearch: Expression = (node, scope) => {
  const left = scope.scalar(node.child('Left'));
  const right = node.child('Right');
  const term = right.literal;
  if (term === undefined) return comparison('==', left, scope.scalar(right), node);
  const search = scope.search ?? 'ignore-case';
  const matches = term.includes('*')
    ? regularExpression(`${flagsOf(search)}^${wildcards(term)}$`).test
    : termMatcher(term, search);
  const { at, type } = left;
  return { type: 'bool', at: (row) => matches(asString(at(row), type)) };
};

/** By kind of node. */
export const searches: Readonly<Record<string, Expression>> = { SearchExpression: columnSearch };
