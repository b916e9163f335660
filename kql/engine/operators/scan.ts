/** `scan`: finds sequences of rows by steps (https://learn.microsoft.com/kusto/query/scan-operator). */
import { KqlError, UnsupportedError } from '../errors.ts';
import { type Syntax } from '../language/syntax.ts';
import { defaultOf, toType, type Value } from '../values/types.ts';
import { type Column, constant, fromRows, listed, type Relation, rowOf, withColumns } from '../relation.ts';
import type { Operator, Scope } from '../scope.ts';
import { convert } from '../values/convert.ts';
import { toBag } from '../values/json.ts';
import { namedParameters } from './named-parameters.ts';

/** The rows that a sequence matched last, by step; undefined for steps that it has not reached. */
interface Sequence {
  readonly id: number;
  readonly rows: readonly (readonly Value[] | undefined)[];
}

/** A step's expressions, compiled to read the sequence in `Reading`. */
interface Compiled {
  readonly isMatch: (row: number) => boolean;
  /** The row with the declared columns that the step sets. */
  readonly extend: (row: number) => readonly Value[];
}

interface Step {
  readonly isOutput: boolean;
  /** For a row that continues the sequence of the step before, and for one that repeats the step. */
  readonly next: Compiled;
  readonly repeat: Compiled;
}

/** What references to steps (`s1.Time`) read now. */
interface Reading {
  sequence: Sequence | undefined;
}

// Functions over the rows around: the engine refuses them inside of scan.
const windowFunctions = /^(?:prev|next|row_number|row_cumsum|row_rank_dense|row_rank_min|row_window_session)$/;

const nameOf = (step: Syntax): string => step.child('Name').name;

function declaredColumns(node: Syntax, scope: Scope): readonly Column[] {
  return (node.optional('DeclareClause')?.list('Declarations') ?? []).map((declaration) => {
    const { name } = declaration.child('NameAndType').child('Name');
    const type = toType(declaration.child('NameAndType').child('Type').text) ?? 'dynamic';
    const value = declaration.optional('DefaultValue')?.child('Value');
    const cells = value === undefined ? undefined : scope.scalar(value);
    const start = cells === undefined ? defaultOf(type) : convert(cells.at(0), type, cells.type);
    return { name, ...constant(type, start) };
  });
}

/** Refuses what the documentation leaves open. */
function check(step: Syntax, index: number, steps: readonly Syntax[], declared: readonly Column[]): void {
  const names = steps.map(nameOf);
  const refuse = (what: string, { position }: Syntax): never => {
    throw new UnsupportedError(`scan: ${what}`, position);
  };
  const optional = step.optional('OptionalKeyword');
  if (optional !== undefined) refuse('optional steps', optional);
  for (const node of step.descendants()) {
    if (node.kind === 'FunctionCallExpression' && windowFunctions.test(node.child('Name').name))
      throw new KqlError(`scan: ${node.child('Name').name} is not allowed in a step: refer to the step's last row`, {
        code: 'runtime',
        position: node.position,
      });
    if (node.kind === 'NameReference' && names.indexOf(node.name) > index)
      refuse(`step ${nameOf(step)} that refers to the later step ${node.name}`, node);
  }
  const isOwn = ({ kind, name }: Syntax): boolean => kind === 'NameReference' && name === nameOf(step);
  const condition = step.child('Condition');
  if (index > 0 && [...condition.descendants()].some(isOwn))
    refuse(`a condition of step ${nameOf(step)} that refers to the step itself`, condition);
  const assigned = new Set<string>();
  for (const assignment of step.optional('ComputationClause')?.list('Assignments') ?? []) {
    const { name } = assignment.child('Name');
    if (!declared.some((column) => column.name === name))
      refuse(`an assignment to ${name}, which is not declared`, assignment);
    for (const node of assignment.child('Expression').descendants())
      if (node.kind === 'NameReference' && assigned.has(node.name) && node.parent?.optional('Selector') !== node)
        refuse(`${node.name}, which the same step assigns before`, node);
    assigned.add(name);
  }
}

/** The steps' names over the rows that the sequence matched last; defaults where it has none. */
function stepNames(steps: readonly Syntax[], columns: readonly Column[], reading: Reading, scope: Scope): Scope {
  const names = scope.names.inner();
  const source = scope.relation.columns.length;
  const relation = withColumns(scope.relation, columns);
  for (const [index, step] of steps.entries()) {
    const tuple = columns.map(({ name, type, at }, column) => ({
      name,
      type,
      at: (row: number): Value => {
        const matched = reading.sequence?.rows[index];
        if (matched !== undefined) return matched[column] ?? null;
        return column < source ? defaultOf(type) : at(row);
      },
    }));
    const whole = (row: number): Value => toBag(tuple.map(({ name, at }) => [name, at(row)]));
    names.set(nameOf(step), { kind: 'scalar', cells: () => ({ type: 'dynamic', at: whole, tuple }), rows: relation });
  }
  return scope.over(relation, { names });
}

