import { expect, test } from 'vitest';
import { engine } from '../../../kql/engine/engine.ts';
import { functions } from '../../../kql/engine/functions/functions.ts';
import { fromRows } from '../../../kql/engine/relation.ts';
import type { Site } from '../../../kql/engine/scope.ts';
import { asString } from '../../../kql/engine/values/convert.ts';

const kql = engine({});
const run = (text: string) => kql.prepare(text).run({ now: new Date('2026-11-20T12:00:00Z'), random: () => 0.25 });
/** The cells of all rows as Kusto prints them. */
const answer = (text: string) => {
  const { columns, rows } = run(text);
  return rows.map((row) =>
    row.map((value, index) => (value === null ? null : asString(value, columns[index]?.type ?? 'dynamic'))),
  );
};
const printed = (expressions: string) => answer(`print ${expressions}`)[0];

test.for([
  [
    'tolong cuts fractions of numbers and refuses them in text',
    'tolong(5.7), tolong("5.7"), tolong(-9.99)',
    ['5', null, '-9'],
  ],
  [
    'toint wraps a long around and refuses text out of range',
    'toint(2147483648), toint("2147483648")',
    ['-2147483648', null],
  ],
  ['toint reads hexadecimal text, todouble does not', 'toint("0x1F"), todouble("0x1F")', ['31', null]],
  [
    'the largest long survives as text',
    'tolong("9223372036854775807"), tolong("9223372036854775808")',
    ['9223372036854775807', null],
  ],
  [
    'a folded real beyond 64 bits becomes the smallest long',
    'tolong(todouble(9223372036854775807))',
    ['-9223372036854775808'],
  ],
  ['infinity is no long', 'tolong(todouble("inf"))', [null]],
  [
    'inf is read in lower case only, infinity in any',
    'todouble("inf"), todouble("INF"), todouble("-inf"), todouble("+Infinity")',
    ['inf', null, '-inf', 'inf'],
  ],
  ['a bool prints True, a dynamic true prints true', 'tostring(true), tostring(dynamic(true))', ['True', 'true']],
  [
    'a whole real keeps its point',
    'tostring(1.0), tostring(-0.0), tostring(100000000000.0)',
    ['1.0', '-0.0', '100000000000.0'],
  ],
  [
    'of equally short digits a real prints the largest',
    'tostring(0.1 + 0.2), tostring(1.0 / 3.0)',
    ['0.30000000000000007', '0.3333333333333333'],
  ],
  ['a decimal stays exact', 'todecimal("abc"), todecimal(0.1) + todecimal(0.2) == todecimal(0.3)', [null, 'True']],
  ['tobool refuses blanks and reads numbers', 'tobool(" true"), tobool("2"), tobool("")', [null, 'True', null]],
  [
    'gettype looks into dynamic values',
    'gettype(dynamic({})), gettype(dynamic([])), gettype(dynamic(1.0)), gettype(1.0)',
    ['dictionary', 'array', 'double', 'real'],
  ],
  ['dynamic_to_json sorts keys', 'dynamic_to_json(dynamic({"b":2,"a":1}))', ['{"a":1,"b":2}']],
  [
    'parse_json leaves what is no JSON as text',
    'gettype(parse_json("{")), gettype(parse_json("123"))',
    ['string', 'long'],
  ],
] as const)('conversions: %s', ([, expressions, expected]) => {
  expect(printed(expressions)).toEqual(expected);
});

test('conversions: reals of columns saturate where longs wrap around', () => {
  const query = 'datatable(r:real)[1e19, -1e19, 1.5] | project tolong(r), toint(r)';
  expect(answer(query)).toEqual([
    ['9223372036854775807', '2147483647'],
    ['-9223372036854775808', '-2147483648'],
    ['1', '1'],
  ]);
});

