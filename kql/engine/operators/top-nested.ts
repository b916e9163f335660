import type { Syntax } from '../language/syntax.ts';
import { type Cells, type Column, type Relation } from '../relation.ts';
import type { NamedCells, Operator, Scope } from '../scope.ts';
import { toNumber } from '../values/numbers.ts';
import { compare } from '../values/order.ts';
import { defaultOf, type Value } from '../values/types.ts';
import { columnsOf, firstRows, type Groups, groupRows, overGroups } from './grouping.ts';

/** A clause of the query over the groups of its level: all values of this clause and those before it. */
interface Level {
  readonly key: NamedCells;
  readonly by: NamedCells;
  readonly byNode: Syntax;
  readonly groups: Groups;
  /** By group: the value of the clause's expression. */
  readonly value: (group: number) => Value;
  /** By group of the level above: its groups here, best first. */
  readonly ranked: readonly (readonly number[])[];
  readonly count: number;
  /** The name of the row that sums up what is left; undefined where the query wants none. */
  readonly others: Value | undefined;
}

const whole = (scope: Scope): Groups => groupRows([], scope);

function rank(groups: Groups, parents: Groups, by: Cells, direction: 'asc' | 'desc'): number[][] {
  const ranked: number[][] = Array.from({ length: parents.count }, () => []);
  firstRows(groups).forEach((row, group) => ranked[parents.of[row] ?? 0]?.push(group));
  for (const list of ranked) {
    list.sort((left, right) => compare(by.at(left), by.at(right)));
    // Of equal groups the later one comes first, as the engine has it.
    if (direction === 'desc') list.reverse();
  }
  return ranked;
}

function compileLevel(clause: Syntax, above: readonly Level[], scope: Scope): Level {
  const key = scope.named(clause.child('OfExpression'));
  const parents = above.at(-1)?.groups ?? whole(scope);
  const groups = groupRows([...above.map((level) => level.key.cells), key.cells], scope);
  const ordered = clause.child('ByExpression');
  const isOrdered = ordered.kind === 'OrderedExpression';
  const byNode = isOrdered ? ordered.child('Expression') : ordered;
  const by = overGroups(scope, groups).named(byNode);
  const direction = isOrdered && ordered.child('Ordering').text.startsWith('asc') ? 'asc' : 'desc';
  const count = clause.optional('Expression');
  const others = clause.optional('WithOthersClause')?.child('Expression');
  const first = firstRows(groups);
  return {
    key,
    by,
    byNode,
    groups,
    value: (group) => key.cells.at(first[group] ?? 0),
    ranked: rank(groups, parents, by.cells, direction),
    count: count === undefined ? Infinity : toNumber(scope.constant(count)),
    others: others === undefined ? undefined : scope.constant(others),
  };
}

/** What a level's aggregate is over the rows that are in none of the groups kept, by group of the level above. */
function ofOthers(level: Level, parents: Groups, scope: Scope): Cells {
  const kept = new Set(level.ranked.flatMap((groups) => groups.slice(0, level.count)));
  const of = parents.of.map((parent, row) => (kept.has(level.groups.of[row] ?? -1) ? -1 : parent));
  return overGroups(scope, { of, count: parents.count }).scalar(level.byNode);
}

/** `top-nested`: the best values of an expression, in each of them the best of the next, and so on. */
const topNested: Operator = (node, scope) => {
  const levels: Level[] = [];
  for (const clause of node.list('Clauses')) levels.push(compileLevel(clause, levels, scope));
  const others = levels.map((level, index) =>
    level.others === undefined ? undefined : ofOthers(level, levels[index - 1]?.groups ?? whole(scope), scope),
  );
  const rows: Value[][] = [];
  const descend = (index: number, parent: number, above: readonly Value[]): void => {
    const level = levels[index];
    if (level === undefined) {
      scope.run.budget.keep(1);
      rows.push([...above]);
      return;
    }
    const ranked = level.ranked[parent] ?? [];
    for (const group of ranked.slice(0, level.count))
      descend(index + 1, group, [...above, level.value(group), level.by.cells.at(group)]);
    const rest = others[index];
    if (level.others === undefined || rest === undefined || ranked.length <= level.count) return;
    const below = levels
      .slice(index + 1)
      .flatMap(({ key, by }) => [defaultOf(key.cells.type), defaultOf(by.cells.type)]);
    rows.push([...above, level.others, rest.at(parent), ...below]);
  };
  descend(0, 0, []);

  const cell = (cells: Cells, index: number): Cells => ({ type: cells.type, at: (row) => rows[row]?.[index] ?? null });
  const columns: readonly Column[] = columnsOf(
    levels.flatMap(({ key, by }, index) => {
      const name = key.names[0] ?? null;
      const byName = by.naming === 'explicit' ? (by.names[0] ?? null) : `aggregated_${name ?? ''}`;
      return [
        { ...key, names: [name], cells: cell(key.cells, 2 * index) },
        { ...by, names: [byName], cells: cell(by.cells, 2 * index + 1) },
      ];
    }),
  );
  const result: Relation = { columns, length: rows.length, order: 'none' };
  return result;
};

/** `top-nested`. */
export const topNestedOperators: Readonly<Record<string, Operator>> = { TopNestedOperator: topNested };
