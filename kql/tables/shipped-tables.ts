import { tables } from '../../collector/schema/index.ts';
import type { TableSchema } from '../engine/language/schema.ts';
import { standardColumns } from './table.ts';

/** The product's own tables as Log Analytics shows them: the columns of `collector/schema` and the standard ones. */
export const shippedTables: readonly TableSchema[] = tables.map(({ name, columns }) => ({
  name,
  columns: [
    ...Object.entries(columns).map(([column, { type }]) => ({
      name: column,
      // Kusto calls a boolean bool; the other names agree.
      type: type === 'boolean' ? ('bool' as const) : type,
    })),
    ...standardColumns,
  ],
}));
