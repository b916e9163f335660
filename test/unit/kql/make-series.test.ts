import { expect, test } from 'vitest';
import { engine } from '../../../kql/engine/engine.ts';
import { formatJson } from '../../../kql/engine/values/json.ts';

const kql = engine({});
const run = (text: string) => kql.prepare(text).run({ now: new Date('2026-11-20T00:00:00Z') });
/** Rows as JSON: reals and datetimes as Kusto prints them in arrays. */
const rowsOf = (text: string) => run(text).rows.map((row) => row.map(formatJson));
const columnsOf = (text: string) => run(text).columns.map(({ name, type }) => `${name}:${type}`);

const day = (number: number): string => `"2020-01-0${number}T00:00:00.0000000Z"`;
const days =
  'datatable(t:datetime, v:long)[datetime(2020-01-01), 10, datetime(2020-01-02 13:40), 20, datetime(2020-01-04), 40]';
const numbers = 'datatable(t:long, v:long, g:string)[0, 1, "a", 2, 3, "a", 4, 5, "b"]';

test.for([
  [
    'bins from the first to the last value',
    `${days} | make-series sum(v) on t step 1d`,
    [['[10,20,0,40]', `[${[1, 2, 3, 4].map(day).join()}]`]],
  ],
  [
    'bins from and up to, but without, the limits',
    `${days} | make-series sum(v) on t from datetime(2020-01-02) to datetime(2020-01-04) step 1d`,
    [['[20,0]', `[${[2, 3].map(day).join()}]`]],
  ],
  [
    'a last bin that the range cuts off',
    `${numbers} | make-series sum(v) on t from 0 to 5 step 2`,
    [['[1,3,5]', '[0,2,4]']],
  ],
  [
    'bins that start at from, wherever that is',
    `${numbers} | make-series sum(v) on t from 1 to 10 step 3`,
    [['[3,5,0]', '[1,4,7]']],
  ],
  ['the limit itself in range()', `${numbers} | make-series sum(v) on t in range(0, 4, 2)`, [['[1,3,5]', '[0,2,4]']]],
  [
    'an axis of timespans',
    'datatable(t:timespan)[1h, 3h] | make-series count() on t from 1h to 4h step 1h',
    [['[1,0,1]', '["01:00:00","02:00:00","03:00:00"]']],
  ],
  [
    'an axis of reals',
    'datatable(t:real)[0.5, 1.2] | make-series count() on t from 0.5 to 1.5 step 0.5',
    [['[1,1]', '[0.5,1.0]']],
  ],
  ['bins before 0', 'datatable(t:long)[-3, 1] | make-series count() on t step 2', [['[1,0,1]', '[-4,-2,0]']]],
] as const)('make-series gives %s', ([, text, rows]) => {
  expect(rowsOf(text)).toEqual(rows);
});

test.for([
  ['0 in bins without rows', `${days} | make-series c=count() on t step 1d | project c`, [['[1,1,0,1]']]],
  ['0.0 for reals', `${days} | make-series a=avg(v) on t step 1d | project a`, [['[10.0,20.0,0.0,40.0]']]],
  [
    'the default of the query',
    `${days} | make-series c=sum(v) default=-7 on t step 1d | project c`,
    [['[10,20,-7,40]']],
  ],
  [
    'null as default',
    `${days} | make-series c=sum(v) default=long(null) on t step 1d | project c`,
    [['[10,20,null,40]']],
  ],
  [
    'a constant where there are rows, the default elsewhere',
    `${days} | make-series o=-1 default=-2 on t step 1d | project o`,
    [['[-1,-1,-2,-1]']],
  ],
  [
    'each aggregate its default',
    `${days} | make-series a=max(v), b=min(v) default=9 on t step 1d | project a, b`,
    [['[10,20,0,40]', '[10,20,9,40]']],
  ],
  [
    'null for what is null in a bin with rows',
    'datatable(t:long, v:long)[0, long(null)] | make-series m=max(v) default=5 on t from 0 to 2 step 1 | project m',
    [['[null,5]']],
  ],
] as const)('make-series holds %s', ([, text, rows]) => {
  expect(rowsOf(text)).toEqual(rows);
});

test.for([
  [
    'one series for each key',
    `${numbers} | make-series s=sum(v) on t from 0 to 6 step 2 by g`,
    [
      ['"a"', '[1,3,0]', '[0,2,4]'],
      ['"b"', '[0,0,5]', '[0,2,4]'],
    ],
  ],
  [
    'no series for a key without rows in the range',
    `${numbers} | make-series s=sum(v) on t from 0 to 4 step 2 by g`,
    [['"a"', '[1,3]', '[0,2]']],
  ],
  [
    'rows without a time in no bin',
    'datatable(t:long)[long(null), 1] | make-series c=count() on t step 1',
    [['[1]', '[1]']],
  ],
  ['trap 37: no row of no rows', `${numbers} | take 0 | make-series s=sum(v) on t from 0 to 4 step 2`, []],
  [
    'trap 37: one row with kind=nonempty',
    `${numbers} | take 0 | make-series kind=nonempty s=sum(v) default=1 on t from 0 to 4 step 2`,
    [['[1,1]', '[0,2]']],
  ],
  [
    'no row with kind=nonempty and keys',
    `${numbers} | take 0 | make-series kind=nonempty s=sum(v) on t from 0 to 4 step 2 by g`,
    [],
  ],
  ['no row of no rows without limits', `${numbers} | take 0 | make-series s=sum(v) on t step 2`, []],
] as const)('make-series has %s', ([, text, rows]) => {
  expect(rowsOf(text)).toEqual(rows);
});

test('make-series names keys, aggregates and the axis in this order', () => {
  expect(columnsOf(`${numbers} | make-series sum(v), c=count() on t from 0 to 6 step 2 by g`)).toEqual([
    'g:string',
    'sum_v:dynamic',
    'c:dynamic',
    't:dynamic',
  ]);
});

test.for([
  ['a step of 0', `${numbers} | make-series count() on t step 0`, /the step must be above zero/],
  [
    'more bins than a series may have',
    `${numbers} | make-series count() on t from 0 to 9999999 step 1`,
    /9999999 bins, at most 1048576/,
  ],
] as const)('make-series refuses %s', ([, text, message]) => {
  expect(() => run(text)).toThrow(message);
});
