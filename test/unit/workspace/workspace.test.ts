import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tables as shipped } from '../../../collector/schema/index.ts';
import type { Engine } from '../../../kql/engine/engine.ts';
import { fromJsonRows } from '../../../kql/engine/json-rows.ts';
import {
  directoryTables,
  fileTable,
  schemaOf,
  workspaceEngine,
  workspaceTables,
} from '../../../workspace/workspace.ts';

const directory = mkdtempSync(join(tmpdir(), 'workspace-'));
afterAll(() => rmSync(directory, { recursive: true }));
const now = new Date('2026-11-20T12:00:00Z');

function put(path: string, ...rows: readonly object[]): string {
  const file = join(directory, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return file;
}

let kql: Engine;
beforeAll(() => {
  kql = workspaceEngine();
});

describe('a workspace', () => {
  test('knows the tables of the product and of Microsoft, each once', () => {
    const names = workspaceTables.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining([...shipped.map(({ name }) => name), 'SecurityAlert', 'Watchlist']));
    expect(() => schemaOf('Nothing')).toThrow(/^no table named Nothing: there are .*Watchlist/);
  });

  test('reads the files of a directory: a folder for each table, in the order of their names, or one file', () => {
    put('a/CopilotHealth_CL/2026-11-20.ndjson', { HealthKind: 'second' });
    put('a/CopilotHealth_CL/2026-11-19.ndjson', { HealthKind: 'first' });
    put('a/CopilotHealth_CL/notes.txt', { HealthKind: 'no row' });
    put('a/SecurityAlert.ndjson', { AlertName: 'x' });
    put('a/Unknown/2026-11-20.ndjson', { HealthKind: 'no table' });
    const tables = directoryTables(join(directory, 'a'));
    expect(Object.keys(tables).sort()).toEqual(['CopilotHealth_CL', 'SecurityAlert']);
    expect(kql.prepare('CopilotHealth_CL | project HealthKind').run({ now, tables }).rows).toEqual([
      ['first'],
      ['second'],
    ]);
  });

  test('refuses a table in another form', () => {
    expect(() => fileTable('rows.ndjson')).toThrow('--table rows.ndjson: must be Name=rows.ndjson');
    expect(() => fileTable('CopilotHealth_CL=none')).toThrow('there is no file none');
  });

  test('answers from its shipped functions over empty tables', () => {
    for (const query of ['CopilotHealth | count', 'CopilotInteractions() | count', 'CopilotUsers() | count'])
      expect(kql.prepare(query).run({ now }).rows, query).toEqual([[0]]);
  });
});

describe('_GetWatchlist', () => {
  const item = (
    alias: string,
    id: string,
    key: string,
    columns: object,
    { status = 'Create', time = '2026-11-01T00:00:00Z' } = {},
  ) => ({
    WatchlistAlias: alias,
    _DTItemId: id,
    _DTItemType: 'watchlist-item',
    _DTItemStatus: status,
    _DTTimestamp: time,
    TimeGenerated: time,
    SearchKey: key,
    WatchlistItem: JSON.stringify(columns),
  });
  const parsed = (row: ReturnType<typeof item>) => ({ ...row, WatchlistItem: JSON.parse(row.WatchlistItem) as never });
  const rows = [
    item('Vip', '1', 'ada', { User: 'ada', Reason: 'board' }),
    item('Vip', '2', 'bob', { User: 'bob', Reason: 'finance' }),
    item('Vip', '2', 'bob', { User: 'bob', Reason: 'legal' }, { status: 'Update', time: '2026-11-02T00:00:00Z' }),
    item('Vip', '3', 'eve', { User: 'eve', Reason: 'left' }),
    item('Vip', '3', 'eve', {}, { status: 'Delete', time: '2026-11-03T00:00:00Z' }),
    item('Other', '4', 'mallory', { User: 'mallory', Level: 3 }),
  ].map(parsed);
  const tables = { Watchlist: fromJsonRows(schemaOf('Watchlist'), rows) };
  const answer = (query: string): unknown => kql.prepare(query).run({ now, tables }).rows;

  test('gives the newest form of each item that is not deleted, with its columns', () => {
    expect(answer(`_GetWatchlist('Vip') | project SearchKey, Reason | sort by SearchKey asc`)).toEqual([
      ['ada', 'board'],
      ['bob', 'legal'],
    ]);
  });

  test('gives the items of the keys that are asked for', () => {
    expect(answer(`_GetWatchlist('Vip', dynamic(['bob'])) | project User`)).toEqual([['bob']]);
  });

  test('of an alias that there is not is empty', () => {
    expect(answer(`_GetWatchlist('None') | count`)).toEqual([[0]]);
    expect(answer(`_GetWatchlist('None') | where SearchKey in ('x') | project SearchKey`)).toEqual([]);
  });

  test('is read by a rule of any period', () => {
    const { rows: found } = kql.prepare(`_GetWatchlist('Vip') | count`).run({
      now,
      tables,
      period: { from: kqlNow(-3_600_000), to: kqlNow(0) },
    });
    expect(found).toEqual([[2]]);
  });
});

function kqlNow(milliseconds: number) {
  const [[value] = []] = workspaceEngine([])
    .prepare('print now()')
    .run({ now: new Date(now.getTime() + milliseconds) }).rows;
  return value as never;
}