test.for([
  ['log of 0 is -inf and below it null; sqrt of -1 is NaN', 'log(0), log(-1), sqrt(-1)', ['-inf', null, 'NaN']],
  ['round takes halves away from zero', 'round(2.5), round(-2.5), round(1234.5678, 2)', ['3.0', '-3.0', '1234.57']],
  [
    'round and abs of a decimal stay exact',
    'round(decimal(0.12345678901234567895), 19), abs(decimal(-0.1))',
    ['0.123456789012345679', '0.1'],
  ],
  ['abs of the smallest int is a long', 'gettype(abs(toint(-1))), abs(toint(-2147483648))', ['long', '2147483648']],
  ['bin floors below zero', 'bin(-0.5, 1), bin(-5, 2), bin(7, 0)', ['-1.0', '-6', null]],
  ['bin keeps large longs exact', 'bin(9223372036854775807, 10)', ['9223372036854775800']],
  [
    'bin of times counts from the year 1',
    'bin(datetime(1969-06-15 13:45), 1h), bin(-90m, 1h)',
    ['1969-06-15T13:00:00.0000000Z', '-02:00:00'],
  ],
  [
    'bins of large integers are exact',
    'bin_at(9007199254740993, 2, 0), bin_at(9007199254740993, 2, 1), bin(9007199254740993, 2), floor(9223372036854775807, 10)',
    ['9007199254740992', '9007199254740993', '9007199254740992', '9223372036854775800'],
  ],
  [
    'bins of large negative integers are exact, and so are those that begin below 2^53',
    'bin_at(-9007199254740993, 2, 0), bin(-9007199254740991, 1000), bin_at(9007199254740991, 1000, -9007199254740991)',
    ['-9007199254740994', '-9007199254741000', '9007199254740009'],
  ],
  [
    'bin_at of integers is an integer below its start, too',
    'bin_at(-7, 5, 1), bin_at(7, 5, 1), bin_at(7, 0, 1)',
    ['-9', '6', null],
  ],
  [
    'a range of large integers is exact',
    'range(9007199254740993, 9007199254740995), range(9007199254740993, 9007199254740990, -2)',
    ['[9007199254740993,9007199254740994,9007199254740995]', '[9007199254740993,9007199254740991]'],
  ],
  ['bin_at counts from its start', 'bin_at(6.5, 2.5, 7), bin_at(1h, 1d, 12h)', ['4.5', '-12:00:00']],
  ['a shift by a negative number is null', 'binary_shift_left(1, 3), binary_shift_left(1, -1)', ['8', null]],
  [
    'NaN beats all in max_of and min_of, null is passed over',
    'max_of(real(nan), 1.0), min_of(1.0, real(nan)), max_of(int(null), 2)',
    ['NaN', 'NaN', '2'],
  ],
  ['rand draws from the source of the run', 'rand(), rand(100)', ['0.25', '25.0']],
] as const)('mathematics: %s', ([, expressions, expected]) => {
  expect(printed(expressions)).toEqual(expected);
});

test.for([
  ['gamma(5)', 24],
  ['loggamma(5)', 3.178_053_830_347_945_8],
  ['erf(1)', 0.842_700_792_949_714_9],
  ['erfc(3)', 0.000_022_090_496_998_585_438],
  ['beta_cdf(0.9, 10.0, 20.0)', 0.999_999_999_999_959_3],
  ['beta_inv(0.1, 10.0, 20.0)', 0.226_415_022_388_748_97],
  ['beta_pdf(0.5, 10.0, 20.0)', 0.746_176_019_310_951],
  ['welch_test(20.82, 7.8674285714, 15, 22.986666666666668, 3.8126666667, 15)', 0.021_378_001_462_864_41],
] as const)('special functions: %s is %d', ([expression, expected]) => {
  expect(run(`print x = ${expression}`).rows[0]?.[0]).toBeCloseTo(expected, 10);
});

test('rows draw their own random value, and the same one each time that it is read', () => {
  const draws = [0.1, 0.2, 0.3];
  const relation = fromRows([], [[], [], []]);
  const scope = { relation, run: { random: () => draws.shift() ?? 1 } };
  const cells = functions.get('rand')?.([], { name: 'rand', scope } as unknown as Site);
  expect([0, 1, 2, 0, 1].map((row) => cells?.at(row))).toEqual([0.1, 0.2, 0.3, 0.1, 0.2]);
});

test.for([
  ['null conditions choose the second branch', 'iff(bool(null), 1, 2), case(bool(null), "a", "b")', ['2', 'b']],
  ['coalesce passes over empty text', 'coalesce("", "x"), coalesce(long(null), 2)', ['x', '2']],
  ['not of null is null', 'not(bool(null)), not(false)', [null, 'True']],
] as const)('conditions: %s', ([, expressions, expected]) => {
  expect(printed(expressions)).toEqual(expected);
});

test.for([
  ['assert', 'print assert(1 > 2, "too small")', 'too small'],
  ['branches of different types', 'print iff(true, 1, 2.0)', 'branches of type long and real'],
  ['a repeated dynamic value', 'print repeat(dynamic({}), 3)', 'cannot be repeated'],
  ['a function of the cluster', 'print current_principal()', 'Log Analytics has no function current_principal()'],
] as const)('refuses %s', ([, query, message]) => {
  expect(() => run(query)).toThrow(message);
});

