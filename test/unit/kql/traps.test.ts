/** Where Kusto does what nobody expects: each trap of the list by its number, with queries of our own. */
import { describe, expect, test } from 'vitest';
import { engine } from '../../../kql/engine/engine.ts';
import { answer } from './plugins-answer.ts';

interface Trap {
  readonly trap: number;
  /** What Kusto does. */
  readonly says: string;
  /** A query (or the expression of a `print`) and the rows of its answer. */
  readonly cases: readonly (readonly [query: string, rows: readonly (readonly unknown[])[]])[];
}

/** One value, printed. */
const gives = (expression: string, value: unknown): readonly [string, readonly (readonly unknown[])[]] => [
  `print ${expression}`,
  [[value]],
];
const people = 'datatable(Actor:string, Label:int)["ada", 1, "bob", int(null), "", 3]';

const traps: readonly Trap[] = [
  {
    trap: 1,
    says: 'a string is never null: what is missing is empty',
    cases: [
      gives('isnull(tostring(dynamic(null)))', false),
      gives('isempty(tostring(dynamic({}).Missing))', true),
      [`${people} | where isnull(Actor) | count`, [[0]]],
      [`${people} | where isempty(Actor) | project Label`, [[3]]],
    ],
  },
  {
    trap: 2,
    says: 'a comparison with one null is false, its negation true; of two nulls both are null; < and > stay null',
    cases: [
      gives('int(null) == 1', false),
      gives('int(null) != 1', true),
      gives('int(null) == int(null)', null),
      gives('int(null) != int(null)', null),
      gives('int(null) < 1', null),
      gives('int(null) >= 1', null),
      gives('int(null) in (1, 2)', false),
      gives('int(null) !in (1, 2)', true),
      [`${people} | where Label != 1 | project Actor`, [['bob'], ['']]],
      [`${people} | where not(Label == 1) | count`, [[2]]],
      [`${people} | where Label < 9 | count`, [[2]]],
    ],
  },
  {
    trap: 3,
    says: 'sort descends unless told otherwise, and null is the smallest',
    cases: [
      [`${people} | sort by Label | project Label`, [[3], [1], [null]]],
      [`${people} | sort by Label asc | project Label`, [[null], [1], [3]]],
      [`${people} | sort by Label asc nulls last | project Label`, [[1], [3], [null]]],
      [`${people} | top 1 by Label | project Actor`, [['']]],
    ],
  },
  {
    trap: 4,
    says: 'count(x) counts rows with null as well; other aggregates skip them',
    cases: [[`${people} | summarize count(Label), avg(Label), dcount(Label), min(Label)`, [[3, 2, 2, 1]]]],
  },
  {
    trap: 5,
    says: 'of no values the sum, dcount and stdev are 0, the list is empty, avg is NaN, min and max are null',
    cases: [
      [
        'datatable(N:long)[] | summarize sum(N), dcount(N), stdev(N), make_list(N), avg(N), min(N), max(N)',
        [[0, 0, 0, [], NaN, null, null]],
      ],
      ['datatable(N:long)[long(null)] | summarize sum(N), make_list(N), avg(N), max(N)', [[0, [], NaN, null]]],
    ],
  },
  {
    trap: 6,
    says: 'null keys match null keys in a join, and strings without a match are empty',
    cases: [
      [
        'datatable(K:int, L:string)[int(null), "left", 1, "one"] | join kind=inner (datatable(K:int, R:string)[int(null), "right"]) on K | project L, R',
        [['left', 'right']],
      ],
      [
        'datatable(K:int)[1] | join kind=leftouter (datatable(K:int, R:string, N:long)[2, "x", 5]) on K | project K, K1, R, N',
        [[1, null, '', null]],
      ],
    ],
  },
  {
    trap: 7,
    says: 'coalesce passes over empty strings',
    cases: [gives('coalesce("", tostring(dynamic(null)), "b")', 'b')],
  },
  {
    trap: 8,
    says: 'has finds whole terms, and terms end at everything that is neither letter nor digit, _ too',
    cases: [
      gives('"error in line" has "err"', false),
      gives('"an err in line" has "ERR"', true),
      gives('"read_only_access" has "only"', true),
      gives('"x:DeleteMailbox!" has "deletemailbox"', true),
      gives('"error" contains "err"', true),
      gives('"agent-42" has_any ("4", "42")', true),
      gives('"agent42" has "42"', false),
    ],
  },
  {
    trap: 9,
    says: 'a bool prints True, a dynamic true prints true',
    cases: [
      gives('tostring(true)', 'True'),
      gives('tostring(dynamic(true))', 'true'),
      gives('strcat("is ", 1 == 2)', 'is False'),
      gives('tostring(dynamic({"a":true}))', '{"a":true}'),
    ],
  },
  {
    trap: 10,
    says: 'a whole real keeps its .0, and times print seven digits and Z',
    cases: [
      gives('tostring(1.0)', '1.0'),
      gives('tostring(dynamic([2.0, 2]))', '[2.0,2]'),
      gives('tostring(datetime(2026-11-20 08:05))', '2026-11-20T08:05:00.0000000Z'),
    ],
  },
  {
    trap: 11,
    says: 'trim removes one match of its regex at each end, not a run of them',
    cases: [
      gives('trim("-", "--a--")', '-a-'),
      gives('trim("-+", "--a--")', 'a'),
      gives('trim_start("ab", "ababc")', 'abc'),
    ],
  },
  {
    trap: 12,
    says: 'in replace_strings earlier look-ups claim their places first, and nothing is scanned twice',
    cases: [
      gives('replace_strings("abc", dynamic(["ab", "b", "c"]), dynamic(["b", "X", "ab"]))', 'bab'),
      gives('replace_strings("aa", dynamic(["a", "b"]), dynamic(["b", "a"]))', 'bb'),
    ],
  },
  {
    trap: 13,
    says: 'split with an index gives an array of that part, null beyond the end',
    cases: [
      gives('split("a/b/c", "/", 1)', ['b']),
      gives('split("a/b/c", "/", 7)', null),
      gives('split("a/b", "/")', ['a', 'b']),
    ],
  },
  {
    trap: 14,
    says: 'digits and blanks of a regex are those of Unicode',
    cases: [
      gives('"٣" matches regex @"^\\d$"', true),
      gives('"\\u00a0" matches regex @"^\\s$"', true),
      gives('"x" matches regex @"\\d|\\s"', false),
    ],
  },
  {
    trap: 15,
    says: 'a substring that starts before the beginning is empty',
    cases: [
      gives('substring("agent", -9, 3)', ''),
      gives('substring("agent", -3)', 'ent'),
      gives('substring("agent", 1, 2)', 'ge'),
    ],
  },
  {
    trap: 16,
    says: 'base64 that decodes to broken UTF-8 is empty text',
    cases: [gives('base64_decode_tostring("gICA")', ''), gives('base64_decode_tostring("YWRh")', 'ada')],
  },
  {
    trap: 17,
    says: 'a division of longs is cut, one of ints gives a long, and a remainder is never negative',
    cases: [
      gives('7 / 2', 3),
      gives('-7 / 2', -3),
      gives('7 / 2.0', 3.5),
      gives('gettype(int(7) / int(2))', 'long'),
      gives('gettype(int(7) % int(2))', 'long'),
      gives('-7 % 3', 2),
      gives('7 % -3', 1),
    ],
  },
  {
    trap: 18,
    says: 'tolong of text with a fraction is null, toint wraps around, and hexadecimal is for integers only',
    cases: [
      gives('tolong("5.7")', null),
      gives('tolong(5.7)', 5),
      gives('toint(2147483648)', -2_147_483_648),
      gives('toint("0x1F")', 31),
      gives('todouble("0x1F")', null),
    ],
  },
  {
    trap: 19,
    says: 'log(0) is negative infinity, log(-1) null, sqrt(-1) NaN',
    cases: [gives('log(0)', -Infinity), gives('log(-1)', null), gives('sqrt(-1)', NaN)],
  },
  {
    trap: 20,
    says: 'NaN poisons max and min',
    cases: [['datatable(N:real)[1.0, real(nan), 3.0] | summarize max(N), min(N)', [[NaN, NaN]]]],
  },
  {
    trap: 21,
    says: 'a long wraps around at 64 bits',
    cases: [gives('tostring(9223372036854775807 + 1)', '-9223372036854775808'), gives('9223372036854775807 * 2', -2)],
  },
  {
    trap: 22,
    says: 'bins of time count from the year 1, weeks start on Sunday, and dayofweek is a timespan',
    cases: [
      gives('tostring(bin(datetime(2026-11-20 13:37), 7d))', '2026-11-16T00:00:00.0000000Z'),
      gives('tostring(startofweek(datetime(2026-11-20)))', '2026-11-15T00:00:00.0000000Z'),
      gives('gettype(dayofweek(datetime(2026-11-20)))', 'timespan'),
      gives('dayofweek(datetime(2026-11-20)) == 5d', true),
      gives('bin(-7, 5)', -10),
    ],
  },
  {
    trap: 23,
    says: 'todatetime reads the month first and applies offsets',
    cases: [
      gives('tostring(todatetime("02-03-2026"))', '2026-02-03T00:00:00.0000000Z'),
      gives('todatetime("13-01-2022")', null),
      gives('tostring(todatetime("2026-11-20T00:30:00+02:00"))', '2026-11-19T22:30:00.0000000Z'),
    ],
  },
  {
    trap: 24,
    says: 'a timespan divided by a timespan is a real',
    cases: [gives('gettype(3h / 1h)', 'real'), gives('90m / 1h', 1.5)],
  },
  {
    trap: 25,
    says: 'times out of range are null',
    cases: [
      gives('datetime(9999-12-31) + 2d', null),
      gives('datetime(0001-01-01) - 1d', null),
      gives('make_timespan(0, 25, 0, 0)', null),
      gives('tostring(make_timespan(1, 25))', '01:25:00'),
    ],
  },
  {
    trap: 26,
    says: 'a missing path or index is null, and negative indices count from the end',
    cases: [
      gives('dynamic({"a":{"b":1}}).a.c.d', null),
      gives('dynamic([1,2,3])[7]', null),
      gives('dynamic([1,2,3])[-1]', 3),
      gives('isnull(dynamic({"a":null}).a)', true),
    ],
  },
  {
    trap: 27,
    says: 'mv-expand drops empty arrays, keeps nulls, splits bags into single keys, and zips columns',
    cases: [
      [
        'datatable(Id:int, V:dynamic)[1, dynamic([]), 2, dynamic(null), 3, dynamic(["x", "y"])] | mv-expand V',
        [
          [2, null],
          [3, 'x'],
          [3, 'y'],
        ],
      ],
      ['print V = dynamic({"a":1,"b":2}) | mv-expand V', [[{ a: 1 }], [{ b: 2 }]]],
      [
        'print A = dynamic([1, 2, 3]), B = dynamic(["x"]) | mv-expand A, B',
        [
          [1, 'x'],
          [2, null],
          [3, null],
        ],
      ],
    ],
  },
  {
    trap: 28,
    says: 'make_list concatenates arrays and keeps dynamic nulls, make_set unites elements',
    cases: [
      [
        'datatable(V:dynamic)[dynamic([1, 2]), dynamic(null), dynamic([2, 3])] | summarize make_list(V), make_set(V)',
        [
          [
            [1, 2, null, 2, 3],
            [1, 2, 3],
          ],
        ],
      ],
      ['datatable(V:long)[1, long(null)] | summarize make_list(V)', [[[1]]]],
    ],
  },
  {
    trap: 29,
    says: 'array_concat passes over what is no array, and the sum of no elements is null',
    cases: [
      gives('array_concat(dynamic([1]), parse_json("7"), dynamic([2]))', [1, 2]),
      gives('array_sum(dynamic([]))', null),
      gives('array_sum(dynamic([1, 2]))', 3),
    ],
  },
  {
    trap: 30,
    says: 'parse_json of text with a raw control character gives the text',
    cases: [
      gives('gettype(parse_json("{\\"a\\":\\"x\\ty\\"}"))', 'string'),
      gives('parse_json(@\'{"a":"x\\ty"}\').a', 'x\ty'),
    ],
  },
  {
    trap: 31,
    says: 'a bare join keeps one left row for each key',
    cases: [
      ['datatable(K:int, L:int)[1, 10, 1, 11] | join (datatable(K:int)[1]) on K | count', [[1]]],
      ['datatable(K:int, L:int)[1, 10, 1, 11] | join kind=inner (datatable(K:int)[1]) on K | count', [[2]]],
    ],
  },
  {
    trap: 32,
    says: 'a column of the right that exists on the left gets a number without a separator',
    cases: [
      [
        'datatable(K:int, V:int, V1:int)[1, 2, 3] | join kind=inner (datatable(K:int, V:int)[1, 9]) on K | getschema | project ColumnName',
        [['K'], ['V'], ['V1'], ['K1'], ['V2']],
      ],
    ],
  },
  {
    trap: 33,
    says: 'extend overwrites a column where it stands',
    cases: [['print A = 1, B = 2 | extend A = "x", C = A', [['x', 2, 1]]]],
  },
  {
    trap: 34,
    says: 'a named arg_max(x, *) renames its first column only, and a named tuple keeps its first only',
    cases: [
      [
        'datatable(K:int, T:int, V:string)[1, 5, "new", 1, 2, "old"] | summarize Last = arg_max(T, *) by K | getschema | project ColumnName',
        [['K'], ['Last'], ['V']],
      ],
      ['print X = dynamic([1, 2, 4]) | extend S = series_fit_line(X) | getschema | project ColumnName', [['X'], ['S']]],
    ],
  },
  {
    trap: 35,
    says: 'a union splits a name of several types, and names the legs that are variables by their place',
    cases: [
      ['union (print x = 1), (print x = int(2)) | getschema | project ColumnName', [['x_long'], ['x_int']]],
      [
        'let A = print x = 1; let B = print x = 2; union withsource=From A, B | project From, x',
        [
          ['union_arg0', 1],
          ['union_arg1', 2],
        ],
      ],
    ],
  },
  {
    trap: 36,
    says: 'search puts $table before the columns',
    cases: [['print x = "needle" | search "needle" | getschema | project ColumnName', [['$table'], ['x']]]],
  },
  {
    trap: 37,
    says: 'make-series of no rows is no row unless kind=nonempty, and bins without rows hold 0',
    cases: [
      ['datatable(T:long)[] | make-series count() on T from 0 to 3 step 1', []],
      [
        'datatable(T:long)[] | make-series kind=nonempty count() on T from 0 to 3 step 1',
        [
          [
            [0, 0, 0],
            [0, 1, 2],
          ],
        ],
      ],
      ['datatable(T:long)[2] | make-series N = count() on T from 0 to 3 step 1 | project N', [[[0, 0, 1]]]],
    ],
  },
  {
    trap: 38,
    says: 'columns without a name get one from what they are computed by',
    cases: [
      [
        'datatable(x:int)[1] | summarize count(), make_set(x), make_list(x), percentile(x, 50), sum(x + 1) | getschema | project ColumnName',
        [['count_'], ['set_x'], ['list_x'], ['percentile_x_50'], ['sum_']],
      ],
      ['datatable(x:int)[1] | extend 1 + 1 | getschema | project ColumnName', [['x'], ['Column1']]],
      ['print 1, 2 | getschema | project ColumnName', [['print_0'], ['print_1']]],
      [
        'datatable(x:int, y:int)[1, 2] | summarize covariance(x, y) | getschema | project ColumnName',
        [['covariance_x_y']],
      ],
    ],
  },
];

