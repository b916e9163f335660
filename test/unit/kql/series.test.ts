import { describe, expect, it } from 'vitest';
import { engine } from '../../../kql/engine/engine.ts';
import { KqlError } from '../../../kql/engine/errors.ts';
import { formatJson } from '../../../kql/engine/values/json.ts';

const kql = engine({});
const rowOf = (query: string) => {
  const { columns, rows } = kql.prepare(query).run({ now: new Date('2026-01-01T00:00:00Z') });
  return { names: columns.map(({ name }) => name), types: columns.map(({ type }) => type), row: rows[0] ?? [] };
};
/** The value of an expression as JSON text, so that `1` and `1.0` differ. */
const textOf = (expression: string): string => formatJson(rowOf(`print x = ${expression}`).row[0] ?? null);
const valueOf = (expression: string): unknown => JSON.parse(textOf(expression));
const numbersOf = (expression: string): number[] => valueOf(expression) as number[];
/** Columns of a function that yields several, as JSON. */
const columnsOf = (call: string): unknown[] =>
  rowOf(`print y = 1 | project ${call}`).row.map((value) => JSON.parse(formatJson(value)) as unknown);

// Two weeks of traffic in halves of days, from Kusto's documentation of series_periods_detect.
const traffic =
  'dynamic([80,139,87,110,68,54,50,51,53,133,86,141,97,156,94,149,95,140,77,61,50,54,47,133,72,152,94,148,105,162,101,160,87,63,53,55,54,151,103,189,108,183,113,175,113,178,90,71,62,62,65,165,109,181,115,182,121,178,114,170])';

describe('arithmetic on series', () => {
  it.each([
    ['integers stay integers', 'series_add(dynamic([1,2,4]), dynamic([4,2,1]))', '[5,4,5]'],
    ['a real among them makes all real', 'series_abs(dynamic([-6.5,0,8.2]))', '[6.5,0.0,8.2]'],
    ['division is real', 'series_divide(dynamic([1,2,4]), dynamic([4,2,1]))', '[0.25,1.0,4.0]'],
    ['a power is real', 'series_pow(dynamic([1,2,3,4]), dynamic([1,2,3,0.5]))', '[1.0,4.0,27.0,2.0]'],
    ['a sign stays an integer', 'series_sign(dynamic([-6,0,8]))', '[-1,0,1]'],
    ['rounding of reals gives reals', 'series_ceiling(dynamic([-1.5,1,2.5]))', '[-1.0,1.0,3.0]'],
    ['comparisons give booleans', 'series_equals(dynamic([1,2,4]), dynamic([4,2,1]))', '[false,true,false]'],
    ['a number stands for a series of it', 'series_multiply(10, dynamic([0,1,-1]))', '[0,10,-10]'],
    ['a real number makes all real', 'series_multiply(dynamic([1,2]), 2.0)', '[2.0,4.0]'],
    ['what has no partner is null', 'series_subtract(dynamic([5,6,7]), dynamic([1]))', '[4,null,null]'],
    ['what is no number is null', 'series_less(dynamic([1,"a",null]), dynamic([2,2,2]))', '[true,null,null]'],
    ['no array gives null', "series_add(todynamic('{}'), dynamic([1]))", 'null'],
    ['an empty series stays empty', 'series_exp(dynamic([]))', '[]'],
  ])('%s', (_, expression, expected) => {
    expect(textOf(expression)).toBe(expected);
  });
});

describe('filling gaps', () => {
  it.each([
    ['forward leaves a gap at the start', 'series_fill_forward(dynamic([null,36,null,16]))', '[null,36,36,16]'],
    ['backward leaves a gap at the end', 'series_fill_backward(dynamic([111,null,36,null]))', '[111,36,36,null]'],
    ['a constant keeps its own type', 'series_fill_const(dynamic([111,null]), 0.0)', '[111,0.0]'],
    ['a placeholder counts as a gap', 'series_fill_const(dynamic([5,-1,7]), 0, -1)', '[5,0,7]'],
    [
      'lines between integers are cut',
      'series_fill_linear(dynamic([111,null,36,41,null,null,16]))',
      '[111,73,36,41,32,24,16]',
    ],
    ['lines between reals are not', 'series_fill_linear(dynamic([111.0,null,36.0]))', '[111.0,73.5,36.0]'],
    ['edges take the nearest number', 'series_fill_linear(dynamic([null,1,null]))', '[1,1,1]'],
    [
      'edges stay where asked',
      'series_fill_linear(dynamic([null,1,null,3,null]), double(null), false)',
      '[null,1,2,3,null]',
    ],
    ['nothing but gaps is zeros', 'series_fill_linear(dynamic([null,null]), double(null), false)', '[0.0,0.0]'],
    [
      'nothing but gaps takes the constant',
      'series_fill_linear(dynamic([null]), double(null), true, 3.14159)',
      '[3.14159]',
    ],
  ])('%s', (_, expression, expected) => {
    expect(textOf(expression)).toBe(expected);
  });
});

