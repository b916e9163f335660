/** Periods of a series, by its autocorrelation. */
import { circularAutocorrelation } from './fourier.ts';

/** A period in elements, with its score from 0 to 1. */
export interface Period {
  readonly length: number;
  readonly score: number;
}

/** Kusto finds periods of at least so many elements, and of less than half of the series. */
const shortestPeriod = 4;
/**
 * A multiple of a period scores as high as the period itself. It counts as a period of its own only where it scores
 * higher by this factor. Chosen, not measured: in Kusto's answers 1.001 is too little, and a week's 1.6 over a day enough.
 */
const ownScore = 1.1;

/**
 * The periods of a series, the shortest first. The score is the circular autocorrelation, scaled so that its lowest
 * value is 0 and lag 0 is 1 (measured on the engine, to 14 digits). A period is the highest lag from half to one and
 * a half times its own length.
 */
export function periodsOf(values: readonly number[]): readonly Period[] {
  const half = values.length / 2;
  if (half <= shortestPeriod) return [];
  const correlation = circularAutocorrelation(values);
  const top = correlation[0] ?? 0;
  const lowest = correlation.reduce((least, value) => Math.min(least, value), top);
  if (!(top - lowest > 0)) return [];
  const scoreOf = (lag: number): number => ((correlation[lag] ?? 0) - lowest) / (top - lowest);

  const isHighest = (lag: number): boolean => {
    const score = scoreOf(lag);
    // The neighbours first: they rule out most lags, so that the wide look is rare.
    if (!(score > scoreOf(lag - 1)) || !(score >= scoreOf(lag + 1))) return false;
    for (let other = Math.ceil(lag / 2); other <= lag * 1.5 && other < half; other += 1)
      if (scoreOf(other) > score) return false;
    return true;
  };

  const found: Period[] = [];
  for (let length = shortestPeriod; length < half; length += 1) {
    if (!isHighest(length)) continue;
    const score = scoreOf(length);
    const repeats = found.some((period) => length % period.length === 0 && score <= period.score * ownScore);
    if (!repeats) found.push({ length, score });
  }
  return found;
}

/** The period that scores highest, where it reaches the threshold; 0 for none. */
export function strongestPeriod(values: readonly number[], threshold: number): number {
  let strongest: Period = { length: 0, score: threshold };
  for (const period of periodsOf(values))
    if (period.score > strongest.score || (strongest.length === 0 && period.score === threshold)) strongest = period;
  return strongest.length;
}
