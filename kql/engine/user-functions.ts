/** Functions that a query (`let f = (x:long) {…}`) or the workspace declares: parameters, defaults, bodies. */
import { KqlError } from './errors.ts';
import { type Syntax } from './language/syntax.ts';
import { toType, type Type } from './values/types.ts';
import { type Cells, constant, noInput, type Relation } from './relation.ts';
import type { Names, Scope } from './scope.ts';
import { convert } from './values/convert.ts';

interface UserFunction {
  readonly declaration: Syntax;
  readonly names: Names;
}

/** What a call gives: which one, the body's expression says. */
export type Called = { readonly cells: Cells } | { readonly relation: Relation };

// Kusto refuses recursion; so does the binder. This guards against what both would miss.
const deepest = 64;

const parameterName = (parameter: Syntax): string => parameter.child('NameAndType').child('Name').name;
const parameterType = (parameter: Syntax): Syntax => parameter.child('NameAndType').child('Type');

/** The arguments of a call by parameter: named ones by name, the rest by place. */
function assign(parameters: readonly Syntax[], args: readonly Syntax[]): readonly (Syntax | undefined)[] {
  const named = new Map<string, Syntax>();
  const placed: Syntax[] = [];
  for (const argument of args) {
    if (argument.kind === 'SimpleNamedExpression') named.set(argument.child('Name').name, argument.child('Expression'));
    else placed.push(argument);
  }
  return parameters.map((parameter) => named.get(parameterName(parameter)) ?? placed.shift());
}

function toParameter(cells: Cells, type: Type): Cells {
  if (cells.constant !== undefined) return constant(type, convert(cells.constant, type, cells.type));
  if (cells.type === type) return cells;
  return { type, at: (row) => convert(cells.at(row), type, cells.type) };
}

function scalarArgument(parameter: Syntax, argument: Syntax | undefined, caller: Scope, body: Scope): Cells {
  const type = toType(parameterType(parameter).text) ?? 'dynamic';
  if (argument !== undefined) return toParameter(caller.scalar(argument), type);
  const byDefault = parameter.optional('DefaultValue');
  return byDefault === undefined ? constant(type, null) : toParameter(body.scalar(byDefault.child('Value')), type);
}

/** The rows alone. The same relation where it has no columns: a function inside of a function is over the same rows. */
const withoutColumns = (relation: Relation): Relation =>
  relation.columns.length === 0 ? relation : { ...relation, columns: [] };

/** The function's statements; the scope's names take its lets. */
export type Statement = (statement: Syntax, scope: Scope) => void;

/**
 * Calls a function.
 * @param input The first argument, where the call is `T | invoke f(…)`.
 * @throws KqlError where a table is missing or a row's value is given to a function that yields a table
 */
export function callUserFunction(
  { declaration, names }: UserFunction,
  args: readonly Syntax[],
  caller: Scope,
  run: Statement,
  input?: Relation,
): Called {
  const inner = names.inner();
  const body = declaration.child('Body');
  const expression = body.optional('Expression');
  if (expression === undefined)
    throw new KqlError('the function has no result', { code: 'runtime', position: declaration.position });
  // A scalar function stands for an expression over the caller's rows; its body sees parameters, not columns.
  const scope = caller.over(expression.isTabular ? noInput : withoutColumns(caller.relation), {
    names: inner,
    depth: caller.depth + 1,
  });
  if (scope.depth > deepest)
    throw new KqlError(`functions call each other more than ${deepest} levels deep`, { code: 'runtime' });
  const parameters = declaration.child('Parameters').list('Parameters');
  const [piped] = input === undefined ? [] : parameters;
  if (input !== undefined && piped !== undefined)
    inner.set(parameterName(piped), { kind: 'tabular', relation: () => input });
  const rest = input === undefined ? parameters : parameters.slice(1);
  const assigned = assign(rest, args);
  for (const [index, parameter] of rest.entries()) {
    const argument = assigned[index];
    const name = parameterName(parameter);
    if (parameterType(parameter).kind === 'SchemaTypeExpression') {
      if (argument === undefined)
        throw new KqlError(`${name}: a table must be given`, { code: 'runtime', position: declaration.position });
      const relation = caller.tabular(argument);
      inner.set(name, { kind: 'tabular', relation: () => relation });
      continue;
    }
    const cells = scalarArgument(parameter, argument, caller, scope);
    if (expression.isTabular && cells.constant === undefined)
      throw new KqlError(`${name}: must be the same for all rows, since the function yields a table`, {
        code: 'runtime',
        position: (argument ?? parameter).position,
      });
    inner.set(name, { kind: 'scalar', cells: () => cells, rows: scope.relation });
  }
  for (const statement of body.list('Statements')) run(statement, scope);
  return expression.isTabular ? { relation: scope.tabular(expression) } : { cells: scope.scalar(expression) };
}