function compiled(step: Syntax, input: Relation, scope: Scope): Compiled {
  const { at } = scope.scalar(step.child('Condition'));
  const { columns } = scope.relation;
  const assignments = new Map(
    (step.optional('ComputationClause')?.list('Assignments') ?? []).map((assignment) => [
      assignment.child('Name').name,
      scope.scalar(assignment.child('Expression')),
    ]),
  );
  const declared = columns.slice(input.columns.length).map((column) => {
    const cells = assignments.get(column.name);
    if (cells === undefined) return column.at;
    return cells.type === column.type
      ? cells.at
      : (row: number): Value => convert(cells.at(row), column.type, cells.type);
  });
  return {
    isMatch: (row) => at(row) === true,
    extend: (row) => [...rowOf(input, row), ...declared.map((cell) => cell(row))],
  };
}

function toStep(node: Syntax, input: Relation, scope: Scope): Step {
  const output = node.optional('ScanStepOutput')?.child('OutputKind').text ?? 'all';
  // When the last of repeated matches is put out is not documented.
  if (output !== 'all' && output !== 'none') throw new UnsupportedError(`scan: output=${output}`, node.position);
  // Compiled twice: cells may remember a row's value, and both may be asked of the same row.
  return { isOutput: output === 'all', next: compiled(node, input, scope), repeat: compiled(node, input, scope) };
}

interface Found {
  readonly rows: (readonly Value[])[];
  readonly ids: number[];
}

/** Goes over the rows; each is tried on all steps, the last step first. */
function search(steps: readonly Step[], reading: Reading, { relation, run: { budget } }: Scope): Found {
  const found: Found = { rows: [], ids: [] };
  const active: (Sequence | undefined)[] = steps.map(() => undefined);
  let sequences = 0;
  const extended = (step: Step, { extend }: Compiled, id: number, row: number): readonly Value[] => {
    const values = extend(row);
    if (step.isOutput) {
      budget.keep(1);
      found.rows.push(values);
      found.ids.push(id);
    }
    return values;
  };
  for (let row = 0; row < relation.length; row += 1) {
    budget.visit();
    for (let index = steps.length - 1; index >= 0; index -= 1) {
      const step = steps[index];
      if (step === undefined) continue;
      const before = active[index - 1];
      reading.sequence = before;
      if (before !== undefined && step.next.isMatch(row)) {
        active[index - 1] = undefined;
        active[index] = { id: before.id, rows: [...before.rows, extended(step, step.next, before.id, row)] };
        continue;
      }
      const own = active[index];
      reading.sequence = own;
      if ((own === undefined && index > 0) || !step.repeat.isMatch(row)) continue;
      // Repeated matches of the first step go on with its sequence; one begins where there is none.
      const id = own?.id ?? sequences;
      if (own === undefined) sequences += 1;
      active[index] = { id, rows: [...(own?.rows.slice(0, index) ?? []), extended(step, step.repeat, id, row)] };
    }
  }
  return found;
}

/** `output=last`, `partition by`, `order by` and optional steps are refused. */
export const scan: Operator = (node, scope) => {
  const { relation } = scope;
  for (const clause of ['OrderByClause', 'PartitionByClause']) {
    const found = node.optional(clause);
    if (found !== undefined)
      throw new UnsupportedError(`scan: ${found.children[0]?.text ?? clause} by`, found.position);
  }
  const declared = declaredColumns(node, scope);
  const steps = node.list('Steps');
  for (const [index, step] of steps.entries()) check(step, index, steps, declared);
  const reading: Reading = { sequence: undefined };
  const columns = [...relation.columns, ...declared];
  const inner = stepNames(steps, columns, reading, scope);
  const found = search(
    steps.map((step) => toStep(step, relation, inner)),
    reading,
    scope,
  );
  const result = fromRows(columns, found.rows, relation.order);
  const idName = namedParameters(node).get('with_match_id');
  if (idName === undefined) return result;
  return withColumns(result, [...result.columns, { name: idName, ...listed('long', found.ids) }]);
};

export const scanOperators: Readonly<Record<string, Operator>> = { ScanOperator: scan };
