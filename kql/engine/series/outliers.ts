/** Tukey's fence test. */

/** The value below which a share (0 to 1) of ascending values lies, interpolated between neighbours. */
export function quantileOf(ascending: ArrayLike<number>, share: number): number {
  const place = share * (ascending.length - 1);
  const index = Math.floor(place);
  const low = ascending[index] ?? Number.NaN;
  const high = ascending[index + 1] ?? low;
  return low + (place - index) * (high - low);
}

/** The median of numbers in any order; NaN for none. */
export const medianOf = (values: readonly number[]): number => quantileOf(Float64Array.from(values).sort(), 0.5);

/** A range of normal values and how scores grow beyond it. */
interface Fence {
  readonly low: number;
  readonly high: number;
  readonly scale: number;
}

/**
 * `ctukey`: the 10th to 90th percentile; a score is the distance in widths of that range times this scale (measured on
 * the engine: 16 digits in five answers. How it follows from other percentiles is not known, so those are refused).
 * `tukey`: Tukey's own test, quartiles and distances in interquartile ranges.
 */
export const fences: Readonly<Record<'ctukey' | 'tukey', Fence>> = {
  ctukey: { low: 0.1, high: 0.9, scale: 2.772_605_605_507_916 },
  tukey: { low: 0.25, high: 0.75, scale: 1 },
};

/** Scores: 0 inside of the fences, positive above, negative below; what is no number scores 0. */
export function outlierScores(
  values: readonly (number | null)[],
  fence: Fence,
  learnt: readonly (number | null)[] = values,
): readonly number[] {
  const known = Float64Array.from(
    learnt.filter((value): value is number => value !== null && !Number.isNaN(value)),
  ).sort();
  const low = quantileOf(known, fence.low);
  const high = quantileOf(known, fence.high);
  const unit = (high - low) / fence.scale;
  return values.map((value) => {
    if (value === null) return 0;
    if (value > high) return (value - high) / unit;
    return value < low ? (value - low) / unit : 0;
  });
}