describe('numbers of a series', () => {
  it.each([
    ['series_sum(dynamic([1,2,3,4]))', 10],
    ['series_product(dynamic([1,2,3,4]))', 24],
    ['series_magnitude(dynamic([1,2,3,4]))', 5.477225575051661],
    ['series_dot_product(dynamic([1,2,4]), dynamic([4,2,1]))', 12],
    ['series_dot_product(dynamic([2,4,8]), 2)', 28],
    ['series_cosine_similarity(dynamic([0.1,0.2,0.1,0.2]), dynamic([1,2,3,4]))', 0.9237604307034012],
    ['series_pearson_correlation(dynamic([1,2,3,4,5]), dynamic([2,4,6,8,10]))', 1],
  ])('%s', (expression, expected) => {
    expect(valueOf(expression)).toBeCloseTo(expected, 12);
  });

  it('series_stats names its columns after the argument and gives the first place of the extremes', () => {
    const { names, types, row } = rowOf(
      'print x = dynamic([23,46,23,87,4,8,3,75,2,56,13,75,32,16,29]) | project series_stats(x)',
    );
    expect(names).toEqual(
      ['min', 'min_idx', 'max', 'max_idx', 'avg', 'stdev', 'variance'].map((part) => `series_stats_x_${part}`),
    );
    expect(types).toEqual(['real', 'long', 'real', 'long', 'real', 'real', 'real']);
    expect(row).toEqual([
      2,
      8,
      87,
      3,
      32.8,
      expect.closeTo(28.50363385354827, 10),
      expect.closeTo(812.4571428571429, 9),
    ]);
  });

  it('series_stats is null where an element is no finite number, unless those are ignored', () => {
    expect(columnsOf('series_stats(dynamic([1,null,3]))')).toEqual([null, null, null, null, null, null, null]);
    expect(columnsOf('series_stats(dynamic([null,1,3]), true)').slice(0, 5)).toEqual([1, 1, 3, 2, 2]);
  });

  it('series_stats_dynamic adds sum and length', () => {
    expect(valueOf('series_stats_dynamic(dynamic([10,20]))')).toEqual({
      min: 10,
      min_idx: 0,
      max: 20,
      max_idx: 1,
      avg: 15,
      stdev: expect.closeTo(7.0710678118654755, 12),
      variance: 50,
      sum: 30,
      len: 2,
    });
  });
});

describe('filters', () => {
  it('series_fir averages backwards, or around the point where centred', () => {
    const peak = 'dynamic([0,0,0,10,20,40,100,40,20,10,0,0,0,0])';
    expect(numbersOf(`series_fir(${peak}, dynamic([1,1,1,1,1]))`)).toEqual([
      0, 0, 0, 2, 6, 14, 34, 42, 44, 42, 34, 14, 6, 2,
    ]);
    expect(numbersOf(`series_fir(${peak}, dynamic([1,1,1,1,1]), true, true)`)).toEqual([
      0, 2, 6, 14, 34, 42, 44, 42, 34, 14, 6, 2, 0, 0,
    ]);
  });

  it('series_fir of integers, not normalized, gives integers, and a filter with negatives is not normalized', () => {
    expect(textOf('series_fir(dynamic([0,0,2,2,3]), dynamic([1,-1]))')).toBe('[0,0,2,0,1]');
    expect(textOf('series_fir(dynamic([0,0,2,2,3]), dynamic([1,-1]), true)')).toBe('null');
  });

  it('series_iir adds up', () => {
    expect(numbersOf('series_iir(dynamic([1,2,3,4]), dynamic([1]), dynamic([1,-1]))')).toEqual([1, 3, 6, 10]);
  });

  it.each([8, 5, 12])('series_ifft takes series_fft of %i elements back', (length) => {
    const values = Array.from({ length }, (_, index) => Math.round(10 * Math.sin(index)) + index);
    const [real, imaginary] = columnsOf(`series_fft(dynamic([${values.join(',')}]))`) as [number[], number[]];
    expect(real[0]).toBeCloseTo(
      values.reduce((sum, value) => sum + value, 0),
      9,
    );
    const [back] = columnsOf(
      `series_ifft(dynamic(${JSON.stringify(real)}), dynamic(${JSON.stringify(imaginary)}))`,
    ) as [number[]];
    back.forEach((value, index) => expect(value).toBeCloseTo(values[index] ?? Number.NaN, 9));
  });
});

