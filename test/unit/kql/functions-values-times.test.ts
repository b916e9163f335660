import { expect, test } from 'vitest';
import { engine } from '../../../kql/engine/engine.ts';
import { fromRows } from '../../../kql/engine/relation.ts';
import { asString } from '../../../kql/engine/values/convert.ts';
import { Datetime } from '../../../kql/engine/values/types.ts';

const kql = engine({ tables: [{ name: 'T', columns: [{ name: 'x', type: 'long' }] }] });
const now = new Date('2026-11-20T12:00:00Z');
/** The cells of all rows as Kusto prints them. */
const answer = (text: string) => {
  const { columns, rows } = kql.prepare(text).run({ now });
  return rows.map((row) =>
    row.map((value, index) => (value === null ? null : asString(value, columns[index]?.type ?? 'dynamic'))),
  );
};
const printed = (expressions: string) => answer(`print ${expressions}`)[0];

test.for([
  [
    'now and ago count from the clock of the run',
    'now(), now(-1d), ago(1h)',
    ['2026-11-20T12:00:00.0000000Z', '2026-11-19T12:00:00.0000000Z', '2026-11-20T11:00:00.0000000Z'],
  ],
  [
    'months end on their last day',
    "datetime_add('month', 13, datetime(2019-01-31)), datetime_add('quarter', -5, datetime(2020-05-31))",
    ['2020-02-29T00:00:00.0000000Z', '2019-02-28T00:00:00.0000000Z'],
  ],
  [
    'arithmetic out of range is null',
    "datetime_add('day', -1, datetime(0001-01-01 12:00)), datetime_add('year', 1, datetime(9999-01-01))",
    [null, null],
  ],
  [
    'differences count borders',
    "datetime_diff('year', datetime(2020-12-31), datetime(2021-01-01)), datetime_diff('week', datetime(2020-01-15), datetime(2020-01-01)), datetime_diff('nanosecond', datetime(2020-01-01 00:00:00.0000002), datetime(2020-01-01))",
    ['-1', '2.0', '200'],
  ],
  [
    'weeks start on Sunday, and the day of the week is a timespan',
    'startofweek(datetime(2025-06-14)), endofweek(datetime(2025-06-14)), dayofweek(datetime(2025-06-14))',
    ['2025-06-08T00:00:00.0000000Z', '2025-06-14T23:59:59.9999999Z', '6.00:00:00'],
  ],
  [
    'the last year has an end',
    'endofyear(datetime(9999-06-01)), endofmonth(datetime(2024-01-31), 1)',
    ['9999-12-31T23:59:59.9999999Z', '2024-02-29T23:59:59.9999999Z'],
  ],
  [
    'weeks of the year follow ISO 8601',
    'week_of_year(datetime(2021-01-03)), week_of_year(datetime(2021-01-04)), week_of_year(datetime(2017-10-30))',
    ['53', '1', '44'],
  ],
  [
    'parts out of range make null',
    'make_datetime(2020, 13, 1), make_timespan(0, 25, 61, 61.5), make_timespan(25, 70)',
    [null, null, null],
  ],
  [
    'seconds keep seven digits',
    'make_timespan(0, 0, 0, 4.35), make_timespan(0, 0, 0, 0.0000001), make_datetime(2020, 1, 1, 0, 0, 4.35)',
    ['00:00:04.3500000', '00:00:00.0000001', '2020-01-01T00:00:04.3500000Z'],
  ],
  [
    'unix times are exact',
    'unixtime_microseconds_todatetime(1546300800000001), unixtime_nanoseconds_todatetime(1546300800000000100)',
    ['2019-01-01T00:00:00.0000010Z', '2019-01-01T00:00:00.0000001Z'],
  ],
  [
    'local times know summer time',
    "datetime_utc_to_local(datetime(2022-07-01), 'Europe/Brussels'), datetime_local_to_utc(datetime(2022-03-27 02:00), 'Europe/Brussels'), datetime_utc_to_local(datetime(2022-07-01), 'Nowhere')",
    ['2022-07-01T02:00:00.0000000Z', '2022-03-27T00:00:00.0000000Z', null],
  ],
  [
    'around takes its ends in',
    'around(10, 8, 2), around(datetime(2021-01-02), datetime(2021-01-01), 23h)',
    ['True', 'False'],
  ],
] as const)('times: %s', ([, expressions, expected]) => {
  expect(printed(expressions)).toEqual(expected);
});

