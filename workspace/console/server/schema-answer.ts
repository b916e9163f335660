/** What queries may name, for people who look for it. */
import type { Engine } from '../../../kql/engine/engine.ts';
import { readFunctions } from '../../../kql/functions.ts';
import { shippedTables } from '../../../kql/tables/shipped-tables.ts';
import { tables as definitions } from '../../../collector/schema/index.ts';
import { shippedFunctions, workspaceTables } from '../../workspace.ts';
import type { ColumnView, SchemaEntry } from '../api.ts';

const firstParagraph = (text: string): string => text.split(/\n\s*\n/)[0]?.replaceAll('\n', ' ') ?? '';

// A function that does not bind is listed all the same: what is wrong with it, a query that calls it says.
function columnsOf(engine: Engine, name: string): readonly ColumnView[] {
  try {
    return engine.prepare(name).analysis.columns ?? [];
  } catch {
    return [];
  }
}

/** The product's functions. Binding all of them takes a second or two the first time. */
export const functionEntries = (engine: Engine): readonly SchemaEntry[] =>
  readFunctions(shippedFunctions).map(({ name, parameters, documentation }) => ({
    name,
    summary: firstParagraph(documentation),
    signature: `(${parameters})`,
    columns: columnsOf(engine, name),
  }));

/** The product's tables, and those of Microsoft's that have rows. */
export function tableEntries(present: ReadonlySet<string>): readonly SchemaEntry[] {
  const shipped = new Set(shippedTables.map(({ name }) => name));
  const summaries = new Map<string, string>(definitions.map(({ name, description }) => [name, description]));
  return workspaceTables
    .filter(({ name }) => shipped.has(name) || present.has(name))
    .map(({ name, columns }) => ({ name, summary: summaries.get(name) ?? '', signature: null, columns }));
}
