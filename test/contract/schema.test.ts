/** One definition per table: everything that derives from it agrees, and Azure takes it. */
import { describe, expect, it } from 'vitest';
import {
  copilotAudit,
  emptyRow,
  rowProblems,
  tables,
  toArmColumns,
  toDcrStream,
  toKustoSchema,
  toTablesPage,
  type ColumnType,
} from '../../collector/schema/index.ts';

// Azure Monitor, custom tables: names that a workspace keeps for itself.
const reserved = ['_ResourceId', 'id', '_SubscriptionId', 'TenantId', 'Type', 'UniqueId', 'Title'];
// The columns of Microsoft's own CopilotActivity that a custom table may have: all are strings but two.
const shared: Readonly<Record<string, ColumnType>> = {
  TimeGenerated: 'datetime',
  LLMEventData: 'dynamic',
  ...Object.fromEntries(
    [
      'RecordId',
      'RecordType',
      'ActorName',
      'ActorUserId',
      'ActorUserType',
      'AgentId',
      'AgentName',
      'AIModelName',
      'AIModelVersion',
      'AppHost',
      'AppIdentity',
      'ClientRegion',
      'LogVersion',
      'OrganizationId',
      'SrcIpAddr',
      'Version',
      'Workload',
    ].map((name) => [name, 'string'] as const),
  ),
};

/** A value that fits, and one that does not, for each type. */
const samples: Readonly<Record<ColumnType, readonly [good: unknown, bad: unknown]>> = {
  string: ['text', 1],
  int: [2 ** 31 - 1, 2 ** 31],
  long: [2 ** 53 - 1, 2 ** 53],
  real: [0.5, Number.NaN],
  boolean: [true, 'true'],
  datetime: ['2026-11-18T09:00:00.1234567Z', '2026-11-18T09:00:00'],
  dynamic: [{ nested: [1] }, undefined],
};

describe.for(tables)('$name', (table) => {
  const columns = Object.entries(table.columns);

  it('has the same columns in ARM, in the DCR stream and in Kusto', () => {
    const arm = toArmColumns(table).map(({ name, type }) => [name, type === 'dateTime' ? 'datetime' : type]);
    const dcr = toDcrStream(table).columns.map(({ name, type }) => [name, type]);
    const kusto = toKustoSchema(table)
      .slice(1, -1)
      .split(', ')
      .map((column) => column.split(': '))
      .map(([name, type]) => [name, type === 'bool' ? 'boolean' : type]);
    const own = columns.map(([name, { type }]) => [name, type]);
    expect(arm).toEqual(own);
    expect(dcr).toEqual(own);
    expect(kusto).toEqual(own);
    expect(toDcrStream(table).name).toBe(`Custom-${table.name}`);
  });

  it('checks rows by the same types', () => {
    for (const [name, { type }] of columns) {
      const [good, bad] = samples[type];
      expect(rowProblems(table, { ...emptyRow(table), [name]: good })).toEqual([]);
      expect(rowProblems(table, { ...emptyRow(table), [name]: bad })).toEqual([expect.stringContaining(name)]);
    }
    expect(rowProblems(table, { ...emptyRow(table), Surprise: 1 })).toEqual([`${table.name} has no column Surprise`]);
  });

  it('has names that Azure takes', () => {
    expect(table.name).toMatch(/^[A-Za-z][A-Za-z0-9_]{0,62}_CL$/);
    expect(columns.length).toBeLessThanOrEqual(500);
    for (const [name] of columns) {
      expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_]{0,44}$/);
      expect(reserved.map((one) => one.toLowerCase())).not.toContain(name.toLowerCase());
      expect(name).toMatch(/^(?:[A-Z]|DLP)/);
    }
    expect(new Set(columns.map(([name]) => name.toLowerCase())).size).toBe(columns.length);
    expect(table.columns['TimeGenerated']?.type).toBe('datetime');
  });

  it('says of every column what it means and what it tells about a person', () => {
    expect(table.description).toMatch(/^[A-Z].+\.$/s);
    for (const [name, { description, privacy, type }] of columns) {
      expect(description, name).toMatch(/^\S.{9,}\.$/s);
      expect(['none', 'identity', 'content']).toContain(privacy);
      if (name.endsWith('Count')) expect(['int', 'long']).toContain(type);
      // A pair of column name and suffix: ids and names are text, times are times.
      if (/(?<!Event|Ended)Time$/.test(name)) expect(type, name).toBe('datetime');
      if (name.endsWith('Id')) expect(type, name).toBe('string');
      if (/^(?:Is|Has)[A-Z]/.test(name)) expect(type, name).toBe('boolean');
    }
  });

  it('stands in the documentation, column by column', () => {
    const page = toTablesPage(tables);
    expect(page).toContain(`## ${table.name}`);
    for (const [name, { type, privacy }] of columns) expect(page).toContain(`| ${name} | ${type} | ${privacy} |`);
    // A bar in a description would break the page's table.
    for (const [name, { description }] of columns) expect(description, name).not.toMatch(/[|\n]/);
  });
});

describe('CopilotAudit_CL', () => {
  it('has every column of CopilotActivity under the same name with the same type', () => {
    const own = Object.fromEntries(Object.entries(copilotAudit.columns).map(([name, { type }]) => [name, type]));
    expect(own).toMatchObject(shared);
  });

  it('marks what names people and what people wrote', () => {
    const { columns } = copilotAudit;
    for (const name of ['ActorName', 'ActorUserId', 'SrcIpAddr'] as const)
      expect(columns[name].privacy).toBe('identity');
    for (const name of ['LLMEventData', 'UnknownFields', 'ObjectId'] as const)
      expect(columns[name].privacy).toBe('content');
  });
});
