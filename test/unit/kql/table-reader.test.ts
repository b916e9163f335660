import { describe, expect, test } from 'vitest';
import { engine, type RunOptions } from '../../../kql/engine/engine.ts';
import { fromJsonRows } from '../../../kql/engine/json-rows.ts';
import type { TableSchema } from '../../../kql/engine/language/schema.ts';
import { toDatetime } from '../../../kql/engine/values/calendar.ts';
import { parseDatetime } from '../../../kql/engine/values/datetime.ts';
import type { Datetime } from '../../../kql/engine/values/types.ts';

const events: TableSchema = {
  name: 'Events',
  columns: [
    { name: 'TimeGenerated', type: 'datetime' },
    { name: 'Actor', type: 'string' },
    { name: 'Hint', type: 'dynamic' },
  ],
};
const watchlist: TableSchema = { ...events, name: 'Watchlist' };
const timeless: TableSchema = { name: 'Timeless', columns: [{ name: 'N', type: 'long' }] };
const kql = engine({ tables: [events, watchlist, timeless] });
const now = new Date('2026-11-20T12:00:00Z');
const at = (text: string): Datetime => parseDatetime(text) ?? toDatetime(0n) ?? expect.unreachable();

const rows = [
  { TimeGenerated: '2026-11-20T10:00:00Z', Actor: 'ada', _TimeReceived: '2026-11-20T10:05:00Z' },
  { TimeGenerated: '2026-11-20T11:00:00Z', Actor: 'bob', _TimeReceived: '2026-11-20T11:30:00Z' },
  { TimeGenerated: '2026-11-20T12:00:00Z', Actor: 'eve' },
  { Actor: 'no time' },
];
const tables = {
  Events: fromJsonRows(events, rows),
  Watchlist: fromJsonRows(watchlist, rows),
  Timeless: fromJsonRows(timeless, [{ N: 1 }]),
};
const answer = (query: string, options: Partial<RunOptions> = {}): unknown =>
  kql.prepare(query).run({ now, tables, ...options }).rows;

describe('tables', () => {
  test('that no rows are given for are empty', () => {
    expect(answer('Events | count', { tables: {} })).toEqual([[0]]);
    expect(answer('Events | where Actor == "" | project Actor, TimeGenerated', { tables: {} })).toEqual([]);
  });

  const period = { from: at('2026-11-20T10:00:00Z'), to: at('2026-11-20T12:00:00Z') };
  test.for([
    ['are cut to the period of a rule, its start included, its end not', 'Events | project Actor', [['ada'], ['bob']]],
    ['are cut before they are joined or united', 'union Events, Events | count', [[4]]],
    ['are cut through table(), too', 'table("Events") | count', [[2]]],
    ['of watchlists are not cut', 'Watchlist | count', [[4]]],
    ['without TimeGenerated are not cut', 'Timeless | count', [[1]]],
  ] as const)('%s', ([, query, expected]) => {
    expect(answer(query, { period })).toEqual(expected);
  });

  test('are read once in a run, and told the names that the query and nothing else mentions', () => {
    const told: ReadonlySet<string>[] = [];
    const lazy = (mentioned: ReadonlySet<string>) => {
      told.push(mentioned);
      return tables.Events;
    };
    expect(answer('union Events, (Events | where Actor has "ada") | count', { tables: { Events: lazy } })).toEqual([
      [5],
    ]);
    expect(told).toHaveLength(1);
    expect([...(told[0] ?? [])]).toEqual(expect.arrayContaining(['Events', 'Actor']));
    expect(told[0]?.has('Hint')).toBe(false);
  });

  test('that a query does not read are not opened', () => {
    const closed = (): never => expect.unreachable('Events was opened');
    expect(answer('Timeless | count', { tables: { ...tables, Events: closed } })).toEqual([[1]]);
  });

  test('that do not exist are left out of a fuzzy union, and refused elsewhere', () => {
    expect(answer('union isfuzzy=true Events, Missing | count')).toEqual([[4]]);
    expect(() => answer('Missing | count')).toThrow(/KS204/);
    expect(() => answer('union Events, Missing')).toThrow(/KS204/);
  });

  test('are read by a let of their own name, which others read instead of them', () => {
    const query =
      'let Recent = Events | count; let Events = Events | where Actor == "ada"; union Recent, (Events | count)';
    expect(answer(query)).toEqual([[4], [1]]);
  });

  test('answer for columns that may not exist', () => {
    expect(answer('Timeless | extend A = column_ifexists("Actor", "none"), B = column_ifexists("N", long(0))')).toEqual(
      [[1, 'none', 1]],
    );
  });
});

describe('ingestion_time()', () => {
  const received = '| extend R = tostring(ingestion_time()) | project R';
  const all = [['2026-11-20T10:05:00.0000000Z'], ['2026-11-20T11:30:00.0000000Z'], [''], ['']];
  test.for([
    ['is when a row was received, null where nobody knows', `Events ${received}`, all],
    [
      'goes through extend, project and where',
      `Events | extend X = 1 | project Actor, X | where Actor == "bob" ${received}`,
      [all[1]],
    ],
    [
      'goes through sort',
      `Events | sort by TimeGenerated desc | where isnotnull(ingestion_time()) ${received}`,
      [all[1], all[0]],
    ],
    ['goes through union', `union (Events | take 1), (Events | where Actor == "bob") ${received}`, [all[0], all[1]]],
    [
      'can be filtered by',
      'Events | where ingestion_time() > datetime(2026-11-20T11:00:00Z) | project Actor',
      [['bob']],
    ],
    ['is null after summarize', `Events | summarize count() by Actor ${received}`, [[''], [''], [''], ['']]],
    [
      'can be summarized itself',
      'Events | summarize tostring(min(ingestion_time()))',
      [['2026-11-20T10:05:00.0000000Z']],
    ],
  ] as const)('%s', ([, query, expected]) => {
    expect(answer(query)).toEqual(expected);
  });
});
