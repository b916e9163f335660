/** Decomposition of a series into season, trend and rest. */
import { lineThrough, meanOf } from './lines.ts';
import { medianOf } from './outliers.ts';
import { strongestPeriod } from './periods.ts';

/** How the trend is told from the series: its average, a line, or not at all. */
export type Trend = 'avg' | 'linefit' | 'none';

export interface DecompositionOptions {
  /** Elements of a period; 0 for none, negative to detect it. */
  readonly seasonality: number;
  readonly trend: Trend;
  /** Elements at the end from which nothing is learnt. */
  readonly testPoints: number;
  /** The score that a detected period must reach. */
  readonly threshold: number;
}

/** All parts are as long as the series; baseline = seasonal + trend, residual = series - baseline. */
export interface Decomposition {
  readonly baseline: readonly number[];
  readonly seasonal: readonly number[];
  readonly trend: readonly number[];
  readonly residual: readonly number[];
}

/** The median of each phase of a period, repeated over a length. Period 0 gives zeros. */
export function seasonOf(learnt: readonly number[], period: number, length: number): number[] {
  if (period <= 0) return Array.from({ length }, () => 0);
  const phases: number[] = [];
  for (let phase = 0; phase < Math.min(period, length); phase += 1) {
    const values: number[] = [];
    for (let index = phase; index < learnt.length; index += period) values.push(learnt[index] ?? 0);
    phases.push(values.length === 0 ? 0 : medianOf(values));
  }
  return Array.from({ length }, (_, index) => phases[index % period] ?? 0);
}

function trendOf(learnt: readonly number[], kind: Trend, length: number): number[] {
  if (kind === 'none' || learnt.length === 0) return Array.from({ length }, () => 0);
  if (kind === 'avg') {
    const mean = meanOf(learnt);
    return Array.from({ length }, () => mean);
  }
  const { slope, interception } = lineThrough(learnt);
  return Array.from({ length }, (_, index) => interception + slope * (index + 1));
}

/** Season first, then the trend of what it leaves: the order of the engine. */
export function decompose(values: readonly number[], options: DecompositionOptions): Decomposition {
  const { length } = values;
  const learnt = values.slice(0, Math.max(0, length - options.testPoints));
  const period = options.seasonality < 0 ? strongestPeriod(learnt, options.threshold) : Math.trunc(options.seasonality);
  const seasonal = seasonOf(learnt, period, length);
  const deseasonal = learnt.map((value, index) => value - (seasonal[index] ?? 0));
  const trend = trendOf(deseasonal, options.trend, length);
  const baseline = seasonal.map((value, index) => value + (trend[index] ?? 0));
  const residual = values.map((value, index) => value - (baseline[index] ?? 0));
  return { baseline, seasonal, trend, residual };
}