describe('fits', () => {
  it('series_fit_line', () => {
    const [rsquare, slope, variance, rvariance, interception, fit] = columnsOf(
      'series_fit_line(dynamic([2,5,6,8,11,15,17,18,25,26,30,30]))',
    );
    expect([rsquare, slope, variance, rvariance, interception]).toEqual(
      [0.982900730884447, 2.730769230769231, 98.62878787878789, 1.686480186480187, -1.6666666666666716].map((value) =>
        expect.closeTo(value, 9),
      ),
    );
    expect((fit as number[])[11]).toBeCloseTo(31.102564102564102, 9);
  });

  it('series_fit_2lines splits where the squares are least', () => {
    const found = valueOf('series_fit_2lines_dynamic(dynamic([1,2.2,2.5,4.7,5.0,12,10.3,10.3,9,8.3,6.2]))') as {
      readonly line_fit: readonly number[];
    };
    expect(found.line_fit).toEqual(
      [
        0.98, 2.03, 3.08, 4.13, 5.18, 11.942857142857143, 10.905714285714286, 9.868571428571428, 8.831428571428573,
        7.794285714285716, 6.75714285714286,
      ].map((value) => expect.closeTo(value, 9)),
    );
  });

  it('series_fit_poly gives the coefficients from the highest power down', () => {
    const [rsquare, coefficients] = columnsOf('series_fit_poly(dynamic([6,11,20,33]), dynamic([1,2,3,4]), toint(2))');
    expect(rsquare).toBeCloseTo(1, 12);
    expect(coefficients).toEqual([expect.closeTo(2, 9), expect.closeTo(-1, 9), expect.closeTo(5, 9)]);
  });
});

