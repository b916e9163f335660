/** A Log Analytics workspace on this machine: the product's tables and functions, Microsoft's tables, watchlists. */
import { existsSync, globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Engine, engine } from '../kql/engine/engine.ts';
import type { FunctionDefinition, TableSchema } from '../kql/engine/language/schema.ts';
import type { TableRows } from '../kql/engine/table-reader.ts';
import { readFunctions } from '../kql/functions.ts';
import { logAnalyticsTables } from '../kql/tables/log-analytics.ts';
import { shippedTables } from '../kql/tables/shipped-tables.ts';
import { workspaceFunctions } from '../kql/tables/workspace-functions.ts';
import { ndjsonTable } from './ndjson-table.ts';

/** The folder of the shipped functions. */
export const shippedFunctions = fileURLToPath(new URL('../kql/functions', import.meta.url));

/** All tables that a query may name. */
export const workspaceTables: readonly TableSchema[] = [...shippedTables, ...logAnalyticsTables];

/** The engine of a workspace with the shipped functions. */
export function workspaceEngine(functions: readonly FunctionDefinition[] = readFunctions(shippedFunctions)): Engine {
  return engine({ tables: workspaceTables, functions: [...workspaceFunctions, ...functions] });
}

/** The schema of a table of the workspace. @throws Error that names the tables there are */
export function schemaOf(name: string): TableSchema {
  const schema = workspaceTables.find((table) => table.name === name);
  if (schema !== undefined) return schema;
  throw new Error(`no table named ${name}: there are ${workspaceTables.map((table) => table.name).join(', ')}`);
}

/**
 * The tables of a directory of rows: `<directory>/<Table>/*.ndjson`, as the collector writes them, or
 * `<directory>/<Table>.ndjson`. Folders of other names are not looked at.
 */
export function directoryTables(directory: string): Readonly<Record<string, TableRows>> {
  const found: Record<string, TableRows> = {};
  for (const schema of workspaceTables) {
    const paths = globSync([join(schema.name, '*.ndjson'), `${schema.name}.ndjson`], { cwd: directory })
      .sort()
      .map((path) => join(directory, path));
    if (paths.length > 0) found[schema.name] = ndjsonTable(paths, schema);
  }
  return found;
}

/** The rows of one file under the name of a table (`--table Name=rows.ndjson`). @throws Error for another form, or where there is no such file */
export function fileTable(assignment: string): Readonly<Record<string, TableRows>> {
  const [, name, path] = /^(\w+)=(.+)$/.exec(assignment) ?? [];
  if (name === undefined || path === undefined)
    throw new Error(
      `--table ${assignment}: must be Name=rows.ndjson, for example CopilotAudit_CL=${basename('rows.ndjson')}`,
    );
  if (!existsSync(path)) throw new Error(`--table ${assignment}: there is no file ${path}`);
  return { [name]: ndjsonTable([path], schemaOf(name)) };
}
