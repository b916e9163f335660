/**
 * Groups and aggregates over them, for `summarize`, `make-series`, `top-nested`, `pivot` and their like:
 * `groupRows` says which group a row belongs to, `overGroups` gives the scope in which expressions with aggregates
 * are compiled. An aggregate is computed when its call is compiled, one pass over the rows for each, so its cells can be
 * read at once.
 */
import { type Key, toKey } from '../aggregates/keys.ts';
import { type Cells, type Column, freeName, listed, type Relation } from '../relation.ts';
import type { Aggregation, Accumulator, NamedCells, Run, Scope } from '../scope.ts';
import type { Value } from '../values/types.ts';

/** Which group each row belongs to. Groups count from 0, in order of their first rows. */
export interface Groups {
  /** By row: its group, or -1 where it is in none. */
  readonly of: Int32Array;
  /** Groups. Without keys there is one, even without rows. */
  readonly count: number;
}

/** Groups by one key. */
function groupsOf({ type, at }: Cells, length: number, { budget }: Run): Groups {
  const of = new Int32Array(length);
  const known = new Map<Key, number>();
  const keyOfValue = toKey(type);
  for (let row = 0; row < length; row += 1) {
    budget.visit();
    const key = keyOfValue(at(row));
    let group = known.get(key);
    if (group === undefined) {
      group = known.size;
      known.set(key, group);
    }
    of[row] = group;
  }
  return { of, count: known.size };
}

/** Groups of the pairs of two groupings: no text is made of the keys, however many there are. */
function pairs(left: Groups, right: Groups): Groups {
  const of = new Int32Array(left.of.length);
  const known = new Map<number, number>();
  for (let row = 0; row < of.length; row += 1) {
    const key = (left.of[row] ?? 0) * right.count + (right.of[row] ?? 0);
    let group = known.get(key);
    if (group === undefined) {
      group = known.size;
      known.set(key, group);
    }
    of[row] = group;
  }
  return { of, count: known.size };
}

/** Groups the rows of the scope's relation by keys over it. Null is a key like others. */
export function groupRows(keys: readonly Cells[], { relation: { length }, run }: Scope): Groups {
  const groupings = keys.map((key) => groupsOf(key, length, run));
  const groups =
    groupings.length === 0
      ? { of: new Int32Array(length), count: 1 }
      : groupings.reduce((left, right) => pairs(left, right));
  run.budget.keep(groups.count);
  return groups;
}

/** The first row of each group; -1 for a group without rows. */
export function firstRows({ of, count }: Groups): Int32Array {
  const first = new Int32Array(count).fill(-1);
  for (let row = of.length - 1; row >= 0; row -= 1) first[of[row] ?? -1] = row;
  return first;
}

/** The keys of groups as cells over the groups. Every group must have a row. */
export function keysOf(keys: readonly Cells[], groups: Groups): Cells[] {
  const first = firstRows(groups);
  return keys.map(({ type, at }) => listed(type, Array.from(first, at)));
}

/** Computes an aggregate for each group and gives the cells over the groups. */
export function aggregated({ type, accumulator, tuple }: Aggregation, { of, count }: Groups, { budget }: Run): Cells {
  const accumulators: (Accumulator | undefined)[] = Array.from({ length: count });
  for (let row = 0; row < of.length; row += 1) {
    budget.visit();
    const group = of[row] ?? -1;
    if (group < 0) continue;
    let gathered = accumulators[group];
    if (gathered === undefined) {
      gathered = accumulator();
      accumulators[group] = gathered;
    }
    gathered.add(row);
  }
  // Groups without rows share one: `accumulator` may be costly, and there may be many of them in a series.
  let empty: Value | undefined;
  const results = accumulators.map((gathered) =>
    gathered === undefined ? (empty ??= accumulator().result()) : gathered.result(),
  );
  const cells = listed(type, results);
  const columns = tuple?.(cells.at);
  const [first] = columns ?? [];
  return columns === undefined || first === undefined ? cells : { type: first.type, at: first.at, tuple: columns };
}

/**
 * The scope for expressions with aggregates: `.scalar(node)` and `.named(node)` give cells over the groups. Aggregates
 * read the rows of `scope.relation`; outside of them only the keys can be read, by their names.
 */
export function overGroups(scope: Scope, groups: Groups, keys: readonly Column[] = []): Scope {
  const input = scope.over(scope.relation);
  const relation: Relation = { columns: keys, length: groups.count, order: 'none' };
  return scope.over(relation, {
    collect: (call, aggregate) => {
      const args = call
        .child('ArgumentList')
        .list('Expressions')
        .filter(({ kind }) => kind !== 'StarExpression')
        .map((node) => input.scalar(node.kind === 'SimpleNamedExpression' ? node.child('Expression') : node));
      const aggregation = aggregate(args, { name: call.child('Name').name, node: call, scope: input });
      return aggregated(aggregation, groups, scope.run);
    },
  });
}

/** Columns of list elements: taken names get a number, elements without a name are Column1, Column2, … */
export function columnsOf(elements: readonly NamedCells[], taken = new Set<string>()): Column[] {
  let unnamed = 0;
  const anonymous = (): string => {
    do unnamed += 1;
    while (taken.has(`Column${unnamed}`));
    taken.add(`Column${unnamed}`);
    return `Column${unnamed}`;
  };
  return elements.flatMap(({ cells, names }) => {
    const parts = cells.tuple ?? [cells];
    return parts
      .slice(0, names.length)
      .map(({ type, at }, index) => ({ name: names[index] ? freeName(names[index], taken) : anonymous(), type, at }));
  });
}