describe('seasons', () => {
  it('series_periods_detect scores by the scaled autocorrelation and fills up with zeros', () => {
    expect(columnsOf(`series_periods_detect(${traffic}, 0.0, 50.0, 2)`)).toEqual([
      [14, 0],
      [expect.closeTo(0.8405558794091443, 13), 0],
    ]);
  });

  it('series_periods_validate scores 0 for what is no period', () => {
    expect(columnsOf(`series_periods_validate(${traffic}, 14.0, 10.0)`)).toEqual([
      [14, 10],
      [expect.closeTo(0.8405558794091444, 13), 0],
    ]);
  });

  it('a multiple of a period is no period of its own', () => {
    const repeated = Array.from({ length: 8 }, () => [1, 5, 2, 8, 3]).flat();
    expect(columnsOf(`series_periods_detect(dynamic([${repeated.join(',')}]), 0.0, 20.0, 2)`)[0]).toEqual([5, 0]);
  });

  it.each([
    [
      '2,5,3,4,3,2,1,2,3,4,3,2,1,2,3,4,3,2,1,2,3,4,3,2,1',
      '',
      '[1.0,2.0,3.0,4.0,3.0,2.0,1.0,2.0,3.0,4.0,3.0,2.0,1.0,2.0,3.0,4.0,3.0,2.0,1.0,2.0,3.0,4.0,3.0,2.0,1.0]',
    ],
    [
      '8,12,14,12,10,10,12,14,12,10,10,12,14,12,10,10,12,14,12,10',
      '',
      '[10.0,12.0,14.0,12.0,10.0,10.0,12.0,14.0,12.0,10.0,10.0,12.0,14.0,12.0,10.0,10.0,12.0,14.0,12.0,10.0]',
    ],
    ['1,3,5,2,4,6,1,3,5,2,4,6', '', '[0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0]'],
    ['1,3,5,1,3,5,2,4,6', ', 3', '[1.0,3.0,5.0,1.0,3.0,5.0,1.0,3.0,5.0]'],
    ['1,3,5,2,4,6,1,3,5,2,4,6', ', 3', '[1.5,3.5,5.5,1.5,3.5,5.5,1.5,3.5,5.5,1.5,3.5,5.5]'],
  ])('series_seasonal of %s%s takes medians of phases', (values, period, expected) => {
    expect(textOf(`series_seasonal(dynamic([${values}])${period})`)).toBe(expected);
  });

  it('series_decompose takes the season as medians first, then the trend of what it leaves', () => {
    const [baseline, seasonal, trend, residual] = columnsOf('series_decompose(dynamic([1,2,3,4,1,20,3,4,1,2,3,4]), 4)');
    expect(seasonal).toEqual([1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4]);
    expect(trend).toEqual(Array.from({ length: 12 }, () => 1.5));
    expect(baseline).toEqual([2.5, 3.5, 4.5, 5.5, 2.5, 3.5, 4.5, 5.5, 2.5, 3.5, 4.5, 5.5]);
    expect((residual as number[])[5]).toBe(16.5);
  });

  it('series_decompose detects a season only from its threshold on', () => {
    expect(new Set(columnsOf(`series_decompose(${traffic})`)[1] as number[]).size).toBeGreaterThan(10);
    expect(new Set(columnsOf(`series_decompose(${traffic}, -1, 'avg', 0, 0.9)`)[1] as number[])).toEqual(new Set([0]));
  });

  it('series_decompose_forecast learns nothing from the points to tell', () => {
    const [baseline] = columnsOf('series_decompose_forecast(dynamic([10,12,14,16,0,0]), 2, 0)') as [number[]];
    baseline.forEach((value, index) => expect(value).toBeCloseTo(10 + 2 * index, 12));
  });

  it('an unknown trend is refused', () => {
    expect(() => columnsOf("series_decompose(dynamic([1,2,3]), 0, 'line')")).toThrow(KqlError);
  });
});

describe('outliers', () => {
  it("scores are distances from the 10th and 90th percentile in Kusto's unit", () => {
    const scores = numbersOf('series_outliers(dynamic([0,1,2,3,4,5,6,7,8,9,20]))');
    expect(scores.slice(1, 10)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(scores[0]).toBeCloseTo((-1 / 8) * 2.772605605507916, 12);
    expect(scores[10]).toBeCloseTo((11 / 8) * 2.772605605507916, 12);
  });

  it('a null and a value to ignore score 0', () => {
    expect(numbersOf("series_outliers(dynamic([1,2,3,null,4,5,-99]), 'ctukey', -99)").slice(3)).toEqual([
      0,
      0,
      expect.any(Number),
      0,
    ]);
  });

  it('series_decompose_anomalies flags what scores beyond the threshold, up and down', () => {
    const noise = Array.from({ length: 40 }, (_, index) => 10 + ((index * 7) % 5));
    noise[20] = 40;
    noise[30] = -20;
    const call = (threshold: string): number[] =>
      columnsOf(`series_decompose_anomalies(dynamic([${noise.join(',')}]), ${threshold}, 0)`)[0] as number[];
    expect(call('1.5').flatMap((flag, index) => (flag === 0 ? [] : [[index, flag]]))).toEqual([
      [20, 1],
      [30, -1],
    ]);
    expect(call('100').every((flag) => flag === 0)).toBe(true);
  });

  it('a spike in a constant series is an outlier without bound', () => {
    expect(
      columnsOf(`series_decompose_anomalies(dynamic([${[...Array.from({ length: 30 }, () => 5), 50].join(',')}]))`)[0],
    ).toEqual([...Array.from({ length: 30 }, () => 0), 1]);
  });

  it('other percentiles are refused', () => {
    expect(() => numbersOf("series_outliers(dynamic([1,2,3]), 'ctukey', 0, 5, 95)")).toThrow(/not supported/);
  });
});
