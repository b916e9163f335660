import { language, type Language } from '../engine/language/language.ts';
import { type FunctionDefinition, type TableSchema } from '../engine/language/schema.ts';
import { logAnalyticsTables } from '../tables/log-analytics.ts';
import { shippedTables } from '../tables/shipped-tables.ts';
import { workspaceFunctions } from '../tables/workspace-functions.ts';

/** What queries are bound against: tables, functions and the binder that knows both. */
export interface Schemas {
  readonly tables: ReadonlyMap<string, TableSchema>;
  /** Names of the product's own tables, which only functions may read. */
  readonly ownTables: ReadonlySet<string>;
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
  readonly language: Language;
}

/** The workspace of a customer: our tables, Microsoft's, the functions of Sentinel and the shipped ones given. */
export function schemas(shipped: readonly FunctionDefinition[]): Schemas {
  const tables = [...shippedTables, ...logAnalyticsTables];
  const functions = [...workspaceFunctions, ...shipped];
  return {
    tables: new Map(tables.map((table) => [table.name, table])),
    ownTables: new Set(shippedTables.map(({ name }) => name)),
    functions: new Map(functions.map((definition) => [definition.name, definition])),
    language: language(tables, functions),
  };
}