test.for([
  ["format_datetime(datetime(2017-01-29 09:00:05), 'yy-MM-dd [hh:mm:ss tt]')", '17-01-29 [09:00:05 AM]'],
  ["format_datetime(datetime(2007-03-09 00:30:00), 'hh:mm tt')", '12:30 AM'],
  ["format_datetime(datetime(2020-01-05), 'dddd')", '0505'],
  ["format_datetime(datetime(2020-06-15 13:45:09.1234500), 'fffffff FFFFFFF')", '1234500 12345'],
  ["format_timespan(time(29.09:00:05.12345), 'ddd.h:mm:ss [fffffff]')", '029.9:00:05 [1234500]'],
  ["format_timespan(-90s, 'mm:ss')", '-01:30'],
] as const)('%s is %s', ([expression, expected]) => {
  expect(printed(expression)).toEqual([expected]);
});

test.for([
  "format_datetime(datetime(2020-01-01), 'yyyy-MM-ddTHH:mm:ss')",
  "format_datetime(datetime(2020-01-01), 'zzz')",
  "format_datetime(datetime(2020-01-01), 'K')",
  "format_timespan(1d, 'c')",
  "format_timespan(1d, 'd\\\\.hh')",
] as const)('the engine refuses %s', (expression) => {
  expect(() => printed(expression)).toThrow('is no specifier');
});

const sorted = 'datatable(k:string, v:long)["a",1,"a",2,"b",2,"b",5] | sort by k asc, v asc';
test.for([
  [
    'prev and next give null at the ends',
    'prev(v), next(v), prev(v, 1, 0)',
    [
      [null, '2', '0'],
      ['1', '2', '1'],
      ['2', '5', '2'],
      ['2', null, '2'],
    ],
  ],
  ['the text before the first row is empty', 'prev(k)', [[''], ['a'], ['a'], ['b']]],
  [
    'numbers and sums restart',
    'row_number(1, k != prev(k)), row_cumsum(v, k != prev(k))',
    [
      ['1', '1'],
      ['2', '3'],
      ['1', '2'],
      ['2', '7'],
    ],
  ],
  [
    'ranks',
    'row_rank_dense(v), row_rank_min(v)',
    [
      ['1', '1'],
      ['2', '2'],
      ['2', '2'],
      ['3', '4'],
    ],
  ],
] as const)('windows: %s', ([, expressions, expected]) => {
  expect(answer(`${sorted} | project ${expressions}`)).toEqual(expected);
});

test('sessions end with a gap or with their length', () => {
  const query = `datatable(t:datetime)[datetime(2024-01-01 10:00), datetime(2024-01-01 10:04), datetime(2024-01-01 10:20)]
    | sort by t asc | project row_window_session(t, 1h, 5m)`;
  expect(
    answer(query)
      .flat()
      .map((text) => text?.slice(11, 16)),
  ).toEqual(['10:00', '10:00', '10:20']);
});

test.for([
  ['rows without an order', 'T | extend p = prev(x)', 'the rows have no order'],
  ['row_number without an order', 'T | extend n = row_number()', 'put sort or serialize before it'],
  ['a distance of 0', 'T | serialize p = prev(x, 0)', 'must be a constant from 1'],
  ['a default that depends on the row', 'T | serialize p = prev(x, 1, x)', 'must be a constant'],
] as const)('windows refuse %s', ([, query, message]) => {
  expect(() => answer(query)).toThrow(message);
});

test('columns: packs columns, with and without what is empty, and reads a column only where there is one', () => {
  const table = 'datatable(a:string, b:real)["", 2.0]';
  expect(
    answer(
      `${table} | project pack_all(), pack_all(true), bag_pack_columns(b), column_ifexists("b", 1.0), column_ifexists("c", 7)`,
    ),
  ).toEqual([['{"a":"","b":2.0}', '{"b":2.0}', '{"b":2.0}', '2.0', '7']]);
  expect(answer('let t = datatable(x:long, y:real)[]; print column_names_of(t)')).toEqual([['["x","y"]']]);
});

test('ingestion_time is when the row was received, and null where rows are no longer those of a table', () => {
  const table = {
    ...fromRows([{ name: 'x', type: 'long' }], [[1], [2]]),
    receivedAt: (row: number) => new Datetime(BigInt(row)),
  };
  const times = (query: string) =>
    kql
      .prepare(query)
      .run({ now, tables: { T: table } })
      .rows.map(([time]) => time);
  expect(times('T | where x == 2 | project ingestion_time()')).toEqual([new Datetime(1n)]);
  expect(times('T | summarize by x | where x == 2 | project ingestion_time()')).toEqual([null]);
});
