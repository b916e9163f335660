/**
 * The walk over a bound tree: names, calls, pipes and statements. Kinds of expressions, functions, aggregates,
 * operators and plugins are looked up in their registries; what is in none of them is refused by name.
 */
import { aggregates } from './aggregates/aggregates.ts';
import { KqlError, UnsupportedError } from './errors.ts';
import { expressions } from './expressions/expressions.ts';
import { assertSeesColumns } from './functions/columns.ts';
import { functions } from './functions/functions.ts';
import { type Language } from './language/language.ts';
import { type FunctionDefinition } from './language/schema.ts';
import { type Syntax } from './language/syntax.ts';
import { defaultOf, toType, type Value } from './values/types.ts';
import { namedCells } from './named.ts';
import { names as newNames } from './names.ts';
import { operators } from './operators/operators.ts';
import { type Cells, columnOf, constant, fromRows, noInput, type Relation } from './relation.ts';
import type { Names, Run, Scope } from './scope.ts';
import { runStatement } from './statements.ts';
import { type Called, callUserFunction } from './user-functions.ts';
import { asString, convert } from './values/convert.ts';
import { counting, weighed } from './weight.ts';

/** What a workspace knows beside its rows. */
export interface Library {
  readonly language: Language;
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
}

/** Gives an error without a position the one of the construct that it arose in. */
function at<T>(node: Syntax, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof KqlError) || error.position !== undefined) throw error;
    throw new KqlError(error.reason, { code: error.code, position: node.position, cause: error });
  }
}

const nameOf = (operator: Syntax): string => operator.children[0]?.text ?? operator.kind;
const argumentsOf = (call: Syntax): readonly Syntax[] =>
  call.kind === 'FunctionCallExpression' ? call.child('ArgumentList').list('Expressions') : [];

function firstCell(relation: Relation): Cells {
  const [column] = relation.columns;
  const type = column?.type ?? 'dynamic';
  return constant(type, column !== undefined && relation.length > 0 ? column.at(0) : defaultOf(type));
}

function datatable(node: Syntax, scope: Scope): Relation {
  const columns = node
    .child('Schema')
    .list('Columns')
    .map((column) => ({ name: column.child('Name').name, type: toType(column.child('Type').text) ?? 'dynamic' }));
  const values = node.list('Values').map((value) => scope.scalar(value));
  const rows: Value[][] = [];
  for (let start = 0; start + columns.length <= values.length && columns.length > 0; start += columns.length)
    rows.push(
      columns.map(({ type }, index) => {
        const cells = values[start + index] ?? constant(type, null);
        const value = cells.constant ?? null;
        if (cells.type === type) return value ?? defaultOf(type);
        return convert(value, type, cells.type);
      }),
    );
  return fromRows(columns, rows);
}

