import type { ColumnSchema, TableSchema } from '../engine/language/schema.ts';
import type { Type } from '../engine/values/types.ts';

/** Columns by type: names with a blank between them. */
export type ColumnNames = Readonly<Partial<Record<Type, string>>>;

const types = ['datetime', 'string', 'dynamic', 'bool', 'int', 'long', 'real'] as const satisfies readonly Type[];

const columnsOf = (names: ColumnNames): readonly ColumnSchema[] =>
  types.flatMap((type) => (names[type] ?? '').split(' ').flatMap((name) => (name === '' ? [] : [{ name, type }])));

/** The columns that Log Analytics adds to every table (Azure Monitor: standard columns in Azure Monitor Logs). */
export const standardColumns: readonly ColumnSchema[] = columnsOf({
  datetime: '_TimeReceived',
  string: 'TenantId SourceSystem Type _ResourceId _ItemId _SubscriptionId _IsBillable',
  real: '_BilledSize',
});

/** A table of Log Analytics: the columns given, by type, and the standard ones. */
export const table = (name: string, names: ColumnNames): TableSchema => ({
  name,
  columns: [...columnsOf(names), ...standardColumns],
});
