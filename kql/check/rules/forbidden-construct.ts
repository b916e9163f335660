import type { Syntax } from '../../engine/language.ts';
import { at, calledName, type LintRule } from '../lint-rule.ts';

// Azure Monitor, "Log queries in Azure Monitor": what Azure Data Explorer has and Log Analytics has not.
const functions: ReadonlySet<string> = new Set([
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
const plugins: ReadonlySet<string> = new Set([
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

const isPlugin = (call: Syntax): boolean => call.parent?.kind === 'EvaluateOperator';

/** What the binder knows from Azure Data Explorer and Log Analytics refuses. */
export const forbiddenConstruct: LintRule = {
  code: 'KQL011',
  title: 'Log Analytics knows what the query uses.',
  *remarks({ nodes }) {
    for (const call of nodes('FunctionCallExpression')) {
      const name = calledName(call);
      if (isPlugin(call) && plugins.has(name))
        yield at(call, `Log Analytics has no plugin ${name}: do it outside of the query`);
      else if (!isPlugin(call) && functions.has(name))
        yield at(call, `Log Analytics has no function ${name}(): name the table or function of the workspace`);
    }
    for (const [kind, name] of Object.entries(statements))
      for (const statement of nodes(kind)) yield at(statement, `Log Analytics has no statement \`${name}\`: use let`);
  },
};
