import { array, assert, constantFrom, nat, oneof, property, record, string as text } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { engine } from '../../../kql/engine/engine.ts';
import { KqlError, UnsupportedError } from '../../../kql/engine/errors.ts';
import { fromJsonRows } from '../../../kql/engine/json-rows.ts';
import type { TableSchema } from '../../../kql/engine/language/schema.ts';

const events: TableSchema = {
  name: 'Events',
  columns: [
    { name: 'TimeGenerated', type: 'datetime' },
    { name: 'Actor', type: 'string' },
    { name: 'N', type: 'long' },
    { name: 'Bag', type: 'dynamic' },
  ],
};
const kql = engine({
  tables: [events],
  functions: [
    { name: 'Late', parameters: '', body: '\nEvents\n| extend R = row_number()' },
    { name: 'Calls', parameters: '', body: 'Late | take 1' },
  ],
});
const now = new Date('2026-11-20T12:00:00Z');
const tables = {
  Events: fromJsonRows(events, [
    {
      TimeGenerated: '2026-11-20T10:00:00Z',
      Actor: 'ada',
      N: 1,
      Bag: { Messages: [{ Id: 'a' }, { Id: 'b' }], x: 1.5 },
    },
    { TimeGenerated: '2026-11-20T11:00:00Z', Actor: 'bob', N: 2, Bag: [1, null, 'x'] },
    { TimeGenerated: null, Actor: '', N: null, Bag: null },
  ]),
};
const answer = (query: string): unknown => kql.prepare(query).run({ now, tables }).rows;

function errorOf(query: string): KqlError {
  try {
    answer(query);
  } catch (error) {
    if (error instanceof KqlError) return error;
    throw error;
  }
  throw new Error(`${query}: answered`);
}

describe('a run', () => {
  test('takes its time from outside, the same through the whole query', () => {
    expect(answer('print tostring(now()), tostring(ago(1h)), tostring(now(1d)), now() == now()')).toEqual([
      ['2026-11-20T12:00:00.0000000Z', '2026-11-20T11:00:00.0000000Z', '2026-11-21T12:00:00.0000000Z', true],
    ]);
    expect(answer('Events | where TimeGenerated > ago(90m) | project Actor')).toEqual([['bob']]);
  });

  test('takes its random numbers from outside', () => {
    const { rows } = kql.prepare('print rand(), rand(10)').run({ now, random: () => 0.5 });
    expect(rows).toEqual([[0.5, 5]]);
  });

  test('may be repeated, with other rows and at other times', () => {
    const query = kql.prepare('Events | count');
    expect(query.run({ now, tables }).rows).toEqual([[3]]);
    expect(query.run({ now }).rows).toEqual([[0]]);
  });

  test('tells columns with their types', () => {
    const { columns } = kql.prepare('Events | summarize count(), avg(N), make_set(Bag) by Actor').run({ now, tables });
    expect(columns.map(({ name, type }) => `${name}:${type}`)).toEqual([
      'Actor:string',
      'count_:long',
      'avg_N:real',
      'set_Bag:dynamic',
    ]);
  });

  test('needs something to answer', () => {
    expect(errorOf('let x = 1;').message).toBe('runtime: the query yields nothing: end it with an expression');
  });
});

describe('an error', () => {
  test.for([
    [
      'of a name is one line with the place, the code and what was meant',
      'Events\n| where Actr == "x"',
      /^line 2, column 9: KS142: .*; did you mean Actor\?$/,
    ],
    ['of a table guesses, too', 'Event | count', /^line 1, column 1: KS\d+: .*; did you mean Events\?$/],
    ['of a function guesses, too', 'Lat', /did you mean Late\?$/],
    ['of a name like no other guesses nothing', 'Events | where Whatsoever == 1', /function\.$/],
    ['of syntax has its place', 'Events | where (N == 1', /^line 1, column \d+: KS\d+: /],
    ['of types has its place', 'Events\n|\twhere N has "x"', /^line 2, column \d+: KS\d+: /],
    ['of a run has its place', 'Events\n| extend P = prev(N)', /^line 2, column 14: runtime: .*serialize/],
    ['within a function of the workspace names it', 'Late', /^line 3, column \d+ of Late: runtime: /],
    ['within a function that another calls names the inner one', 'Calls', /^line 3, column \d+ of Late: runtime: /],
  ] as const)('%s', ([, query, expected]) => {
    const { message } = errorOf(query);
    expect(message).toMatch(expected);
    expect(message).not.toContain('\n');
  });

  test('is the first of several, and diagnose tells them all', () => {
    const query = 'Events | where Wrong1 == 1 and Wrong2 == 2';
    expect(errorOf(query).message).toContain('Wrong1');
    expect(kql.diagnose(query).filter(({ severity }) => severity === 'Error')).toHaveLength(2);
    expect(kql.diagnose('Events | count')).toEqual([]);
  });
});

describe('what is not supported is named with its place', () => {
  test.for([
    ['a plugin', 'Events\n| evaluate basket()', 'basket', 2],
    ['another plugin', 'print 1 | evaluate autocluster()', 'autocluster', 1],
    ['an operator', 'let G = Events | make-graph Actor --> Actor;\nG | graph-to-table nodes', 'make-graph', 1],
    ['a function', 'print geo_s2cell_to_polygon("1234567")', 'geo_s2cell_to_polygon', 1],
    ['an aggregate', 'Events\n| summarize tdigest(N)', 'tdigest', 2],
    ['a source', 'externaldata(X:string)["https://contoso.example/x.csv"]', 'ExternalData', 1],
  ] as const)('%s', ([, query, name, line]) => {
    const error = errorOf(query);
    expect(error).toBeInstanceOf(UnsupportedError);
    expect([error.code, error.position?.line]).toEqual(['unsupported', line]);
    expect(error.reason.toLowerCase()).toContain(name.toLowerCase());
  });
});

