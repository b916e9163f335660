/** The operators that choose, order and rename columns without computing any. */
import { KqlError } from '../errors.ts';
import type { Syntax } from '../language/syntax.ts';
import { type Column, withColumns } from '../relation.ts';
import type { Operator, Scope } from '../scope.ts';
import { isArray } from '../values/types.ts';
import { namePattern } from './name-pattern.ts';

const anyOf = (nodes: readonly Syntax[]): ((name: string) => boolean) => {
  const patterns = nodes.map(({ name }) => namePattern(name));
  return (name) => patterns.some((matches) => matches(name));
};

const projectAway: Operator = (node, { relation }) => {
  const isNamed = anyOf(node.list('Expressions'));
  return withColumns(
    relation,
    relation.columns.filter(({ name }) => !isNamed(name)),
  );
};

const projectKeep: Operator = (node, { relation }) => {
  const isNamed = anyOf(node.list('Expressions'));
  return withColumns(
    relation,
    relation.columns.filter(({ name }) => isNamed(name)),
  );
};

const projectRename: Operator = (node, { relation }) => {
  const names = new Map(
    node.list('Expressions').map((element) => [element.child('Expression').name, element.child('Name').name]),
  );
  return withColumns(
    relation,
    relation.columns.map((column) => ({ ...column, name: names.get(column.name) ?? column.name })),
  );
};

const ordinal = (left: string, right: string): number => Number(left > right) - Number(left < right);
// Granny order reads digits as numbers: a20 stands before a100.
const { compare: granny } = new Intl.Collator('en', { numeric: true });

const orderings: Readonly<Record<string, (left: string, right: string) => number>> = {
  asc: ordinal,
  desc: (left, right) => ordinal(right, left),
  'granny-asc': granny,
  'granny-desc': (left, right) => granny(right, left),
};

/** Moves the columns of each pattern in turn to the front; the first pattern that matches a column places it. */
function ordered(columns: readonly Column[], matching: readonly ((left: readonly Column[]) => readonly Column[])[]) {
  const front = new Set<Column>();
  for (const match of matching) for (const column of match(columns)) front.add(column);
  return front;
}

const projectReorder: Operator = (node, { relation }) => {
  const front = ordered(
    relation.columns,
    node.list('Expressions').map((element) => {
      const isOrdered = element.kind === 'OrderedExpression';
      const matches = namePattern((isOrdered ? element.child('Expression') : element).name);
      const ordering = isOrdered ? orderings[element.child('Ordering').text] : undefined;
      return (columns) => {
        const found = columns.filter(({ name }) => matches(name));
        return ordering === undefined ? found : found.toSorted((left, right) => ordering(left.name, right.name));
      };
    }),
  );
  return withColumns(relation, [...front.union(new Set(relation.columns))]);
};

/** The names and patterns that a specifier of `project-by-names` gives. */
function specifiedNames(node: Syntax, scope: Scope): readonly string[] {
  if (node.kind === 'FunctionCallExpression' && node.child('Name').name === 'column_names_of')
    return node
      .child('ArgumentList')
      .list('Expressions')
      .flatMap((table) => scope.tabular(table).columns.map(({ name }) => name));
  const value = scope.constant(node);
  const names = isArray(value) ? value : [value];
  return names.map((name) => {
    if (typeof name === 'string') return name;
    throw new KqlError(`project-by-names: ${node.text} is no name of a column: give a string or an array of strings`, {
      code: 'runtime',
      position: node.position,
    });
  });
}

const projectByNames: Operator = (node, scope) => {
  const names = node.list('Expressions').flatMap((element) => specifiedNames(element, scope));
  const front = ordered(
    scope.relation.columns,
    names.map((name) => {
      const matches = namePattern(name);
      return (columns) => columns.filter((column) => matches(column.name));
    }),
  );
  return withColumns(scope.relation, [...front]);
};

export const projectColumnsOperators: Readonly<Record<string, Operator>> = {
  ProjectAwayOperator: projectAway,
  ProjectKeepOperator: projectKeep,
  ProjectRenameOperator: projectRename,
  ProjectReorderOperator: projectReorder,
  ProjectByNamesOperator: projectByNames,
};
