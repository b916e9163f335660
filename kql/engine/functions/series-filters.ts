/** Filters and transforms of series. */
import type { Budget, ScalarFunction } from '../scope.ts';
import { type Series, toFinite, toReals, toSeries, toWholes } from '../series/elements.ts';
import { type Complex, inverse, transform } from '../series/fourier.ts';
import type { Value } from '../values/types.ts';
import { any, variadic } from './define.ts';
import { parts, tuple } from './series-define.ts';

const isComplete = (values: Series['values']): values is readonly number[] =>
  values.every((value) => value !== null && Number.isFinite(value));

/** A finite impulse response filter; values before and after the series count as 0. */
function filtered(
  values: readonly number[],
  filter: readonly number[],
  { shift, divisor, budget }: { readonly shift: number; readonly divisor: number; readonly budget: Budget },
): number[] {
  return values.map((_, index) => {
    budget.visit(filter.length);
    let sum = 0;
    for (let tap = 0; tap < filter.length; tap += 1) {
      const value = values[index - tap + shift];
      if (value !== undefined) sum += (filter[tap] ?? 0) * value;
    }
    return sum / divisor;
  });
}

const finiteResponse: ScalarFunction = variadic(
  any,
  'dynamic',
  ([first = null, second = null, normalize = null, center = false], { scope }) => {
    const series = toSeries(first);
    const filter = toSeries(second);
    if (series === null || filter === null || !isComplete(series.values) || !isComplete(filter.values)) return null;
    const isNegative = filter.values.some((value) => value < 0);
    if (normalize === true && isNegative) return null;
    const isNormalized = normalize === null ? !isNegative : normalize === true;
    const divisor = isNormalized ? filter.values.reduce((sum, value) => sum + value, 0) : 1;
    const shift = center === true ? Math.floor(filter.values.length / 2) : 0;
    const result = filtered(series.values, filter.values, { shift, divisor, budget: scope.run.budget });
    return !isNormalized && series.whole && filter.whole ? toWholes(result) : toReals(result);
  },
);

/** An infinite impulse response filter: earlier results count too. */
const infiniteResponse: ScalarFunction = variadic(
  any,
  'dynamic',
  ([first = null, second = null, third = null], { scope }) => {
    const series = toSeries(first);
    const forward = toSeries(second);
    const backward = toSeries(third);
    if (series === null || forward === null || backward === null) return null;
    const { values } = series;
    const ahead = forward.values;
    const back = backward.values;
    if (!isComplete(values) || !isComplete(ahead) || !isComplete(back)) return null;
    const lead = back[0] ?? 0;
    if (lead === 0) return null;
    const result: number[] = [];
    for (let index = 0; index < values.length; index += 1) {
      scope.run.budget.visit(ahead.length + back.length);
      let sum = 0;
      for (let tap = 0; tap < ahead.length && tap <= index; tap += 1)
        sum += (ahead[tap] ?? 0) * (values[index - tap] ?? 0);
      for (let tap = 1; tap < back.length && tap <= index; tap += 1)
        sum -= (back[tap] ?? 0) * (result[index - tap] ?? 0);
      result.push(sum / lead);
    }
    const isWhole = series.whole && forward.whole && backward.whole && Math.abs(lead) === 1;
    return isWhole ? toWholes(result) : toReals(result);
  },
);

function transformed(args: readonly Value[], by: (values: Complex) => Complex): readonly Value[] | null {
  const real = toFinite(args[0] ?? null);
  const imaginary = args[1] === undefined ? real?.map(() => 0) : toFinite(args[1]);
  if (!real || !imaginary || real.length !== imaginary.length) return null;
  const result = by({ real: Float64Array.from(real), imaginary: Float64Array.from(imaginary) });
  return [toReals([...result.real]), toReals([...result.imaginary])];
}

export const seriesFilters: Readonly<Record<string, ScalarFunction>> = {
  series_fir: finiteResponse,
  series_iir: infiniteResponse,
  series_fft: tuple(parts('dynamic', 'real', 'imag'), (args) => transformed(args, transform)),
  series_ifft: tuple(parts('dynamic', 'real', 'imag'), (args) => transformed(args, inverse)),
};