const seeds = [
  'Events | where Actor has "ada" and N > 1 | summarize count(), make_set(Actor) by bin(TimeGenerated, 1h)',
  'Events | mv-expand M = Bag.Messages | extend Id = tostring(M.Id) | summarize arg_max(TimeGenerated, *) by Id',
  'let T = Events | where N in (1, 2, 3); T | join kind=leftouter (T | project Actor, X = N * 2) on Actor | sort by X desc',
  'Events | make-series count() on TimeGenerated from ago(1d) to now() step 1h by Actor | extend A = series_stats(count_)',
  'union withsource=S Events, (Events | extend Z = 1.5) | project S, Z, Actor | top 2 by Z asc nulls first',
  'Events | parse Actor with A:string "d" B:string | extend C = extract("(a)(.)", 2, Actor), D = split(Actor, "d")[0]',
  'let f = (x:long, y:string = "a") { strcat(y, x) }; Events | project f(N), f(N, Actor), iff(N > 1, "m", "o")',
  'Events | sort by N asc | extend P = prev(N), R = row_number(), S = row_cumsum(N) | where R between (1 .. 2)',
  'Events | mv-apply E = Bag to typeof(long) on (where E > 0 | summarize sum(E)) | project-away Bag | evaluate narrow()',
  'print D = dynamic({"a":[1,2.5,{"b":null}]}), T = datetime(2026-11-20) - 1d, R = "x" matches regex "[a-z]+" | project D.a[2].b, T, R',
  'Events | summarize percentiles(N, 5, 95), dcountif(Actor, N > 0), stdev(N), countif(isempty(Actor)) | extend P = pack_all()',
  'range N from -3 to 3 step 1 | extend A = N % 2, B = N / 2.0, C = tolong(pow(2, N)), D = bin(N, 2) | distinct A | count',
  'search "ada" | summarize by Actor | order by Actor',
  'Events | evaluate bag_unpack(Bag) | getschema | project ColumnName, ColumnType',
  'Events | scan declare (s:long = 0) with (step a: true => s = a.s + N;) | top-nested 1 of Actor by sum(s)',
];
const tokens = [...new Set(seeds.flatMap((seed) => seed.match(/\w+|\s+|"[^"]*"|[^\w\s]/g) ?? []))];
const mutation = record({
  seed: constantFrom(...seeds),
  cuts: array(
    record({
      at: nat(),
      remove: nat(3),
      put: array(constantFrom(...tokens, '-1', 'null', 'dynamic(null)', 'long(null)', '*', '1e308', 'real(nan)'), {
        maxLength: 3,
      }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

/** Undefined where the query is answered or refused as it should be; else what broke. */
function broken(query: string): string | undefined {
  try {
    kql.prepare(query).run({ now, tables, limits: { milliseconds: 2000, rows: 100_000 } });
    return undefined;
  } catch (error) {
    if (error instanceof KqlError) return undefined;
    return `${query}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}
const runs = process.env['TEST_LENGTH'] === 'long' ? 5000 : 400;

describe('no text breaks the engine', () => {
  test('that is garbage', { timeout: 600_000 }, () => {
    assert(
      property(
        oneof(
          text(),
          text({ unit: 'binary' }),
          array(constantFrom(...tokens)).map((all) => all.join('')),
        ),
        (garbage) => {
          expect(broken(garbage)).toBeUndefined();
        },
      ),
      { numRuns: runs },
    );
  });

  test('that is nearly a query', { timeout: 600_000 }, () => {
    assert(
      property(mutation, ({ seed, cuts }) => {
        const parts = seed.match(/\w+|\s+|"[^"]*"|[^\w\s]/g) ?? [];
        for (const { at, remove, put } of cuts) parts.splice(at % parts.length, remove, ...put);
        expect(broken(parts.join(''))).toBeUndefined();
      }),
      { numRuns: 2 * runs },
    );
  });

  test('and the queries that are varied are answered', () => {
    for (const seed of seeds) expect(broken(seed)).toBeUndefined();
    expect(seeds.filter((seed) => kql.diagnose(seed).some(({ severity }) => severity === 'Error'))).toEqual([]);
  });
});

describe('a set statement', () => {
  test.for(['notruncation', 'norequesttimeout', 'NoTruncation = true', 'query_fanout_nodes_percent = 10'])(
    'of %s changes no rows and is passed over',
    (option) => {
      expect(answer(`set ${option}; print 1`)).toEqual([[1]]);
    },
  );
  test.for([
    'query_take_max_records = 1',
    'query_now = datetime(2020-01-01)',
    'query_datetimescope_to = datetime(2020-01-01)',
    'whatever',
  ])('of %s is refused by name', (option) => {
    const error = errorOf(`set ${option}; print 1`);
    expect(error).toBeInstanceOf(UnsupportedError);
    expect(error.message).toMatch(new RegExp(`^line 1, column 1: unsupported: set ${option.split(' ')[0] ?? ''} `));
  });
});

test('a second result is refused where it stands, before the first is computed', () => {
  const error = errorOf('Events | extend P = assert(false, "computed");\nlet x = 1;\nEvents | count');
  expect([error.code, error.position?.line, error.position?.column]).toEqual(['unsupported', 3, 1]);
});

test('a text that the binder would take long for is refused at the door', () => {
  for (const read of [kql.prepare, kql.diagnose]) {
    expect(() => read(`print 1 // ${'x'.repeat(99_989)}`)).not.toThrow();
    expect(() => read(`print 1 // ${'x'.repeat(99_990)}`)).toThrow(
      'budget: the query has 100001 characters, at most 100000 are read',
    );
  }
});
