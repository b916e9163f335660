/** `join` and `lookup`: rows of two tables whose keys are equal. */
import { UnsupportedError } from '../errors.ts';
import type { Syntax } from '../language/syntax.ts';
import { columnOf, freeName, gather, type Relation } from '../relation.ts';
import type { Budget, Operator, Scope } from '../scope.ts';
import { conjuncts, type JoinCodes, joinCodes, joinKeys, unequalCodes } from './join-keys.ts';
import { namedParameters } from './named-parameters.ts';
import { filtered } from './where.ts';

/** Rows of the result: indices of rows of both sides; -1 for a side that has none. */
interface Pairs {
  readonly left: Int32Array;
  readonly right: Int32Array;
}

/** The rows of each code, one after the other: those of code c are `rows[starts[c]]` to before `rows[starts[c + 1]]`. */
function rowsByCode(codes: Int32Array, count: number): { readonly starts: Int32Array; readonly rows: Int32Array } {
  const starts = new Int32Array(count + 1);
  for (const code of codes) starts[code + 1] = (starts[code + 1] ?? 0) + 1;
  for (let code = 0; code < count; code += 1) starts[code + 1] = (starts[code + 1] ?? 0) + (starts[code] ?? 0);
  const next = starts.slice();
  const rows = new Int32Array(codes.length);
  for (let row = 0; row < codes.length; row += 1) {
    const code = codes[row] ?? 0;
    const place = next[code] ?? 0;
    rows[place] = row;
    next[code] = place + 1;
  }
  return { starts, rows };
}

function matching(codes: JoinCodes, kind: string, budget: Budget): Pairs {
  const { starts, rows } = rowsByCode(codes.right, codes.count);
  const keepsLeft = kind === 'leftouter' || kind === 'fullouter';
  const keepsRight = kind === 'rightouter' || kind === 'fullouter';
  const found = new Uint8Array(codes.count);
  const leftRows: number[] = [];
  let count = 0;
  for (let row = 0; row < codes.left.length; row += 1) {
    budget.visit();
    const code = codes.left[row] ?? 0;
    // Only the first row of each key takes part; Kusto leaves open which one that is.
    if (kind === 'innerunique' && found[code] === 1) continue;
    found[code] = 1;
    const matches = (starts[code + 1] ?? 0) - (starts[code] ?? 0);
    if (matches === 0 && !keepsLeft) continue;
    leftRows.push(row);
    count += Math.max(1, matches);
  }
  const alone: number[] = [];
  if (keepsRight)
    for (let row = 0; row < codes.right.length; row += 1) if (found[codes.right[row] ?? 0] !== 1) alone.push(row);
  count += alone.length;
  // All pairs are counted before the first is made: too many are refused without taking their memory.
  budget.keep(count);
  const pairs: Pairs = { left: new Int32Array(count).fill(-1), right: new Int32Array(count).fill(-1) };
  let next = 0;
  for (const row of leftRows) {
    const code = codes.left[row] ?? 0;
    const [start = 0, end = 0] = [starts[code], starts[code + 1]];
    budget.visit(end - start);
    pairs.left.fill(row, next, next + Math.max(1, end - start));
    pairs.right.set(rows.subarray(start, end), next);
    next += Math.max(1, end - start);
  }
  pairs.right.set(alone, next);
  return pairs;
}

/** The rows of one side whose key the other side has (`semi`), or has not (`anti`). */
function halfOf(side: Relation, own: Int32Array, others: Int32Array, count: number, kind: 'semi' | 'anti'): Relation {
  const found = new Uint8Array(count);
  for (const code of others) found[code] = 1;
  const wanted = kind === 'semi' ? 1 : 0;
  const rows: number[] = [];
  for (let row = 0; row < own.length; row += 1) if (found[own[row] ?? 0] === wanted) rows.push(row);
  return plainRows(side, rows);
}

/** Rows that are no longer those of a table. */
function plainRows(side: Relation, rows: Int32Array | readonly number[]): Relation {
  // All rows in their places need no reading through: the usual end of a look-up in a table of facts.
  const isWhole = rows.length === side.length && rows.every((row: number, place: number) => row === place);
  const { columns, length } = isWhole ? side : gather(side, rows, 'none');
  return { columns, length, order: 'none' };
}