describe('the traps', () => {
  test('are the 38 of the list', () => {
    expect(traps.map(({ trap }) => trap)).toEqual(Array.from({ length: 38 }, (_, index) => index + 1));
  });

  test.for(traps.map((trap) => [trap.trap, trap.says, trap] as const))('%i: %s', ([, , { cases }]) => {
    expect(cases.map(([query]) => [query, answer(query).rows])).toEqual(cases);
  });
});

const kql = engine({
  functions: [{ name: 'Within', parameters: 'span:timespan', body: 'print Start = tostring(ago(span))' }],
});
const now = new Date('2026-11-20T12:00:00Z');
const rows = (query: string): unknown => kql.prepare(query).run({ now }).rows;

interface Miss {
  readonly what: string;
  readonly query: string;
  /** What the engine says, or the rows that it answers. */
  readonly refused?: RegExp;
  readonly rows?: readonly (readonly unknown[])[];
}

const misses: readonly Miss[] = [
  { what: 'an int among the strings of in', query: 'print "1" in (1, 2)', rows: [[true]] },
  { what: 'a regex that does not compile', query: 'print "a" matches regex "(a"', refused: /regex: .*\(a/ },
  {
    what: 'prev without an order of rows',
    query: 'datatable(N:int)[1, 2] | extend P = prev(N)',
    refused: /prev.*serialize/,
  },
  {
    what: 'row_number without an order of rows',
    query: 'datatable(N:int)[1] | extend R = row_number()',
    refused: /row_number/,
  },
  { what: 'a product of dynamic values', query: 'print dynamic(2) * dynamic(3)', refused: /dynamic/ },
  { what: 'an equality of dynamic values', query: 'print dynamic([1]) == dynamic([1])', refused: /dynamic/ },
  { what: 'extract_all without a group', query: 'print extract_all("a", "banana")', refused: /extract_all/ },
  { what: 'a format of times that is none', query: 'print format_datetime(now(), "QQQQ")', refused: /format_datetime/ },
  { what: 'a long of more than 64 bits', query: 'print 9223372036854775808', refused: /no long/ },
  { what: 'a wrong dynamic property', query: 'print isnull(dynamic({"Messages":[]}).Mesages)', rows: [[true]] },
  { what: 'iff with branches of two types', query: 'print iff(true, 1, "one")', refused: /iff|type/ },
  { what: 'text for a timespan parameter', query: 'Within("1h")', rows: [['2026-11-20T11:00:00.0000000Z']] },
  {
    what: 'text as a step of make-series',
    query: 'datatable(T:datetime)[datetime(2026-11-20)] | make-series count() on T step "1h"',
    refused: /step|make-series/,
  },
  {
    what: 'a percentile above 100',
    query: 'datatable(N:int)[1, 2, 3] | summarize percentile(N, 500)',
    refused: /percentile/,
  },
];

describe('what the binder misses', () => {
  test.for(misses.map((miss) => [miss.what, miss] as const))('%s', ([, { query, refused, rows: expected }]) => {
    if (refused === undefined) expect(rows(query)).toEqual(expected);
    else expect(() => rows(query)).toThrow(refused);
  });
});
