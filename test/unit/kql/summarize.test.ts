import { expect, test } from 'vitest';
import { engine } from '../../../kql/engine/engine.ts';
import { fromRows } from '../../../kql/engine/relation.ts';
import type { Value } from '../../../kql/engine/values/types.ts';

const kql = engine({});
const run = (text: string) => kql.prepare(text).run({ now: new Date('2026-11-20T00:00:00Z') });
const rowsOf = (text: string) => run(text).rows;
const columnsOf = (text: string) => run(text).columns.map(({ name }) => name);

const events = 'datatable(k:string, j:long, v:long)["a", 1, 10, "b", 2, 20, "a", 2, 30, "a", 1, 40]';

test.for([
  ['gives one row without keys, even of no rows', 'datatable(x:long)[] | summarize count()', [[0]]],
  ['gives no row with keys of no rows', 'datatable(x:long)[] | summarize count() by x', []],
  [
    'groups by one key in order of first rows',
    `${events} | summarize sum(v) by k`,
    [
      ['a', 80],
      ['b', 20],
    ],
  ],
  [
    'groups by several keys',
    `${events} | summarize sum(v) by k, j`,
    [
      ['a', 1, 50],
      ['b', 2, 20],
      ['a', 2, 30],
    ],
  ],
  ['gives the keys alone without aggregates', `${events} | summarize by k`, [['a'], ['b']]],
  [
    'takes null for a key like others',
    'datatable(k:long)[1, long(null), long(null)] | summarize count() by k',
    [
      [1, 1],
      [null, 2],
    ],
  ],
  [
    'tells "" from a blank and upper from lower case',
    'datatable(k:string)["", " ", "A", "a"] | summarize by k',
    [[''], [' '], ['A'], ['a']],
  ],
  ['takes 0 and -0 for one key', 'datatable(r:real)[0, -0.0] | summarize count() by r', [[0, 2]]],
  [
    'tells integers beyond 2^53 apart',
    'datatable(k:long)[9007199254740992, 9007199254740993] | summarize count() by k | count',
    [[2]],
  ],
  [
    'keeps pairs of keys apart whose texts join alike',
    'datatable(a:string, b:string)["x", "yz", "xy", "z"] | summarize by a, b | count',
    [[2]],
  ],
  [
    'groups by decimals of equal value',
    'datatable(m:decimal)[1.0, 1.00] | summarize count() by m | project count_',
    [[2]],
  ],
  [
    'computes with aggregates',
    `${events} | summarize r = max(v) - min(v), d = sum(v) * 1.0 / count() by k`,
    [
      ['a', 30, 80 / 3],
      ['b', 0, 20],
    ],
  ],
  [
    'calls functions of the query on aggregates',
    `let twice = (x:long) { x * 2 }; ${events} | summarize twice(sum(v))`,
    [[200]],
  ],
  [
    'groups by what it computes',
    `${events} | summarize count() by big = bin(v, 20)`,
    [
      [0, 1],
      [20, 2],
      [40, 1],
    ],
  ],
] as const)('summarize %s', ([, text, rows]) => {
  expect(rowsOf(text)).toEqual(rows);
});

test.for([
  [
    'automatic names (trap 38)',
    `${events} | summarize count(), sum(v), dcount(k), make_set(k), countif(true) by j`,
    ['j', 'count_', 'sum_v', 'dcount_k', 'set_k', 'countif_'],
  ],
  [
    'a number for names that are taken',
    `${events} | summarize sum(v), sum(v), arg_max(v, k) by k`,
    ['k', 'sum_v', 'sum_v1', 'v', 'k1'],
  ],
  [
    'a number for what has no name',
    `${events} | summarize max(v) - min(v), Column1 = count(), 1 + 1 by j + 1`,
    ['Column1', 'Column2', 'Column11', 'Column3'],
  ],
  ['names of binned columns', `${events} | summarize count() by bin(v, 10)`, ['v', 'count_']],
] as const)('summarize gives %s', ([, text, names]) => {
  expect(columnsOf(text)).toEqual(names);
});

