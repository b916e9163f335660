/** What Azure Data Explorer has and Log Analytics has not: "Log queries in Azure Monitor", Microsoft Learn, 2024-05-26. */
import type { Syntax } from './language/syntax.ts';

/** Functions that Log Analytics refuses. */
export const forbiddenFunctions: ReadonlySet<string> = new Set([
  'cluster',
  'database',
  'current_cluster_endpoint',
  'current_database',
  'current_principal',
  'current_principal_details',
  'current_principal_is_member_of',
  'cursor_after',
  'cursor_before_or_at',
  'cursor_current',
  'current_cursor',
  'extent_id',
  'extent_tags',
  'external_table',
  'materialized_view',
  'stored_query_result',
]);
/** Plugins of `evaluate` that Log Analytics refuses. */
export const forbiddenPlugins: ReadonlySet<string> = new Set([
  'azure_digital_twins_query_request',
  'cosmosdb_sql_request',
  'http_request',
  'http_request_post',
  'mysql_request',
  'postgresql_request',
  'python',
  'r',
  'sql_request',
]);
const statements: Readonly<Record<string, string>> = {
  AliasStatement: 'alias',
  PatternStatement: 'declare pattern',
  QueryParametersStatement: 'declare query_parameters',
  RestrictStatement: 'restrict',
};

/** A construct that Log Analytics refuses, where it stands, and what to do instead. */
export interface ForbiddenConstruct {
  readonly node: Syntax;
  readonly reason: string;
}

function reasonOf(node: Syntax): string | undefined {
  const statement = statements[node.kind];
  if (statement !== undefined) return `Log Analytics has no statement \`${statement}\`: use let`;
  if (node.kind !== 'FunctionCallExpression') return undefined;
  const { name } = node.child('Name');
  if (node.parent?.kind === 'EvaluateOperator')
    return forbiddenPlugins.has(name) ? `Log Analytics has no plugin ${name}: do it outside of the query` : undefined;
  return forbiddenFunctions.has(name)
    ? `Log Analytics has no function ${name}(): name the table or function of the workspace`
    : undefined;
}

/** The forbidden constructs among nodes, in their order. */
export function* forbiddenConstructs(nodes: Iterable<Syntax>): Generator<ForbiddenConstruct> {
  for (const node of nodes) {
    const reason = reasonOf(node);
    if (reason !== undefined) yield { node, reason };
  }
}
