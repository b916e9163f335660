/** `mv-apply`: a sub-query over the elements of each row. */
import { KqlError, UnsupportedError } from '../errors.ts';
import type { Syntax } from '../language/syntax.ts';
import { type Column, columnOf, gather, listed, type Relation } from '../relation.ts';
import type { Operator, Scope } from '../scope.ts';
import type { Value } from '../values/types.ts';
import { columnsOf, overGroups } from './grouping.ts';
import { expand, type Expanded, expansion } from './mv-expand.ts';
import { matchingRows } from './where.ts';

// Operators that give one row for each row and look at no other: over the elements of all rows together they give
// what they give over those of each.
const rowWise: ReadonlySet<string> = new Set([
  'ExtendOperator',
  'ProjectOperator',
  'ProjectAwayOperator',
  'ProjectKeepOperator',
  'ProjectRenameOperator',
  'ProjectReorderOperator',
  'ParseOperator',
]);
// Functions that look at the rows around.
const windowFunctions: ReadonlySet<string> = new Set([
  'prev',
  'next',
  'row_number',
  'row_cumsum',
  'row_rank_dense',
  'row_rank_min',
  'row_window_session',
]);

const readsOtherRows = (node: Syntax): boolean =>
  [...node.descendants()].some(
    (below) => below.kind === 'FunctionCallExpression' && windowFunctions.has(below.child('Name').name),
  );

function operatorsOf(node: Syntax): readonly Syntax[] {
  switch (node.kind) {
    case 'PipeExpression':
      return [...operatorsOf(node.child('Expression')), node.child('Operator')];
    case 'ParenthesizedExpression':
    case 'MvApplySubqueryExpression':
      return operatorsOf(node.child('Expression'));
    default:
      return [node];
  }
}

function filtered(node: Syntax, { relation, of }: Expanded, scope: Scope): Expanded {
  const rows = matchingRows(scope.over(relation).scalar(node.child('Condition')), relation.length, scope.run);
  return { relation: gather(relation, rows), of: Int32Array.from(rows, (row) => of[row] ?? 0) };
}

/** `summarize` without `by`: one row for each row of the input, as grouping by it gives. */
function summarized(node: Syntax, { relation, of }: Expanded, count: number, scope: Scope): Expanded {
  const groups = overGroups(scope.over(relation), { of, count });
  const columns = columnsOf(node.list('Aggregates').map((element) => groups.named(element)));
  return {
    relation: { columns, length: count, order: 'none' },
    of: Int32Array.from({ length: count }, (_, row) => row),
  };
}

/** Applies an operator to the elements of all rows at once; undefined where that would be another question. */
function together(node: Syntax, input: Expanded, count: number, scope: Scope): Expanded | undefined {
  if (readsOtherRows(node)) return undefined;
  if (node.kind === 'FilterOperator') return filtered(node, input, scope);
  if (node.kind === 'SummarizeOperator' && node.optional('ByClause') === undefined)
    return summarized(node, input, count, scope);
  if (!rowWise.has(node.kind)) return undefined;
  return { relation: scope.pipe(node, input.relation), of: input.of };
}

/** Applies operators to the elements of each row by itself. */
function apart(operators: readonly Syntax[], { relation, of }: Expanded, count: number, scope: Scope): Expanded {
  const answer = (rows: readonly number[]): Relation => {
    let result = gather(relation, rows);
    for (const operator of operators) result = scope.pipe(operator, result);
    return result;
  };
  const shape = answer([]);
  const values = shape.columns.map((): Value[] => []);
  const from: number[] = [];
  let start = 0;
  for (let row = 0; row < count; row += 1) {
    const rows: number[] = [];
    for (; start < of.length && of[start] === row; start += 1) rows.push(start);
    const result = answer(rows);
    if (result.columns.length !== shape.columns.length)
      throw new KqlError('mv-apply: the sub-query yields other columns for each row: name its columns', {
        code: 'runtime',
      });
    scope.run.budget.keep(result.length);
    for (let place = 0; place < result.length; place += 1) {
      from.push(row);
      for (const [index, { at }] of result.columns.entries()) values[index]?.push(at(place));
    }
  }
  const columns = shape.columns.map(({ name, type }, index) => ({ name, ...listed(type, values[index] ?? []) }));
  return { relation: { columns, length: from.length, order: 'none' }, of: Int32Array.from(from) };
}

/** Columns of the input stay in place, with the sub-query's values where it has them; its other columns follow. */
export const mvApply: Operator = (node, scope) => {
  const context = node.optional('ContextIdClause');
  if (context !== undefined) throw new UnsupportedError('mv-apply with id', context.position);
  const input = scope.relation;
  const plan = expansion(node, scope, []);
  let state = expand(plan, scope);
  const operators = operatorsOf(node.child('Subquery'));
  let done = 0;
  for (const operator of operators) {
    const next = together(operator, state, input.length, scope);
    if (next === undefined) break;
    state = next;
    done += 1;
  }
  if (done < operators.length) state = apart(operators.slice(done), state, input.length, scope);

  const { relation } = state;
  const outer = gather(input, state.of);
  const itemNames = new Set(plan.items.map(({ name }) => name));
  const kept = outer.columns.flatMap((column): readonly Column[] => {
    const inner = columnOf(relation, column.name);
    if (inner !== undefined) return [inner];
    return itemNames.has(column.name) ? [] : [column];
  });
  const names = new Set(kept.map(({ name }) => name));
  return { ...outer, columns: [...kept, ...relation.columns.filter(({ name }) => !names.has(name))] };
};

export const mvApplyOperators: Readonly<Record<string, Operator>> = { MvApplyOperator: mvApply };
