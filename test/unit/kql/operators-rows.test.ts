import { expect, test } from 'vitest';
import { engine } from '../../../kql/engine/engine.ts';
import { fromRows } from '../../../kql/engine/relation.ts';

const events = [
  { name: 'Id', type: 'long' },
  { name: 'User', type: 'string' },
  { name: 'Score', type: 'real' },
] as const;
const kql = engine({ tables: [{ name: 'Events', columns: events }] });
const tables = {
  Events: fromRows(events, [
    [1, 'ada@contoso.example', 1.5],
    [2, 'bob@contoso.example', null],
    [3, 'ada@contoso.example', 3.5],
  ]),
};
const now = new Date('2026-11-20T00:00:00Z');
const answer = (text: string) => kql.prepare(text).run({ now, tables });
const columnsOf = (text: string) => answer(text).columns.map(({ name, type }) => `${name}:${type}`);
const rowsOf = (text: string) => answer(text).rows;

test.for([
  ['keeps rows whose predicate is true', 'Events | where Id > 1 | project Id', [[2], [3]]],
  ['drops rows whose predicate is null', 'Events | where Score < 2 | project Id', [[1]]],
  ['keeps all rows of a constant true', 'Events | where true | project Id', [[1], [2], [3]]],
  ['drops all rows of a constant false', 'Events | where false | project Id', []],
] as const)('where %s', ([, text, rows]) => {
  expect(rowsOf(text)).toEqual(rows);
});

test.for([
  ['adds columns at the end', 'print a=1 | extend b=2', ['a:long', 'b:long'], [[1, 2]]],
  ['overwrites in place, with another type', 'print a=1, b=2 | extend a="x"', ['a:string', 'b:long'], [['x', 2]]],
  ['reads the old value of what it overwrites', 'print a=1 | extend a=a+1, b=a', ['a:long', 'b:long'], [[2, 1]]],
  ['overwrites by an automatic name too', 'print a=7, b=2 | extend bin(a, 5)', ['a:long', 'b:long'], [[5, 2]]],
  ['leaves a bare reference where it stands', 'print a=1, b=2 | extend a', ['a:long', 'b:long'], [[1, 2]]],
  [
    'numbers columns without a name, past those that exist',
    'print Column1=0 | extend 1+1, 2+2',
    ['Column1:long', 'Column2:long', 'Column3:long'],
    [[0, 2, 4]],
  ],
] as const)('extend %s', ([, text, columns, rows]) => {
  expect(columnsOf(text)).toEqual(columns);
  expect(rowsOf(text)).toEqual(rows);
});

test.for([
  ['orders columns as written', 'print a=1, b=2 | project b, a', ['b:long', 'a:long'], [[2, 1]]],
  ['swaps names', 'print a=1, b=2 | project a=b, b=a', ['a:long', 'b:long'], [[2, 1]]],
  ['numbers columns without a name', 'print a=1 | project a+1, a+2', ['Column1:long', 'Column2:long'], [[2, 3]]],
] as const)('project %s', ([, text, columns, rows]) => {
  expect(columnsOf(text)).toEqual(columns);
  expect(rowsOf(text)).toEqual(rows);
});

test('print names unnamed columns by their place', () => {
  expect(columnsOf('print 1, a=2, "x"')).toEqual(['print_0:long', 'a:long', 'print_2:string']);
  expect(rowsOf('print 1, a=2, "x"')).toEqual([[1, 2, 'x']]);
});

