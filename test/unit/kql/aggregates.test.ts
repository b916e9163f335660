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

const empty = 'datatable(x:long, r:real, m:decimal, t:datetime, s:timespan, d:dynamic, n:string)[]';
const nulls = 'datatable(x:long)[long(null), long(null)]';
const sample = 'datatable(x:long, b:bool)[1, true, long(null), true, 3, false, 5, bool(null)]';

test.for([
  ['count(x) counts rows where x is null', `${sample} | summarize count(), count(x)`, ['4', '4']],
  ['countif counts true, neither false nor null', `${sample} | summarize countif(b)`, ['2']],
  ['dcount leaves nulls out', `${sample} | summarize dcount(x), count_distinct(x)`, ['3', '3']],
  ['dcountif looks at rows where the condition is true', `${sample} | summarize dcountif(x, b)`, ['1']],
  [
    'dcount tells 1 from "1" and takes NaN as one value',
    'datatable(d:dynamic)["1", 1, 1.0] | summarize dcount(d)',
    ['2'],
  ],
  ['dcount takes NaN as one value', 'datatable(r:real)[real(nan), real(nan)] | summarize dcount(r)', ['1']],
] as const)('%s', ([, text, row]) => {
  expect(rowsOf(text)).toEqual([row]);
});

test.for([
  [
    'sum and count of nothing are 0',
    `${empty} | summarize sum(x), sum(r), sum(s), count(), dcount(x)`,
    ['0', '0.0', '00:00:00', '0', '0'],
  ],
  ['avg of nothing is NaN', `${empty} | summarize avg(x), avg(r)`, ['NaN', 'NaN']],
  ['avg of no times and no decimals is null', `${empty} | summarize avg(t), avg(s), avg(m)`, [null, null, null]],
  ['stdev and variance of nothing are 0', `${empty} | summarize stdev(x), variance(r)`, ['0.0', '0.0']],
  [
    'min, max and percentiles of nothing are null',
    `${empty} | summarize min(x), max(t), percentile(x, 50)`,
    [null, null, null],
  ],
  ['lists of nothing are empty', `${empty} | summarize make_list(x), make_set(n), make_bag(d)`, ['[]', '[]', '{}']],
  ['arg_max of nothing is null, text is ""', `${empty} | summarize arg_max(x, r, n)`, [null, null, '']],
  ['take_any of nothing is null', `${empty} | summarize take_any(x)`, [null]],
  [
    'a group of nulls is as an empty one',
    `${nulls} | summarize sum(x), avg(x), min(x), make_list(x), stdev(x)`,
    ['0', 'NaN', null, '[]', '0.0'],
  ],
] as const)('trap 5: %s', ([, text, row]) => {
  expect(rowsOf(text)).toEqual([row]);
});

test.for([
  [
    'long sums wrap around at 64 bits',
    'datatable(v:long)[9223372036854775807, 1, 2] | summarize sum(v)',
    ['-9223372036854775806'],
  ],
  [
    'long sums beyond 2^53 are exact',
    'datatable(v:long)[9007199254740993, 1, 1] | summarize sum(v)',
    ['9007199254740995'],
  ],
  [
    'the average is of the wrapped sum',
    'datatable(v:long)[9223372036854775807, 1, 2] | summarize avg(v) < 0',
    ['True'],
  ],
  ['decimal sums are exact', 'datatable(v:decimal)[0.1, 0.2, 0.3] | summarize sum(v), avg(v)', ['0.6', '0.2']],
  [
    'times have averages',
    'datatable(t:datetime, s:timespan)[datetime(2020-01-01), 1h, datetime(2020-01-02), 2h] | summarize avg(t), avg(s), sum(s)',
    ['2020-01-01T12:00:00.0000000Z', '01:30:00', '03:00:00'],
  ],
  [
    'min and max take times, text and numbers',
    'datatable(t:datetime, n:string)[datetime(2020-01-01), "b", datetime(2020-01-02), "a"] | summarize max(t), min(n), max(n)',
    ['2020-01-02T00:00:00.0000000Z', 'a', 'b'],
  ],
  [
    'trap 20: NaN poisons min, max, sum and avg',
    'datatable(v:real)[1.5, real(nan), 2.5] | summarize min(v), max(v), sum(v), avg(v)',
    ['NaN', 'NaN', 'NaN', 'NaN'],
  ],
  [
    'trap 20: NaN is the greatest of arg_max',
    'datatable(k:long, v:real)[1, 1.5, 2, real(nan), 3, 2.5] | summarize arg_max(v, k)',
    ['NaN', '2'],
  ],
  [
    'trap 20: of several NaN the first stays',
    'datatable(k:long, v:real)[1, 1.5, 2, real(nan), 3, real(nan)] | summarize arg_max(v, k)',
    ['NaN', '2'],
  ],
  [
    'infinities stay at their ends',
    'datatable(v:real)[real(+inf), real(-inf), 1.5] | summarize max(v), min(v), sum(v)',
    ['inf', '-inf', 'NaN'],
  ],
  [
    '…if variants drop rows that are not true',
    `${sample} | summarize sumif(x, b), avgif(x, b), minif(x, b), maxif(x, b)`,
    ['1', '1.0', '1', '1'],
  ],
  [
    '…if variants of no row are as of nothing',
    'datatable(v:long)[1] | summarize sumif(v, false), avgif(v, false), minif(v, false)',
    ['0', 'NaN', null],
  ],
] as const)('%s', ([, text, row]) => {
  expect(rowsOf(text)).toEqual([row]);
});