/** The scope of a run with no rows yet. */
export function rootScope(library: Library, run: Run): Scope {
  const called = (node: Syntax, name: string, scope: Scope, input?: Relation): Called | undefined => {
    const binding = scope.names.find(name);
    if (binding?.kind === 'function') return callUserFunction(binding, argumentsOf(node), scope, runStatement, input);
    const definition = library.functions.get(name);
    if (definition === undefined) return undefined;
    const declaration = library.language.declaration(definition);
    return callUserFunction({ declaration, names: newNames() }, argumentsOf(node), scope, runStatement, input);
  };

  const reference = (node: Syntax, scope: Scope): Cells => {
    const { name } = node;
    const column = columnOf(scope.relation, name);
    if (column !== undefined) return column;
    const binding = scope.names.find(name);
    if (binding?.kind === 'scalar') {
      const cells = binding.cells();
      if (cells.constant === undefined && binding.rows !== scope.relation)
        throw new KqlError(
          `${name} differs from row to row, so a sub-query (toscalar, in, a table argument) cannot read it: join the tables instead`,
          { code: 'runtime', position: node.position },
        );
      return cells;
    }
    if (binding?.kind === 'tabular') return firstCell(binding.relation());
    // `column_names_of(T)` takes a table by name.
    const table = run.table(name);
    if (table !== undefined) return firstCell(table);
    const result = called(node, name, scope);
    if (result === undefined)
      throw new KqlError(`no column, variable or function named ${name}`, { code: 'runtime', position: node.position });
    return 'cells' in result ? result.cells : firstCell(result.relation);
  };

  const call = (node: Syntax, scope: Scope): Cells => {
    const { name } = node.child('Name');
    const result = called(node, name, scope);
    if (result !== undefined) return 'cells' in result ? result.cells : firstCell(result.relation);
    const aggregate = scope.collect === undefined ? undefined : aggregates.get(name);
    if (scope.collect !== undefined && aggregate !== undefined) return scope.collect(node, aggregate);
    const implementation = functions.get(name);
    if (implementation === undefined) throw new UnsupportedError(`function ${name}`, node.position);
    const args = argumentsOf(node).flatMap((argument): readonly Cells[] => {
      if (argument.kind !== 'StarExpression')
        return [scope.scalar(argument.kind === 'SimpleNamedExpression' ? argument.child('Expression') : argument)];
      // `pack_array(*)`: every column is an argument.
      assertSeesColumns(name, node);
      return scope.relation.columns;
    });
    const counted = args.map((cells) => counting(cells, run.budget));
    return weighed(name, implementation(counted, { name, node, scope }), run.budget);
  };

  const scalar = (node: Syntax, scope: Scope): Cells => {
    switch (node.kind) {
      case 'ParenthesizedExpression':
      case 'BracketedExpression':
      case 'SimpleNamedExpression':
        return scope.scalar(node.child('Expression'));
      case 'NameReference':
        return reference(node, scope);
      case 'FunctionCallExpression':
        return at(node, () => call(node, scope));
      case 'ToScalarExpression': {
        const expression = node.child('Expression');
        return expression.isTabular ? firstCell(scope.tabular(expression)) : scope.scalar(expression);
      }
      default: {
        const compile = expressions.get(node.kind);
        if (compile === undefined) throw new UnsupportedError(`expression ${node.kind}`, node.position);
        return at(node, () => compile(node, scope));
      }
    }
  };

  const apply = (node: Syntax, scope: Scope): Relation => {
    const operator = operators.get(node.kind);
    if (operator === undefined) throw new UnsupportedError(`operator ${nameOf(node)}`, node.position);
    return at(node, () => operator(node, scope));
  };
  const isOperator = (node: Syntax): boolean => node.kind.endsWith('Operator');

  const source = (node: Syntax, name: string, scope: Scope): Relation => {
    const binding = scope.names.find(name);
    if (binding?.kind === 'tabular') return binding.relation();
    const table = binding === undefined && node.kind === 'NameReference' ? run.table(name) : undefined;
    if (table !== undefined) return table;
    const result = called(node, name, scope);
    if (result !== undefined && 'relation' in result) return result.relation;
    throw new KqlError(`no table or function named ${name}`, { code: 'KS204', position: node.position });
  };

  const tableCall = (node: Syntax, scope: Scope): Relation => {
    const [argument] = argumentsOf(node);
    const name = argument === undefined ? '' : asString(scope.constant(argument));
    const table = run.table(name);
    if (table === undefined) throw new KqlError(`no table named ${name}`, { code: 'KS204', position: node.position });
    return table;
  };

  const tabular = (node: Syntax, scope: Scope): Relation => {
    if (isOperator(node)) return apply(node, scope.over(noInput));
    switch (node.kind) {
      case 'ParenthesizedExpression':
      case 'MaterializeExpression':
      case 'ToTableExpression':
      case 'DataScopeExpression':
        return scope.tabular(node.child('Expression'));
      case 'PipeExpression':
        return apply(node.child('Operator'), scope.over(scope.tabular(node.child('Expression'))));
      case 'NameReference':
        return source(node, node.name, scope);
      case 'FunctionCallExpression': {
        const { name } = node.child('Name');
        const [first] = argumentsOf(node);
        // Relations are read lazily and remembered, so a materialized table is the table.
        if (name === 'materialize' && first !== undefined) return scope.tabular(first);
        return name === 'table' ? tableCall(node, scope) : source(node, name, scope);
      }
      // What `union *` finds under the name of a view.
      case 'FunctionDeclaration': {
        const result = callUserFunction({ declaration: node, names: scope.names }, [], scope, runStatement);
        if ('relation' in result) return result.relation;
        break;
      }
      case 'DataTableExpression':
        return datatable(node, scope.over(noInput));
      default:
    }
    throw new UnsupportedError(`source ${node.kind}: ${node.text.slice(0, 60)}`, node.position);
  };

  const pipe = (node: Syntax, input: Relation, scope: Scope): Relation => {
    if (isOperator(node)) return apply(node, scope.over(input));
    switch (node.kind) {
      case 'PipeExpression':
        return apply(node.child('Operator'), scope.over(pipe(node.child('Expression'), input, scope)));
      case 'ParenthesizedExpression':
      case 'MvApplySubqueryExpression':
        return pipe(node.child('Expression'), input, scope);
      default:
        return scope.tabular(node);
    }
  };

  const scopeOver = (names: Names, relation: Relation, extras: Partial<Scope> & Pick<Scope, 'depth'>): Scope => {
    const scope: Scope = {
      ...extras,
      run,
      relation,
      names,
      scalar: (node) => scalar(node, scope),
      constant: (node) => {
        const { constant: value } = scalar(node, scope);
        if (value !== undefined) return value;
        throw new KqlError(`must be a constant: ${node.text.slice(0, 60)}`, {
          code: 'runtime',
          position: node.position,
        });
      },
      named: (node) => namedCells(node, scope),
      tabular: (node) => tabular(node, scope),
      pipe: (node, input) => pipe(node, input, scope),
      invoke: (node, input) => {
        const result = called(node, node.child('Name').name, scope, input);
        if (result !== undefined && 'relation' in result) return result.relation;
        throw new KqlError(`invoke needs a function that yields a table: ${node.child('Name').name}`, {
          code: 'runtime',
          position: node.position,
        });
      },
      over: (next, { names: inner = names, depth = scope.depth, ...rest } = {}) =>
        scopeOver(inner, next, { ...rest, depth }),
    };
    return scope;
  };
  return scopeOver(newNames(), noInput, { depth: 0 });
}
