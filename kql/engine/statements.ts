/** Statements of a query or of a function's body: they give names, set options, or yield a table. */
import { KqlError, UnsupportedError } from './errors.ts';
import { type Syntax } from './language/syntax.ts';
import { defaultOf, toType } from './values/types.ts';
import { constant, noInput, type Relation } from './relation.ts';
import type { Scope } from './scope.ts';

function once<T>(act: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    known ??= { value: act() };
    return known.value;
  };
}

function bindLet(node: Syntax, scope: Scope): void {
  const { name } = node.child('Name');
  const expression = node.child('Expression');
  const { names } = scope;
  // `let Events = Events | where …` reads the table, whenever it is first asked for.
  const before = names.earlier();
  const earlier = scope.over(scope.relation, { names: before });
  if (expression.kind === 'FunctionDeclaration')
    names.set(name, { kind: 'function', declaration: expression, names: before });
  else if (expression.isTabular)
    names.set(name, {
      kind: 'tabular',
      relation: once(() => {
        // `union withsource=` calls a variable by its place, whatever table it was made from.
        const { name: _table, ...relation } = earlier.tabular(expression);
        return relation;
      }),
    });
  else
    names.set(name, {
      kind: 'scalar',
      rows: scope.relation,
      cells: once(() => {
        const cells = earlier.scalar(expression);
        // Outside of functions there are no rows: what is not constant (`rand()`) is drawn once.
        return scope.relation === noInput && cells.constant === undefined ? constant(cells.type, cells.at(0)) : cells;
      }),
    });
}

function bindParameters(node: Syntax, scope: Scope): void {
  for (const parameter of node.list('Parameters')) {
    const value = parameter.optional('DefaultValue')?.child('Value');
    const type = toType(parameter.child('NameAndType').child('Type').text) ?? 'dynamic';
    const cells = value === undefined ? constant(type, defaultOf(type)) : scope.scalar(value);
    scope.names.set(parameter.child('NameAndType').child('Name').name, {
      kind: 'scalar',
      cells: () => cells,
      rows: scope.relation,
    });
  }
}

// Request properties of Kusto that change where and how a query runs, and never its rows (documentation of the Kusto
// client request properties). All others do, or may.
const harmlessOptions: ReadonlySet<string> = new Set([
  'materialized_view_shuffle',
  'maxmemoryconsumptionperiterator',
  'max_memory_consumption_per_query_per_node',
  'norequesttimeout',
  'notruncation',
  'push_selection_through_aggregation',
  'query_distribution_nodes_span',
  'query_fanout_nodes_percent',
  'query_fanout_threads_percent',
  'query_results_cache_max_age',
  'query_results_cache_per_shard',
  'query_shuffle_broadcast_join',
  'query_weakconsistency_session_id',
  'queryconsistency',
  'request_app_name',
  'request_description',
  'request_user',
  'servertimeout',
]);

function assertHarmless(statement: Syntax): void {
  const name = statement.child('Name').text;
  if (!harmlessOptions.has(name.toLowerCase())) throw new UnsupportedError(`set ${name}`, statement.position);
}

/** Runs a statement that yields nothing; names go into the scope. */
export function runStatement(statement: Syntax, scope: Scope): void {
  switch (statement.kind) {
    case 'LetStatement':
      bindLet(statement, scope);
      return;
    case 'QueryParametersStatement':
      bindParameters(statement, scope);
      return;
    case 'SetOptionStatement':
      assertHarmless(statement);
      return;
    default:
      throw new UnsupportedError(`statement ${statement.children[0]?.text ?? statement.kind}`, statement.position);
  }
}

/** Runs the statements of a query and gives what its last expression yields; undefined where there is none. */
export function runStatements(statements: readonly Syntax[], scope: Scope): Relation | undefined {
  const [, second] = statements.filter(({ kind }) => kind === 'ExpressionStatement');
  if (second !== undefined)
    throw new KqlError('a query has one result, and this is a second one: name the others with let, or remove them', {
      code: 'unsupported',
      position: second.position,
    });
  let last: Relation | undefined;
  for (const statement of statements) {
    if (statement.kind !== 'ExpressionStatement') runStatement(statement, scope);
    else {
      const expression = statement.child('Expression');
      if (expression.isTabular) last = scope.tabular(expression);
      else {
        const cells = scope.scalar(expression);
        last = { columns: [{ name: 'print_0', type: cells.type, at: cells.at }], length: 1, order: 'none' };
      }
    }
  }
  return last;
}