const halves: Readonly<Record<string, { readonly side: 'left' | 'right'; readonly kind: 'semi' | 'anti' }>> = {
  leftsemi: { side: 'left', kind: 'semi' },
  leftanti: { side: 'left', kind: 'anti' },
  anti: { side: 'left', kind: 'anti' },
  leftantisemi: { side: 'left', kind: 'anti' },
  rightsemi: { side: 'right', kind: 'semi' },
  rightanti: { side: 'right', kind: 'anti' },
  rightantisemi: { side: 'right', kind: 'anti' },
};
const wholes: ReadonlySet<string> = new Set(['inner', 'innerunique', 'leftouter', 'rightouter', 'fullouter']);

interface Join {
  readonly kind: string;
  readonly conditions: readonly Syntax[];
  /** `lookup` leaves the right side's keys out. */
  readonly rightKeys: 'kept' | 'dropped';
}

function joined(node: Syntax, left: Relation, scope: Scope, { kind, conditions, rightKeys }: Join): Relation {
  const half = halves[kind];
  if (half === undefined && !wholes.has(kind)) throw new UnsupportedError(`join kind=${kind}`, node.position);
  const { budget } = scope.run;
  const right = scope.tabular(node.child('Expression'));
  const keys = joinKeys(conditions, left, right, scope);
  const codes =
    left.length === 0 || right.length === 0
      ? unequalCodes(left.length, right.length)
      : joinCodes(keys, left.length, right.length, budget);
  if (half !== undefined)
    return half.side === 'left'
      ? halfOf(left, codes.left, codes.right, codes.count, half.kind)
      : halfOf(right, codes.right, codes.left, codes.count, half.kind);
  const pairs = matching(codes, kind, budget);
  const taken = new Set(left.columns.map(({ name }) => name));
  const columns = right.columns.filter(({ name }) => rightKeys === 'kept' || !keys.rightNames.has(name));
  const renamed = columns.map((column) => ({ ...column, name: freeName(column.name, taken) }));
  return {
    columns: [
      ...plainRows(left, pairs.left).columns,
      ...plainRows({ ...right, columns: renamed }, pairs.right).columns,
    ],
    length: pairs.left.length,
    order: 'none',
  };
}

/** The conditions of `where` operators that follow directly and read only columns of the left side. */
function laterConditions(node: Syntax, left: Relation): readonly Syntax[] {
  const conditions: Syntax[] = [];
  let pipe = node.parent?.parent;
  while (pipe?.kind === 'PipeExpression' && pipe.child('Operator').kind === 'FilterOperator') {
    conditions.push(...conjuncts(pipe.child('Operator').child('Condition')));
    pipe = pipe.parent;
  }
  // Calls may be such that each evaluation differs, or depend on the rows around.
  return conditions.filter((condition) =>
    [...condition.descendants()].every(
      ({ kind, name }) =>
        kind !== 'FunctionCallExpression' && (kind !== 'NameReference' || columnOf(left, name) !== undefined),
    ),
  );
}

/**
 * What `innerunique` takes from the left. Which row of a key it takes is undefined, and the engine filters before it
 * takes: measured, `… | join kind=innerunique … | where value == "second"` finds the second row of a key.
 */
function uniqueCandidates(node: Syntax, scope: Scope): Relation {
  const { relation } = scope;
  let rows = relation;
  for (const condition of laterConditions(node, relation))
    rows = filtered(rows, scope.over(rows).scalar(condition), scope.run);
  return rows;
}

/** `join kind=… (…) on …`; without a kind it is `innerunique`. */
export const join: Operator = (node, scope) => {
  const kind = (namedParameters(node).get('kind') ?? 'innerunique').toLowerCase();
  const conditions = node.optional('ConditionClause')?.list('Expressions') ?? [];
  const left = kind === 'innerunique' ? uniqueCandidates(node, scope) : scope.relation;
  return joined(node, left, scope, { kind, conditions, rightKeys: 'kept' });
};

/** `lookup kind=… (…) on …`: a join that leaves out the right side's keys; without a kind it is `leftouter`. */
export const lookup: Operator = (node, scope) => {
  const kind = (namedParameters(node).get('kind') ?? 'leftouter').toLowerCase();
  const conditions = node.optional('LookupClause')?.list('Expressions') ?? [];
  return joined(node, scope.relation, scope, { kind, conditions, rightKeys: 'dropped' });
};

export const joinOperators: Readonly<Record<string, Operator>> = { JoinOperator: join, LookupOperator: lookup };
