import { describe, expect, test } from 'vitest';
import { engine } from '../../../kql/engine/engine.ts';

const columns = [
  { name: 'Actor', type: 'string' },
  { name: 'N', type: 'long' },
] as const;
const kql = engine({
  tables: [{ name: 'Events', columns }],
  functions: [
    { name: 'Recent', parameters: 'span:timespan = 1d', body: 'print Start = tostring(now() - span)' },
    { name: 'Twice', parameters: 'value:long', body: 'value * 2' },
    { name: 'FourTimes', parameters: 'value:long', body: 'let half = Twice(value); Twice(half)' },
    {
      name: 'ByActor',
      parameters: 'T:(Actor:string, N:long), least:long = 0',
      body: 'T | where N > least | summarize Sum = sum(N) by Actor',
    },
    {
      name: 'Named',
      parameters: 'a:string, b:string = "b", c:string = "c"',
      body: 'strcat(a, b, c)',
    },
    {
      name: 'Totals',
      parameters: '',
      body: 'let Events = Events | where N > 1;\nlet factor = 10;\nEvents | summarize Total = sum(N) * factor',
    },
    { name: 'AnyColumns', parameters: 'T:(*)', body: 'T | count' },
    { name: 'Broken', parameters: '', body: 'Events\n| extend R = row_number()' },
  ],
});
const table = (query: string): unknown =>
  kql.prepare(`let Data = datatable(Actor:string, N:long)["ada", 1, "ada", 2, "bob", 5];\n${query}`).run({
    now: new Date('2026-11-20T12:00:00Z'),
  }).rows;

describe('functions of the workspace', () => {
  test.for([
    ['take their defaults', 'Recent', [['2026-11-19T12:00:00.0000000Z']]],
    ['take arguments by place', 'Recent(2h)', [['2026-11-20T10:00:00.0000000Z']]],
    ['take arguments by name', 'Recent(span = 2h)', [['2026-11-20T10:00:00.0000000Z']]],
    ['mix names and places', 'print Named("a", c = "z")', [['abz']]],
    ['yield values for each row', 'Data | extend T = Twice(N) | project T', [[2], [4], [10]]],
    ['call each other', 'Data | project F = FourTimes(N)', [[4], [8], [20]]],
    [
      'take tables',
      'ByActor(Data, 1)',
      [
        ['ada', 2],
        ['bob', 5],
      ],
    ],
    ['take the table of a pipe', 'Data | invoke ByActor(least = 2)', [['bob', 5]]],
    ['take tables of any columns', 'AnyColumns((Data | project X = 1))', [[3]]],
    ['have lets of their own that hide tables', 'Totals', [[0]]],
  ] as const)('%s', ([, query, rows]) => {
    expect(table(query)).toEqual(rows);
  });

  test('do not see what the caller calls by the same name', () => {
    expect(table('let factor = 1000; let Events = Data; Totals')).toEqual([[0]]);
    expect(table('let value = 1000; Data | take 1 | project T = Twice(N), value')).toEqual([[2, 1000]]);
  });

  test('name themselves in an error, with the line of their body', () => {
    expect(() => table('Broken')).toThrow(/^line 2, column \d+ of Broken: runtime: row_number/);
  });
});

describe('functions of the query', () => {
  test.for([
    ['take parameters', 'let f = (x:long, y:long = 3) { x + y }; print f(1), f(1, 1)', [[4, 2]]],
    ['see earlier lets', 'let k = 10; let f = (x:long) { x * k }; print f(2)', [[20]]],
    [
      'keep the lets of where they were written',
      'let k = 10; let f = () { k }; let g = (k:long) { f() + k }; print g(1)',
      [[11]],
    ],
    ['hide outer names by inner ones', 'let k = 1; let f = () { let k = 2; k }; print f(), k', [[2, 1]]],
    ['take tables', 'let f = (T:(N:long)) { T | summarize sum(N) }; f(Data)', [[8]]],
    ['see names as they stood where they were written', 'let f = () { Events | count }; let Events = Data; f()', [[0]]],
    ['nest', 'let f = (x:long) { let g = (y:long) { y + 1 }; g(g(x)) }; print f(1)', [[3]]],
    [
      'read columns through their parameters',
      'let f = (x:long) { iff(x > 1, "many", "one") }; Data | project f(N)',
      [['one'], ['many'], ['many']],
    ],
    ['convert what they are given', 'let f = (x:real) { x / 2 }; print f(3)', [[1.5]]],
  ] as const)('%s', ([, query, rows]) => {
    expect(table(query)).toEqual(rows);
  });

  test.for([
    ['too few arguments', 'let f = (x:long) { x }; print f()', /KS119/],
    ['too many arguments', 'let f = (x:long) { x }; print f(1, 2)', /KS119/],
    [
      'a table made from a row',
      'let f = (x:long) { range N from 1 to x step 1 }; Data | extend T = toscalar(f(N))',
      /must be|same for all rows|KS/,
    ],
    ['a call of itself', 'let f = (x:long) { f(x) }; print f(1)', /KS211/],
  ] as const)('refuse %s', ([, query, reason]) => {
    expect(() => table(query)).toThrow(reason);
  });
});
