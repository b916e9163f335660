import { expect, test } from 'vitest';
import { engine } from '../../../kql/engine/engine.ts';
import { fromRows } from '../../../kql/engine/relation.ts';
import { fromUnixMilliseconds } from '../../../kql/engine/values/calendar.ts';

const first = [
  { name: 'Id', type: 'long' },
  { name: 'User', type: 'string' },
] as const;
const second = [
  { name: 'Id', type: 'long' },
  { name: 'Site', type: 'string' },
] as const;
const kql = engine({
  tables: [
    { name: 'Sign_CL', columns: first },
    { name: 'Sites_CL', columns: second },
  ],
  functions: [
    { name: 'Reader', parameters: '', body: 'Gone_CL | where Id > 0' },
    { name: 'Signs', parameters: '', body: 'Sign_CL | where Id > 0' },
  ],
});
const received = fromUnixMilliseconds(Date.UTC(2026, 10, 1));
const tables = {
  Sign_CL: { ...fromRows(first, [[1, 'ada@contoso.example']]), receivedAt: () => received, name: 'Sign_CL' },
  Sites_CL: { ...fromRows(second, [[2, 'https://contoso.example/red']]), name: 'Sites_CL' },
};
const now = new Date('2026-11-20T00:00:00Z');
const answer = (text: string) => kql.prepare(text).run({ now, tables });
const columnsOf = (text: string) => answer(text).columns.map(({ name, type }) => `${name}:${type}`);
const rowsOf = (text: string) => answer(text).rows;

const twoViews = 'let View_1 = view () { print x=1 }; let View_2 = view () { print x=toint(2) };';

test('union fills what a leg does not have with null and the empty string', () => {
  const text = 'Sign_CL | union Sites_CL';
  expect(columnsOf(text)).toEqual(['Id:long', 'User:string', 'Site:string']);
  expect(rowsOf(text)).toEqual([
    [1, 'ada@contoso.example', ''],
    [2, '', 'https://contoso.example/red'],
  ]);
});

test('union kind=inner keeps the columns of all legs', () => {
  expect(columnsOf('Sign_CL | union kind=inner Sites_CL')).toEqual(['Id:long']);
  expect(rowsOf('Sign_CL | union kind=inner Sites_CL')).toEqual([[1], [2]]);
});

test('union splits a name of two types into a column for each', () => {
  const text = `${twoViews} union withsource=TableName View_1, View_2`;
  expect(columnsOf(text)).toEqual(['TableName:string', 'x_long:long', 'x_int:int']);
  expect(rowsOf(text)).toEqual([
    ['View_1', 1, null],
    ['View_2', null, 2],
  ]);
});

test('union numbers a split name that is taken', () => {
  const text = `${twoViews} let View_3 = view () { print x_long=3 }; union withsource=TableName View_1, View_2, View_3`;
  expect(columnsOf(text)).toEqual(['TableName:string', 'x_long1:long', 'x_int:int', 'x_long:long']);
  expect(rowsOf(text)).toEqual([
    ['View_1', 1, null, null],
    ['View_2', null, 2, null],
    ['View_3', null, null, 3],
  ]);
});

test.for([
  ['a table by its name', 'union withsource=S Sign_CL, Sites_CL', ['Sign_CL', 'Sites_CL']],
  [
    'filtered rows by their table',
    'Sign_CL | where Id > 0 | union withsource=S (Sites_CL | extend a=1)',
    ['Sign_CL', 'Sites_CL'],
  ],
  ['a variable over a table by its place', 'let A = Sign_CL; union withsource=S A, Signs', ['union_arg0', 'Signs']],
  [
    'a variable by its place',
    'let A = print x=1; let B = print x=2; union withsource=S A, B',
    ['union_arg0', 'union_arg1'],
  ],
  ['piped rows by their place', 'let B = print x=2; print x=1 | union withsource=S B', ['union_arg0', 'union_arg1']],
  ['what as named by that name', 'print x=1 | as T1 | union withsource=S (print x=2 | as T2)', ['T1', 'T2']],
] as const)('withsource tells %s', ([, text, names]) => {
  expect(rowsOf(`${text} | project S`).map(([name]) => name)).toEqual(names);
});

