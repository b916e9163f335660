import type { ColumnType, Table } from './table.ts';

/** Columns as `Microsoft.OperationalInsights/workspaces/tables` wants them (`dateTime`, not `datetime`). */
export function toArmColumns(of: Table): readonly { name: string; type: string; description: string }[] {
  return Object.entries(of.columns).map(([name, { type, description }]) => ({
    name,
    type: type === 'datetime' ? 'dateTime' : type,
    description,
  }));
}

/** Stream declaration of a data collection rule: name `Custom-<Table>` and its columns. */
export function toDcrStream(of: Table): { name: string; columns: readonly { name: string; type: ColumnType }[] } {
  return {
    name: `Custom-${of.name}`,
    columns: Object.entries(of.columns).map(([name, { type }]) => ({ name, type })),
  };
}

// Kusto calls a boolean `bool`; the other names agree.
const kustoType = (type: string): string => (type === 'boolean' ? 'bool' : type);

/** Column list as Kusto declares a table: `(TimeGenerated: datetime, ...)`. */
export function toKustoSchema(of: Table): string {
  return `(${Object.entries(of.columns)
    .map(([name, { type }]) => `${name}: ${kustoType(type)}`)
    .join(', ')})`;
}

/** The page docs/tables.md. */
export function toTablesPage(tables: readonly Table[]): string {
  const parts = ['# Tables', '', 'Generated from `collector/schema` by `npm run docs`. Do not edit.', ''];
  parts.push(
    'Privacy: `none` says nothing about a person, `identity` tells who, `content` tells what somebody wrote, read or named.',
    '',
  );
  for (const { name, description, columns } of tables) {
    parts.push(`## ${name}`, '', description, '', '| Column | Type | Privacy | Meaning |', '|---|---|---|---|');
    for (const [column, { type, privacy, description: meaning }] of Object.entries(columns)) {
      parts.push(`| ${column} | ${type} | ${privacy} | ${meaning} |`);
    }
    parts.push('');
  }
  return parts.join('\n');
}