const many = 'print b=1, a20=2, a100=3, a3=4';
test.for([
  [`${many} | project-away a*`, ['b']],
  [`${many} | project-away a*0`, ['b', 'a3']],
  [`${many} | project-keep a3, b`, ['b', 'a3']],
  [`${many} | project-keep a*, b`, ['b', 'a20', 'a100', 'a3']],
  [`${many} | project-rename front=b, back=a3`, ['front', 'a20', 'a100', 'back']],
  [`${many} | project-reorder a3`, ['a3', 'b', 'a20', 'a100']],
  [`${many} | project-reorder a*`, ['a20', 'a100', 'a3', 'b']],
  [`${many} | project-reorder a* asc`, ['a100', 'a20', 'a3', 'b']],
  [`${many} | project-reorder a* desc`, ['a3', 'a20', 'a100', 'b']],
  [`${many} | project-reorder a* granny-asc`, ['a3', 'a20', 'a100', 'b']],
  [`${many} | project-reorder a* granny-desc, b`, ['a100', 'a20', 'a3', 'b']],
  [`${many} | project-reorder a3, a* asc`, ['a3', 'a100', 'a20', 'b']],
  [`${many} | project-by-names "a3", "nothing", "b"`, ['a3', 'b']],
  [`${many} | project-by-names dynamic(["a3","a*"])`, ['a3', 'a20', 'a100']],
  [`${many} | project-by-names column_names_of(Events), "b"`, ['b']],
] as const)('%s', ([text, names]) => {
  expect(answer(text).columns.map(({ name }) => name)).toEqual(names);
});

test('columns keep their values when they are reordered, renamed and dropped', () => {
  expect(rowsOf(`${many} | project-reorder a* asc`)).toEqual([[3, 2, 4, 1]]);
  expect(rowsOf(`${many} | project-rename front=b | project-keep a3, front`)).toEqual([[1, 4]]);
});

test.for([
  ['Events | take 2 | project Id', [[1], [2]]],
  ['Events | take 0 | project Id', []],
  ['Events | limit 10 | count', [[3]]],
  ['Events | sample 2 | count', [[2]]],
  ['Events | where Id != 2 | take 1 | project Id', [[1]]],
  ['Events | count', [[3]]],
  ['Events | where false | count', [[0]]],
  ['Events | distinct User', [['ada@contoso.example'], ['bob@contoso.example']]],
  [
    'Events | project A=1, B=Score == 1.5 | distinct *',
    [
      [1, true],
      [1, false],
    ],
  ],
  ['datatable(x:real)[real(null), real(nan), real(nan), real(null)] | distinct x', [[null], [Number.NaN]]],
  ['Events | sample-distinct 1 of User', [['ada@contoso.example']]],
  ['Events | sample-distinct 9 of User | count', [[2]]],
  ['Events | render barchart | count', [[3]]],
  ['Events | as E | join kind=inner E on Id | count', [[3]]],
] as const)('%s', ([text, rows]) => {
  expect(rowsOf(text)).toEqual(rows);
});

test('count names its column as told', () => {
  expect(columnsOf('Events | count')).toEqual(['Count:long']);
  expect(columnsOf('Events | count as Hits')).toEqual(['Hits:long']);
});

test('getschema tells names, places and types', () => {
  expect(columnsOf('Events | getschema')).toEqual([
    'ColumnName:string',
    'ColumnOrdinal:int',
    'DataType:string',
    'ColumnType:string',
  ]);
  expect(rowsOf('datatable(a:long, b:bool, c:dynamic, d:decimal)[] | getschema')).toEqual([
    ['a', 0, 'System.Int64', 'long'],
    ['b', 1, 'System.SByte', 'bool'],
    ['c', 2, 'System.Object', 'dynamic'],
    ['d', 3, 'System.Data.SqlTypes.SqlDecimal', 'decimal'],
  ]);
});