test.for([1, 2, 3, 4, 9])('union of %i legs reads each row from its leg', (count) => {
  const legs = Array.from({ length: count }, (_, leg) => `(range x from ${leg * 10} to ${leg * 10 + leg} step 1)`);
  const values = Array.from({ length: count }, (_, leg) =>
    Array.from({ length: leg + 1 }, (__, at) => [leg * 10 + at]),
  );
  expect(rowsOf(`union ${legs.join(', ')}, (print x=0 | where false)`)).toEqual(values.flat());
});

test.for([
  ['a table', 'union isfuzzy=true Gone_CL, Sign_CL', 1],
  ['what reads a table', 'union isfuzzy=true (Gone_CL | where Id > 0), Sign_CL', 1],
  ['a function over a table', 'union isfuzzy=true Reader, Signs', 1],
  ['a pattern that matches nothing', 'union isfuzzy=true Gone*, Sign*', 1],
] as const)('a fuzzy union leaves out %s that does not exist', ([, text, count]) => {
  expect(rowsOf(`${text} | count`)).toEqual([[count]]);
});

test('a fuzzy union does not hide an error in a table that exists', () => {
  expect(() => rowsOf('union isfuzzy=true (Sign_CL | facet by Id), Sites_CL')).toThrow(/facet is not supported/);
});

test('a fuzzy union of nothing that exists is an error', () => {
  expect(() => rowsOf('union isfuzzy=true Gone_CL')).toThrow(/Gone_CL/);
});

test('a union of a table that does not exist is an error', () => {
  expect(() => rowsOf('union Reader, Sign_CL')).toThrow(/Gone_CL/);
});

test('a pattern takes tables and views', () => {
  expect(rowsOf('union withsource=S Si*_CL | project S')).toEqual([['Sign_CL'], ['Sites_CL']]);
  expect(rowsOf('union withsource=S * | project S')).toEqual([['Sign_CL'], ['Sites_CL']]);
  expect(rowsOf(`${twoViews} let Other = view () { print x=3 }; union View* | count`)).toEqual([[2]]);
});

test('rows of a union keep when they were received', () => {
  expect(rowsOf('union Sites_CL, Sign_CL | project Id, at=tostring(ingestion_time())')).toEqual([
    [2, ''],
    [1, '2026-11-01T00:00:00.0000000Z'],
  ]);
});

test('search puts the name of the table first', () => {
  expect(columnsOf('print s="alpha" | search "alpha"')).toEqual(['$table:string', 's:string']);
  expect(rowsOf('print s="alpha" | search "alpha"')).toEqual([['search_arg0', 'alpha']]);
  expect(rowsOf('search in (Sign_CL) "ada"')).toEqual([['Sign_CL', 1, 'ada@contoso.example']]);
});

test('search looks at all tables and views', () => {
  const views = 'let R1 = view () { range n from 1 to 9 step 1 }; let R2 = view () { range n from 5 to 6 step 1 };';
  expect(rowsOf(`${views} search n == 5 | project $table, n`)).toEqual([
    ['R1', 5],
    ['R2', 5],
  ]);
});

test('search does not look at the name of the table', () => {
  expect(rowsOf('search in (Sign_CL) "Sign_CL" or "search_arg0"')).toEqual([]);
});

test.for([
  ['"BETA"', ['Beta']],
  ['kind=case_sensitive "BETA"', []],
  ['kind=case_sensitive "Beta"', ['Beta']],
  ['"al*"', ['alpha']],
  ['"alpha" or "beta"', ['alpha', 'Beta']],
  ['s:"beta"', ['Beta']],
  ['*', ['alpha', 'Beta', 'x']],
] as const)('search %s', ([condition, found]) => {
  const text = `datatable(s:string)["alpha", "Beta", "x"] | search ${condition} | project s`;
  expect(rowsOf(text).map(([s]) => s)).toEqual(found);
});
