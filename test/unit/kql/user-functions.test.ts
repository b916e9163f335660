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
    { name: 'KeyOf', parameters: 'x:long', body: 'toscalar(Events | where N == x | project Actor)' },
    { name: 'Broken', parameters: '', body: 'Events\n| extend R = row_number()' },
  ],
});
const rows = '[1, "x", 2, "y", 3, "z"]';
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

describe("a row's value in a sub-query", () => {
  const pairs = (query: string): unknown => table(`let U = datatable(a:long, k:string)${rows};\n${query}`);

  test.for([
    ['toscalar', 'let S = (x:long) { toscalar(U | where a == x | project k) }; U | sort by a desc | extend z = S(a)'],
    ['a list made of a table', 'let S = (x:long) { x in ((U | where a == x | project a)) }; U | extend z = S(a)'],
    [
      'a let of the body',
      'let S = (x:long) { let y = x + 1; toscalar(U | where a == y | count) }; U | extend z = S(a)',
    ],
    ['a table of the body', 'let S = (x:long) { let T = U | where a == x; toscalar(T | count) }; U | extend z = S(a)'],
    [
      'a function of the body',
      'let S = (x:long) { let g = (y:long) { x + y }; toscalar(U | extend q = g(1) | project q) }; U | extend z = S(a)',
    ],
    [
      'a table that is passed beside it',
      'let S = (T:(a:long), x:long) { toscalar(T | where a == x | count) }; U | extend z = S(U, a)',
    ],
    [
      'a table that is made for a call',
      'let c = (T:(a:long)) { toscalar(T | count) }; let S = (x:long) { c((U | where a == x)) }; U | extend z = S(a)',
    ],
    ['a function of the workspace', 'U | extend z = KeyOf(a)'],
    ['an aggregate', 'let S = (x:long) { toscalar(U | where a == x | count) }; U | summarize z = S(max(a)) by k'],
  ] as const)('is refused in %s, since it would be read in the wrong row', ([, query]) => {
    expect(() => pairs(query)).toThrow(/runtime: [xy] differs from row to row, .*join the tables instead/);
  });

  test.for([
    [
      'is no value of a sub-query that does not read it',
      'let S = (T:(a:long), x:long) { toscalar(T | count) + x }; U | project z = S(U, a)',
      [[4], [5], [6]],
    ],
    [
      'may be looked for in a table',
      'let S = (x:long) { x in ((U | where a < 3 | project a)) }; U | project z = S(a)',
      [[true], [true], [false]],
    ],
    [
      'may be the same in every row',
      'let S = (x:long) { toscalar(U | where a == x | project k) }; U | project z = S(2)',
      [['y'], ['y'], ['y']],
    ],
    [
      'may go through functions of the body',
      'let S = (x:long) { let g = (y:long) { x + y }; g(g(x)) }; U | project z = S(a)',
      [[3], [6], [9]],
    ],
    [
      'may be computed where there is one row',
      'let S = (x:long) { toscalar(U | where a == x | project k) }; print S(toscalar(U | count))',
      [['z']],
    ],
  ] as const)('%s', ([, query, expected]) => {
    expect(pairs(query)).toEqual(expected);
  });
});

describe('the columns of the caller', () => {
  test.for(['pack_all()', 'pack_all(true)', 'pack_array(*)'])('are not there for %s in a body', (call) => {
    for (const query of [`print f(1)`, `Data | extend P = f(N)`])
      expect(() => table(`let f = (x:long) { let p = ${call}; p }; ${query}`)).toThrow(/pass them as parameters/);
  });

  test('are those of the query in a body that holds one', () => {
    expect(table('let f = (T:(*)) { T | take 1 | project P = pack_all() }; f(Data)')).toEqual([
      [{ Actor: 'ada', N: 1 }],
    ]);
  });
});

test('functions may call each other some levels deep, again and again, and not endlessly many', () => {
  const nested = (levels: number): string =>
    ['let f0 = (x:long) { x };']
      .concat(Array.from({ length: levels }, (_, at) => `let f${at + 1} = (x:long) { f${at}(x) + 1 };`))
      .join('\n');
  for (let time = 0; time < 3; time += 1) expect(table(`${nested(20)} print f20(1)`)).toEqual([[21]]);
  expect(() => table(`${nested(80)} print f80(1)`)).toThrow(/more than 64 levels deep/);
  expect(table(`${nested(20)} print f20(1)`)).toEqual([[21]]);
});

test.for([
  [
    'parentheses around its parameters',
    { name: 'F', parameters: ' (x:long)', body: 'x' },
    'function F: give its parameter list without the parentheses',
  ],
  [
    'braces around its body',
    { name: 'G', parameters: '', body: '\n{ Events }' },
    'function G: give its body without the braces',
  ],
] as const)('a function with %s is told by name', ([, definition, message]) => {
  expect(() => engine({ functions: [definition] })).toThrow(message);
});
