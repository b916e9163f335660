/** Functions that make one number, or a few, of a series. */
import type { ScalarFunction } from '../scope.ts';
import { realElement, toFinite, toSeries } from '../series/elements.ts';
import { meanOf } from '../series/lines.ts';
import { toBag } from '../values/json.ts';
import { asReal } from '../values/convert.ts';
import { isArray, type Value } from '../values/types.ts';
import { any, binary, unary } from './define.ts';
import { finite, type Part, tuple } from './series-define.ts';

const statistics: readonly Part[] = [
  { name: 'min', type: 'real' },
  { name: 'min_idx', type: 'long' },
  { name: 'max', type: 'real' },
  { name: 'max_idx', type: 'long' },
  { name: 'avg', type: 'real' },
  { name: 'stdev', type: 'real' },
  { name: 'variance', type: 'real' },
];

/** In the order of `statistics`, then the sum; null where an element is not finite, unless those are ignored. */
function statisticsOf(value: Value, ignored: Value): readonly (number | null)[] | null {
  const series = toSeries(value);
  if (series === null) return null;
  const numbers = series.values.filter((number): number is number => number !== null && Number.isFinite(number));
  if (numbers.length === 0 || (ignored !== true && numbers.length < series.values.length)) return null;
  let [least = 0] = numbers;
  let most = least;
  let sum = 0;
  for (const number of numbers) {
    if (number < least) least = number;
    if (number > most) most = number;
    sum += number;
  }
  const mean = sum / numbers.length;
  const squares = numbers.reduce((total, number) => total + (number - mean) ** 2, 0);
  const variance = numbers.length > 1 ? squares / (numbers.length - 1) : 0;
  return [
    least,
    series.values.indexOf(least),
    most,
    series.values.indexOf(most),
    mean,
    Math.sqrt(variance),
    variance,
    sum,
  ];
}

/** Series as pairs; null where their lengths differ. A number is a series of it. */
function pairsOf(first: Value, second: Value): readonly (readonly [number, number])[] | null {
  const left = isArray(first) ? toFinite(first) : asReal(first);
  const right = isArray(second) ? toFinite(second) : asReal(second);
  if (left === null || right === null) return null;
  if (typeof left === 'number') return typeof right === 'number' ? null : right.map((value) => [left, value]);
  if (typeof right === 'number') return left.map((value) => [value, right]);
  return left.length === right.length ? left.map((value, index) => [value, right[index] ?? 0]) : null;
}

const ofPairs = (body: (pairs: readonly (readonly [number, number])[]) => number): ScalarFunction =>
  binary(any, any, 'real', (first, second) => {
    const pairs = pairsOf(first, second);
    return pairs && body(pairs);
  });

const dotProduct = (pairs: readonly (readonly [number, number])[]): number =>
  pairs.reduce((sum, [a, b]) => sum + a * b, 0);

const cosine = (pairs: readonly (readonly [number, number])[]): number => {
  let left = 0;
  let right = 0;
  for (const [a, b] of pairs) {
    left += a * a;
    right += b * b;
  }
  return dotProduct(pairs) / (Math.sqrt(left) * Math.sqrt(right));
};

export const seriesStatistics: Readonly<Record<string, ScalarFunction>> = {
  series_sum: unary(finite, 'real', (values) => values.reduce((sum, value) => sum + value, 0)),
  series_product: unary(finite, 'real', (values) => values.reduce((product, value) => product * value, 1)),
  series_magnitude: unary(finite, 'real', (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))),
  series_dot_product: ofPairs(dotProduct),
  series_cosine_similarity: ofPairs(cosine),
  series_pearson_correlation: ofPairs((pairs) => {
    const left = meanOf(pairs.map(([value]) => value));
    const right = meanOf(pairs.map(([, value]) => value));
    return cosine(pairs.map(([a, b]) => [a - left, b - right]));
  }),
  series_stats: tuple(statistics, ([values = null, ignored = null]) => statisticsOf(values, ignored)),
  series_stats_dynamic: (args, site) =>
    (args.length > 1
      ? binary(any, any, 'dynamic', statisticsBag)
      : unary(any, 'dynamic', (values) => statisticsBag(values, null)))(args, site),
};

function statisticsBag(values: Value, ignored: Value): Value {
  if (!isArray(values)) return null;
  const found = statisticsOf(values, ignored);
  const named = [...statistics, { name: 'sum', type: 'real' }].map(
    ({ name, type }, index): readonly [string, Value] => {
      const number = found?.[index] ?? null;
      return [name, number !== null && type === 'real' ? realElement(number) : number];
    },
  );
  return toBag([...named, ['len', values.length]]);
}