test.for([
  [
    'stdev divides by one less than the count',
    'range x from 1 to 5 step 1 | summarize round(stdev(x), 6), round(stdevp(x), 6), variance(x), variancep(x)',
    ['1.581139', '1.414214', '2.5', '2.0'],
  ],
  ['one value has no spread', 'print x=7 | summarize stdev(x), variance(x)', ['0.0', '0.0']],
  [
    'covariance is of pairs',
    'datatable(x:real, y:real)[1, 14, 2, 10, 3, 17, 4, 20, 5, 50] | summarize covariance(x, y), covariancep(x, y)',
    ['20.5', '16.4'],
  ],
  [
    'covarianceif takes the condition last',
    'datatable(x:real, y:real, b:bool)[1, 14, true, 9, 9, false, 2, 10, true] | summarize covarianceif(x, y, b)',
    ['-2.0'],
  ],
  [
    'bits are combined',
    'datatable(n:long)[12, 10, long(null)] | summarize binary_all_and(n), binary_all_or(n), binary_all_xor(n)',
    ['8', '14', '6'],
  ],
] as const)('%s', ([, text, row]) => {
  expect(rowsOf(text)).toEqual([row]);
});

test.for([
  [
    'make_list drops nulls but those of dynamic',
    'datatable(x:long, d:dynamic)[1, dynamic(1), long(null), dynamic(null)] | summarize make_list(x), make_list(d)',
    ['[1]', '[1,null]'],
  ],
  [
    'make_list_with_nulls keeps them',
    'datatable(x:long)[1, long(null)] | summarize make_list_with_nulls(x)',
    ['[1,null]'],
  ],
  [
    'trap 28: make_list of arrays concatenates',
    'datatable(d:dynamic)[dynamic([1,2]), dynamic([3]), dynamic(null)] | summarize make_list(d)',
    ['[1,2,3,null]'],
  ],
  [
    'trap 28: make_set unites the elements of arrays',
    'datatable(d:dynamic)[dynamic([1,2]), dynamic([2,3])] | summarize make_set(d)',
    ['[1,2,3]'],
  ],
  [
    'make_set keeps the order of first values and drops nulls',
    'datatable(x:long)[2, 1, 2, long(null)] | summarize make_set(x)',
    ['[2,1]'],
  ],
  [
    'lists end at their limit',
    'range x from 1 to 5 step 1 | summarize make_list(x, 3), make_set(x, 2)',
    ['[1,2,3]', '[1,2]'],
  ],
  [
    'a limit after a condition',
    'range x from 1 to 5 step 1 | summarize make_list_if(x, true, 2), make_set_if(x, true, 2)',
    ['[1,2]', '[1,2]'],
  ],
  ['whole reals stay reals', 'datatable(r:real)[1, 2.5] | summarize tostring(make_list(r))', ['[1.0,2.5]']],
  [
    'make_bag keeps the first value of a key',
    'datatable(d:dynamic)[dynamic({"a":1}), dynamic({"b":2}), dynamic({"a":3,"c":4})] | summarize make_bag(d)',
    ['{"a":1,"b":2,"c":4}'],
  ],
  [
    'make_bag takes __proto__ for a key',
    'datatable(d:dynamic)[dynamic({"__proto__":1})] | summarize make_bag(d)',
    ['{"__proto__":1}'],
  ],
  [
    'make_bag leaves out what is no bag',
    'datatable(d:dynamic)[dynamic([1]), dynamic({"a":1})] | summarize make_bag(d)',
    ['{"a":1}'],
  ],
  [
    'buildschema unites types',
    'datatable(d:dynamic)[dynamic({"x":1,"z":[1,"a"]}), dynamic({"x":"s"})] | summarize buildschema(d)',
    ['{"x":["long","string"],"z":{"`indexer`":["long","string"]}}'],
  ],
] as const)('%s', ([, text, row]) => {
  expect(rowsOf(text)).toEqual([row]);
});

test.for([
  [
    'are values that exist, not means',
    'datatable(x:long)[10, 20, 30, 40] | summarize percentile(x, 50), percentiles(x, 75, 99)',
    ['20', '30', '40'],
  ],
  ['leave nulls out', 'datatable(x:long)[5, 10, 15, long(null), long(null)] | summarize percentiles(x, 50)', ['10']],
  [
    'weigh values',
    'datatable(w:long, v:long)[8, 10, 6, 20, 3, 30, 1, 40] | summarize percentilesw(v, w, 50, 75, 99.9)',
    ['20', '20', '40'],
  ],
  [
    'come as an array, given one or several',
    'datatable(w:long, v:long)[8, 10, 6, 20, 3, 30, 1, 40] | summarize percentilesw_array(v, w, dynamic([50, 75, 99.9])), percentiles_array(v, 0, 100)',
    ['[20,20,40]', '[10,40]'],
  ],
  [
    'order times and text',
    'datatable(t:datetime, s:timespan)[datetime(2020-01-02), 2h, datetime(2020-01-01), 1h] | summarize percentile(t, 50), percentile(s, 100)',
    ['2020-01-01T00:00:00.0000000Z', '02:00:00'],
  ],
] as const)('percentiles %s', ([, text, row]) => {
  expect(rowsOf(text)).toEqual([row]);
});

test.for([
  ['hll', 'print x=1 | summarize hll(x)', /unsupported: aggregate hll is not supported/],
  ['tdigest', 'print x=1 | summarize tdigest(x)', /unsupported: aggregate tdigest is not supported/],
  [
    'a percentile above 100',
    'print x=1 | summarize percentile(x, 500)',
    /percentiles must be constant numbers from 0 to 100/,
  ],
] as const)('refuses %s by name', ([, text, message]) => {
  expect(() => run(text)).toThrow(message);
});