test.for([
  ['range x from 1 to 5 step 2', 'long', [1, 3, 5]],
  ['range x from 1 to 4 step 2', 'long', [1, 3]],
  ['range x from 5 to 1 step -2', 'long', [5, 3, 1]],
  ['range x from 2 to 1 step 1', 'long', []],
  ['range x from 0 to 1 step 0.25', 'real', [0, 0.25, 0.5, 0.75, 1]],
  ['range x from 1.0 to 0.0 step -0.5', 'real', [1, 0.5, 0]],
  ['range x from 0.0 to 0.3 step 0.1', 'real', [0, 0.1, 0.2]],
  ['range x from int(1) to int(2) step int(1)', 'int', [1, 2]],
  ['range x from long(null) to 2 step 1', 'long', []],
  [
    'range x from 9223372036854775806 to 9223372036854775807 step 1',
    'long',
    [9_223_372_036_854_775_806n, 9_223_372_036_854_775_807n],
  ],
] as const)('%s', ([text, type, values]) => {
  expect(columnsOf(text)).toEqual([`x:${type}`]);
  expect(rowsOf(text)).toEqual(values.map((value) => [value]));
});

test('range runs over times', () => {
  expect(rowsOf('range t from datetime(2026-01-01) to datetime(2026-01-03) step 1d | project s=tostring(t)')).toEqual([
    ['2026-01-01T00:00:00.0000000Z'],
    ['2026-01-02T00:00:00.0000000Z'],
    ['2026-01-03T00:00:00.0000000Z'],
  ]);
  expect(columnsOf('range t from 1h to 3h step 1h')).toEqual(['t:timespan']);
  expect(rowsOf('range t from 3h to 1h step -1h | project s=tostring(t)')).toEqual([
    ['03:00:00'],
    ['02:00:00'],
    ['01:00:00'],
  ]);
});

test('a range too long for memory is refused before it is made', () => {
  expect(() => answer('range x from 1 to 1000000000000 step 1 | where x > 5')).toThrow(/budget/);
});

test('a computed column is computed once for each row, however often it is read', () => {
  let reads = 0;
  const id = {
    name: 'Id',
    type: 'long',
    at: (row: number) => {
      reads += 1;
      return row;
    },
  } as const;
  const counted = { ...tables.Events, columns: [id, ...tables.Events.columns.slice(1)] };
  const { rows } = kql
    .prepare('Events | extend b=Id+1 | where b > 0 | project c=b*2, d=b*3')
    .run({ now, tables: { Events: counted } });
  expect(rows).toEqual([
    [2, 3],
    [4, 6],
    [6, 9],
  ]);
  expect(reads).toBe(3);
});

test.for([
  ['Events | find "x"', /find/],
  ['Events | fork (count) (take 1)', /operator fork is not supported/],
  ['Events | facet by User', /operator facet is not supported/],
  ['Events | reduce by User', /operator reduce is not supported/],
  ['Events | assert-schema (Id:long)', /operator assert-schema is not supported/],
] as const)('refuses %s', ([text, message]) => {
  expect(() => answer(text)).toThrow(message);
});

// Which operators keep an order that row_number may rely on, as Microsoft's page on serialize lists them.
test.for([
  ['Events', 'none'],
  ['Events | serialize', 'serialized'],
  ['Events | sort by Id', 'serialized'],
  ['Events | top 2 by Id', 'serialized'],
  ['Events | getschema', 'serialized'],
  ['range x from 1 to 2 step 1', 'serialized'],
  ['Events | sort by Id | where Id > 1 | extend a=1 | project Id, a | take 1 | as A', 'serialized'],
  ['Events | sort by Id | project-away User | project-rename i=Id | project-reorder i | render table', 'serialized'],
  ['Events | sort by Id | distinct Id', 'none'],
  ['Events | sort by Id | count', 'none'],
  ['Events | sort by Id | sample 2', 'none'],
  ['Events | sort by Id | sample-distinct 2 of Id', 'none'],
  ['Events | sort by Id | summarize by Id', 'none'],
  ['Events | sort by Id | union Events', 'none'],
] as const)('%s: the order of rows is %s', ([text, order]) => {
  const numbered = () => rowsOf(`${text} | extend rn=row_number() | project rn`);
  if (order === 'none') expect(numbered).toThrow(/row_number/);
  else expect(numbered().map(([number]) => number)).toEqual(numbered().map((_, index) => index + 1));
});
