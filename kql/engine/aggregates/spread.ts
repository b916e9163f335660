import type { Cells } from '../relation.ts';
import type { Accumulator, Aggregate } from '../scope.ts';
import { toNumber } from '../values/numbers.ts';
import { argument, conditional, over } from './define.ts';

/** Over how many values a spread is averaged: `sample` is one less than there are. */
type Divisor = 'sample' | 'population';
type Measure = 'variance' | 'deviation';

const divided = (squares: number, count: number, by: Divisor): number => {
  const divisor = by === 'sample' ? count - 1 : count;
  return divisor < 1 ? 0 : squares / divisor;
};

/** Variance in one pass (Welford), which does not lose small spreads around large means. */
class Spread implements Accumulator {
  readonly #of: Cells;
  readonly #by: Divisor;
  readonly #measure: Measure;
  #count = 0;
  #mean = 0;
  #squares = 0;
  constructor(of: Cells, by: Divisor, measure: Measure) {
    this.#of = of;
    this.#by = by;
    this.#measure = measure;
  }
  add(row: number): void {
    const value = this.#of.at(row);
    if (value === null) return;
    const number = toNumber(value);
    this.#count += 1;
    const delta = number - this.#mean;
    this.#mean += delta / this.#count;
    this.#squares += delta * (number - this.#mean);
  }
  result(): number {
    const variance = divided(this.#squares, this.#count, this.#by);
    return this.#measure === 'variance' ? variance : Math.sqrt(variance);
  }
}

/** Covariance in one pass; a row counts where both values are there. */
class Covariance implements Accumulator {
  readonly #first: Cells;
  readonly #second: Cells;
  readonly #by: Divisor;
  #count = 0;
  #firstMean = 0;
  #secondMean = 0;
  #products = 0;
  constructor(first: Cells, second: Cells, by: Divisor) {
    this.#first = first;
    this.#second = second;
    this.#by = by;
  }
  add(row: number): void {
    const first = this.#first.at(row);
    const second = this.#second.at(row);
    if (first === null || second === null) return;
    this.#count += 1;
    const delta = toNumber(first) - this.#firstMean;
    this.#firstMean += delta / this.#count;
    this.#secondMean += (toNumber(second) - this.#secondMean) / this.#count;
    this.#products += delta * (toNumber(second) - this.#secondMean);
  }
  result(): number {
    return divided(this.#products, this.#count, this.#by);
  }
}

const spreadOf = (by: Divisor, measure: Measure): Aggregate => over('real', (of) => new Spread(of, by, measure));
const covarianceOf =
  (by: Divisor): Aggregate =>
  (args, site) => {
    const first = argument(args, 0, site);
    const second = argument(args, 1, site);
    return { type: 'real', accumulator: () => new Covariance(first, second, by) };
  };

const stdev = spreadOf('sample', 'deviation');
const stdevp = spreadOf('population', 'deviation');
const variance = spreadOf('sample', 'variance');
const variancep = spreadOf('population', 'variance');
const covariance = covarianceOf('sample');
const covariancep = covarianceOf('population');

/** `stdev`, `variance`, `covariance`. */
export const spread: Readonly<Record<string, Aggregate>> = {
  stdev,
  stdevif: conditional(stdev),
  stdevp,
  stdevpif: conditional(stdevp),
  variance,
  varianceif: conditional(variance),
  variancep,
  variancepif: conditional(variancep),
  covariance,
  covarianceif: conditional(covariance, 2),
  covariancep,
  covariancepif: conditional(covariancep, 2),
};
