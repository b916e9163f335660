import { expect, test } from 'vitest';
import { engine } from '../../../kql/engine/engine.ts';
import { fromRows } from '../../../kql/engine/relation.ts';

const kql = engine({
  tables: [
    {
      name: 'Pairs',
      columns: [
        { name: 'K', type: 'long' },
        { name: 'N', type: 'long' },
      ],
    },
  ],
});
const now = new Date('2026-11-20T00:00:00Z');
const rowsOf = (text: string) => kql.prepare(text).run({ now }).rows;
const column = (text: string) => rowsOf(text).map(([value]) => value);

const reals = 'datatable(x:real)[1.0, real(null), real(-inf), real(nan), 5.0, real(+inf)]';
// The table of special values in Microsoft's page on sort.
test.for([
  ['asc', [null, Number.NaN, -Infinity, 1, 5, Infinity]],
  ['asc nulls last', [-Infinity, 1, 5, Infinity, Number.NaN, null]],
  ['desc', [Infinity, 5, 1, -Infinity, Number.NaN, null]],
  ['desc nulls first', [null, Number.NaN, Infinity, 5, 1, -Infinity]],
  ['nulls first', [null, Number.NaN, Infinity, 5, 1, -Infinity]],
] as const)('sort by x %s puts null and NaN together at one end', ([ordering, values]) => {
  expect(column(`${reals} | sort by x ${ordering}`)).toEqual(values);
  expect(column(`${reals} | top 6 by x ${ordering}`)).toEqual(values);
  expect(column(`${reals} | top 2 by x ${ordering}`)).toEqual(values.slice(0, 2));
});

test('sort is descending unless told otherwise', () => {
  expect(column('range x from 1 to 3 step 1 | sort by x')).toEqual([3, 2, 1]);
  expect(column('range x from 1 to 3 step 1 | order by x asc')).toEqual([1, 2, 3]);
});

test('sort compares strings by code point, case first', () => {
  expect(column('datatable(s:string)["café", "cafe", "Café", "CAFE", ""] | sort by s asc')).toEqual([
    '',
    'CAFE',
    'Café',
    'cafe',
    'café',
  ]);
});

test('sort orders times, booleans, decimals and longs beyond 2^53', () => {
  expect(column('datatable(t:timespan)[2h, -1h, timespan(null), 1d] | sort by t asc | project tostring(t)')).toEqual([
    '',
    '-01:00:00',
    '02:00:00',
    '1.00:00:00',
  ]);
  expect(column('datatable(b:bool)[true, false, bool(null)] | sort by b')).toEqual([true, false, null]);
  expect(column('datatable(d:decimal)[1.5, decimal(null), -2, 10] | sort by d | project tostring(d)')).toEqual([
    '10',
    '1.5',
    '-2',
    '',
  ]);
  expect(column('datatable(x:long)[9223372036854775806, 1, 9223372036854775807] | sort by x')).toEqual([
    9_223_372_036_854_775_807n,
    9_223_372_036_854_775_806n,
    1,
  ]);
});

test('sort takes the next key where the first is equal, then the order of the rows', () => {
  expect(
    rowsOf('datatable(a:long, b:string, c:long)[1,"x",1, 2,"y",2, 1,"z",3, 1,"x",4] | sort by a asc, b desc'),
  ).toEqual([
    [1, 'z', 3],
    [1, 'x', 1],
    [1, 'x', 4],
    [2, 'y', 2],
  ]);
});

test.for(['sort by a', 'sort by a asc', 'top 4 by a', 'top 4 by a asc'])(
  '%s leaves equal rows in their order',
  (by) => {
    const text = `datatable(a:long, b:long)[1,1, 1,2, 1,3, 1,4] | ${by} | project b`;
    expect(column(text)).toEqual([1, 2, 3, 4]);
  },
);

test('sort refuses a dynamic key', () => {
  expect(() => rowsOf('print a=dynamic([1,2]) | mv-expand a | sort by a')).toThrow(/dynamic/);
});

const length = 5000;
const pairs = Array.from({ length }, (_, row) => [(row * 7919) % 1000, row]);
const relation = fromRows(
  [
    { name: 'K', type: 'long' },
    { name: 'N', type: 'long' },
  ],
  pairs,
);

test.for([0, 1, 7, 600, 2000, 4999, 5000, 9000])('top %i gives what sort and take give', (count) => {
  const run = (text: string) => kql.prepare(text).run({ now, tables: { Pairs: relation } }).rows;
  expect(run(`Pairs | top ${count} by K asc`)).toEqual(run(`Pairs | sort by K asc | take ${count}`));
  expect(run(`Pairs | top ${count} by K`)).toEqual(run(`Pairs | sort by K | take ${count}`));
});

test('top reads its key once for each row', () => {
  let reads = 0;
  const counted = {
    ...relation,
    columns: relation.columns.map((each) => ({
      ...each,
      at: (row: number) => {
        if (each.name === 'K') reads += 1;
        return each.at(row);
      },
    })),
  };
  kql.prepare('Pairs | top 3 by K | project N').run({ now, tables: { Pairs: counted } });
  expect(reads).toBe(length);
});
