import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFunction, type StoredFunction } from '../functions.ts';
import type { ShippedQuery } from './shipped-query.ts';
import { type UnreadableWorkbook, type WorkbookFile, workbookFile } from './workbook-file.ts';
import { workbookQueries } from './workbook-queries.ts';
import { NO_QUERY, yamlQuery } from './yaml-query.ts';

/** Everything shipped that is or holds a query. */
export interface Content {
  readonly functions: readonly StoredFunction[];
  /** The functions among them: their files are bound as they stand. */
  readonly queries: readonly ShippedQuery[];
  /** Their queries are among the others, as they are sent by default. */
  readonly workbooks: readonly (WorkbookFile | UnreadableWorkbook)[];
}

const folders = {
  functions: 'kql/functions',
  hunting: 'kql/hunting',
  rules: 'analytics-rules',
  workbooks: 'workbooks',
} as const;

interface FunctionFile {
  readonly stored?: StoredFunction;
  readonly query: ShippedQuery;
}

function functionFile(path: string, fileText: string): FunctionFile {
  const base = { path, kind: 'function', fileText, toFileOffset: (offset: number) => offset } as const;
  try {
    const stored = parseFunction(path, fileText);
    return { stored, query: { ...base, name: stored.name, text: fileText, remarks: [] } };
  } catch (error) {
    const message = (error instanceof Error ? error.message : String(error)).replace(`${path}: `, '');
    return { query: { ...base, name: path, text: '', remarks: [{ code: NO_QUERY, offset: 0, message }] } };
  }
}

/** Finds every query below the project's root; folders that do not exist hold none. */
export function readContent(root: string): Content {
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  const filesOf = (folder: string, pattern: string): readonly string[] =>
    globSync(`${folder}/${pattern}`, { cwd: root })
      .map((path) => path.replaceAll('\\', '/'))
      .sort();
  const functions = filesOf(folders.functions, '*.kql').map((path) => functionFile(path, read(path)));
  const workbooks = filesOf(folders.workbooks, '**/*.json').map((path) => workbookFile(path, read(path)));
  return {
    functions: functions.flatMap(({ stored }) => stored ?? []),
    queries: [
      ...functions.map(({ query }) => query),
      ...filesOf(folders.hunting, '**/*.yaml').map((path) => yamlQuery(path, read(path), 'hunting')),
      ...filesOf(folders.rules, '**/*.yaml').map((path) => yamlQuery(path, read(path), 'rule')),
      ...workbooks.flatMap(workbookQueries),
    ],
    workbooks,
  };
}