test.for([
  ['a column outside of aggregates', `${events} | summarize v by k`, /KS236/],
  ['an aggregate inside of an aggregate', `${events} | summarize sum(max(v))`, /KS144/],
  ['a dynamic key', 'datatable(d:dynamic)[1] | summarize count() by d', /KS116/],
] as const)('summarize refuses %s', ([, text, message]) => {
  expect(() => run(text)).toThrow(message);
});

test('summarize keeps row numbers for arg_max and reads other columns of chosen rows only', () => {
  const columns = [
    { name: 'k', type: 'long' },
    { name: 'v', type: 'long' },
    { name: 'wide', type: 'string' },
  ] as const;
  const rows = fromRows(
    columns,
    Array.from({ length: 1000 }, (_, row): Value[] => [row % 2, row, `text ${row}`]),
  );
  const read: number[] = [];
  const watched = rows.columns.map((column) =>
    column.name === 'wide'
      ? {
          ...column,
          at: (row: number) => {
            read.push(row);
            return column.at(row);
          },
        }
      : column,
  );
  const query = engine({ tables: [{ name: 'T', columns }] }).prepare('T | summarize arg_max(v, *) by k');
  const answer = query.run({ now: new Date(0), tables: { T: { ...rows, columns: watched } } });
  expect(answer.rows).toEqual([
    [0, 998, 'text 998'],
    [1, 999, 'text 999'],
  ]);
  expect(read).toEqual([998, 999]);
});

const shops =
  'datatable(cat:string, sub:string, v:long)["a","x",10, "a","y",20, "a","y",5, "b","x",30, "b","z",5, "c","x",1]';
test.for([
  [
    'takes the best in each of the best',
    `${shops} | top-nested 2 of cat by Tot=sum(v), top-nested 1 of sub by SubTot=sum(v)`,
    [
      ['b', 35, 'x', 30],
      ['a', 35, 'y', 25],
    ],
  ],
  [
    'takes all without a number',
    `${shops} | top-nested of cat by sum(v), top-nested 1 of sub by max(v) | project cat, sub`,
    [
      ['b', 'x'],
      ['a', 'y'],
      ['c', 'x'],
    ],
  ],
  ['takes the least with asc', `${shops} | top-nested 1 of cat by sum(v) asc`, [['c', 1]]],
  [
    'sums up the others',
    `${shops} | top-nested 1 of cat with others="rest" by max(v), top-nested 1 of sub with others="less" by sum(v)`,
    [
      ['b', 30, 'x', 30],
      ['b', 30, 'less', 5],
      ['rest', 20, '', null],
    ],
  ],
  [
    'has no row for others where nothing is left',
    `${shops} | top-nested 9 of cat with others="rest" by sum(v) | count`,
    [[3]],
  ],
] as const)('top-nested %s', ([, text, rows]) => {
  expect(rowsOf(text)).toEqual(rows);
});

test('top-nested names its aggregates after the values', () => {
  expect(columnsOf(`${shops} | top-nested 1 of cat by sum(v), top-nested 1 of sub by Sub=sum(v)`)).toEqual([
    'cat',
    'aggregated_cat',
    'sub',
    'Sub',
  ]);
});

test.for([
  [
    'counts',
    `${shops} | top-hitters 2 of cat`,
    ['cat', 'approximate_count_cat'],
    [
      ['a', 3],
      ['b', 2],
    ],
  ],
  ['sums', `${shops} | top-hitters 1 of sub by v`, ['sub', 'approximate_sum_v'], [['x', 41]]],
] as const)('top-hitters %s', ([, text, names, rows]) => {
  expect(columnsOf(text)).toEqual(names);
  expect(rowsOf(text)).toEqual(rows);
});