test.for([
  [
    'concatenation passes over what is no array',
    'array_concat(dynamic([1]), parse_json("{}"), dynamic(null), dynamic([2]))',
    '[1,2]',
  ],
  ['the sum of nothing is null, of text too', 'array_sum(dynamic([])), array_sum(dynamic(["a"]))', null, null],
  ['slices count from the end', 'array_slice(dynamic([1,2,3,4,5]), -2, -1)', '[4,5]'],
  ['splits at several places', 'array_split(dynamic([1,2,3,4,5]), dynamic([1,3]))', '[[1],[2,3],[4,5]]'],
  [
    'shifts fill with null or a value',
    'array_shift_left(dynamic([1,2,3]), 2), array_shift_right(dynamic([1,2,3]), 1, -1)',
    '[3,null,null]',
    '[-1,1,2]',
  ],
  [
    'finds within a range and a given occurrence',
    'array_index_of(dynamic(["a","b","a"]), "a", 0, -1, 2), array_index_of(dynamic(["a","b"]), "b", 0, 1)',
    '2',
    '-1',
  ],
  ['chooses per element', 'array_iff(dynamic([true, 0, "x"]), "y", dynamic([1, 2]))', '["y",2,null]'],
  [
    'sorts nulls last, or first if told so',
    'array_sort_asc(dynamic([null,"b","a"])), array_sort_asc(dynamic([null,"b","a"]), false)',
    '["a","b",null]',
    '[null,"a","b"]',
  ],
  ['range of reals holds reals', 'range(1.0, 2.0), range(3, 1, -1), range(1, 2, 0)', '[1.0,2.0]', '[3,2,1]', null],
  ['packed reals stay reals', 'pack_array(2.0, 1), bag_pack("a", 2.0)', '[2.0,1]', '{"a":2.0}'],
  ['zip repeats nothing and fills with null', 'zip(dynamic([1,2]), dynamic(["a"]))', '[[1,"a"],[2,null]]'],
  ['the first bag wins a merge', 'bag_merge(dynamic({"a":1}), dynamic({"a":2,"b":3}))', '{"a":1,"b":3}'],
  [
    'keys are removed by path',
    "bag_remove_keys(dynamic({'k':{'p':1,'q':2},'z':3}), dynamic(['$.k.p','z']))",
    '{"k":{"q":2}}',
  ],
  ['keys are set by path', "bag_set_key(dynamic({'k':{'p':1}}), '$.k.q.r', 2)", '{"k":{"p":1,"q":{"r":2}}}'],
  [
    'bag_zip gives null where values are missing',
    "bag_zip(dynamic(['a',8,'b']), parse_json('1'))",
    '{"a":null,"b":null}',
  ],
  [
    '__proto__ is a key like others',
    'bag_set_key(dynamic({}), "__proto__", 1), bag_keys(parse_json(\'{"__proto__":1}\'))',
    '{"__proto__":1}',
    '["__proto__"]',
  ],
  [
    'sets drop what comes twice',
    'set_union(dynamic([1,1]), dynamic([2])), set_difference(dynamic([1,2]), dynamic([2])), set_intersect(dynamic([1,2]), dynamic([2,3]))',
    '[1,2]',
    '[1]',
    '[2]',
  ],
  ['treepath names all paths', 'treepath(dynamic({"a":[{"b":1}]}))', `["['a']","['a'][0]","['a'][0]['b']"]`],
] as const)('dynamic values: %s', ([, expressions, ...expected]) => {
  expect(printed(expressions)).toEqual(expected);
});

test('several arrays are sorted by the first', () => {
  const query = 'let a = dynamic([3,1,2]); let b = dynamic(["x","y","z"]); print array_sort_asc(a, b)';
  expect(run(query).columns.map(({ name }) => name)).toEqual(['array1_sorted', 'array2_sorted']);
  expect(answer(query)).toEqual([['[1,2,3]', '["y","z","x"]']]);
  expect(printed('array_sort_desc(dynamic([3,1,2]), dynamic(["x","y","z"]))[1]')).toEqual(['["x","z","y"]']);
});

test.for([
  ["datetime_diff('week', now(), now())", 'real'],
  ["datetime_diff('day', now(), now())", 'long'],
  ["datetime_part('day', now())", 'long'],
  ['getyear(now())', 'long'],
  ['ceiling(0)', 'real'],
  ['rand(5)', 'real'],
  ['round(decimal(1.5))', 'decimal'],
  ['bin(decimal(5.5), 2)', 'decimal'],
] as const)('%s is a %s', ([expression, type]) => {
  expect(run(`print ${expression}`).columns[0]?.type).toBe(type);
});
