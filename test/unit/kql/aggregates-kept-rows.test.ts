import { expect, test } from 'vitest';
import { engine } from '../../../kql/engine/engine.ts';
import { asString } from '../../../kql/engine/values/convert.ts';

const kql = engine({});
const run = (text: string) => kql.prepare(text).run({ now: new Date('2026-11-20T00:00:00Z') });
/** Cells as Kusto prints them. */
const rowsOf = (text: string) => {
  const { columns, rows } = run(text);
  return rows.map((row) =>
    row.map((value, index) => (value === null ? null : asString(value, columns[index]?.type ?? 'dynamic'))),
  );
};
const columnsOf = (text: string) => run(text).columns.map(({ name, type }) => `${name}:${type}`);

const ties = 'datatable(k:long, a:long, b:long, c:string)[1, 5, 10, "x", 1, 5, 20, "y", 1, 3, 30, "z", 2, 9, 40, "w"]';
const fruit =
  'datatable(f:string, c:string, v:int)["a", "red", 1, "a", "green", int(null), "b", "yellow", int(null), "b", "green", int(null)]';
test.for([
  [
    'the first of equal rows',
    `${ties} | summarize arg_max(a, b, c), arg_min(a, c) by k`,
    [
      ['1', '5', '10', 'x', '3', 'z'],
      ['2', '9', '40', 'w', '9', 'w'],
    ],
  ],
  [
    'a row with null only where there is no other',
    `${fruit} | summarize arg_max(v, *) by f`,
    [
      ['a', '1', 'red'],
      ['b', null, 'yellow'],
    ],
  ],
  [
    'the same for arg_min',
    `${fruit} | summarize arg_min(v, c) by f`,
    [
      ['a', '1', 'red'],
      ['b', null, 'yellow'],
    ],
  ],
  [
    'computed columns',
    `${ties} | summarize arg_max(a + b, c) by k`,
    [
      ['1', '33', 'z'],
      ['2', '49', 'w'],
    ],
  ],
  ['one value that is not empty for take_any', 'datatable(n:string)["", "x"] | summarize take_any(n)', [['x']]],
  [
    'one row for several columns of take_any',
    'datatable(n:string, x:long)["", 1, "x", 2] | summarize take_any(n, x)',
    [['', '1']],
  ],
  [
    'a row where the condition is true',
    'datatable(n:string, b:bool)["no", false, "yes", true] | summarize take_anyif(n, b)',
    [['yes']],
  ],
] as const)('kept rows: %s', ([, text, rows]) => {
  expect(rowsOf(text)).toEqual(rows);
});

test.for([
  ['arg_max and *', `${ties} | summarize arg_max(a, *) by k`, ['k:long', 'a:long', 'b:long', 'c:string']],
  [
    'trap 34: a named arg_max names its first column',
    `${ties} | summarize x=arg_max(a, b) by k`,
    ['k:long', 'x:long', 'b:long'],
  ],
  [
    'names that are taken get a number',
    `${ties} | summarize arg_max(a, c), arg_min(a, c)`,
    ['a:long', 'c:string', 'a1:long', 'c1:string'],
  ],
  [
    '* without the keys for take_any',
    `${ties} | summarize take_any(*) by k`,
    ['k:long', 'a:long', 'b:long', 'c:string'],
  ],
  ['a prefix for any', `${ties} | summarize any(a, b)`, ['any_a:long', 'any_b:long']],
  ['percentiles', `${ties} | summarize percentiles(a, 50, 99.9)`, ['percentile_a_50:long', 'percentile_a_99_9:long']],
  [
    'sums of int are long',
    'datatable(i:int)[1] | summarize sum(i), avg(i), min(i)',
    ['sum_i:long', 'avg_i:real', 'min_i:int'],
  ],
  [
    'decimals and times keep their type',
    'datatable(m:decimal, s:timespan)[1.0, 1h] | summarize sum(m), avg(s)',
    ['sum_m:decimal', 'avg_s:timespan'],
  ],
] as const)('columns: %s', ([, text, columns]) => {
  expect(columnsOf(text)).toEqual(columns);
});
