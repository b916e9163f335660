import { KqlError } from '../errors.ts';
import type { Cell, Cells, Column } from '../relation.ts';
import type { Accumulator, Aggregate, Site } from '../scope.ts';
import { plain, toNumber } from '../values/numbers.ts';
import { compare } from '../values/order.ts';
import { isArray, type Type, type Value } from '../values/types.ts';
import { argument } from './define.ts';
import { toElement } from './elements.ts';

const isOrdinary = (value: Value): value is number => typeof value === 'number' && !Number.isNaN(value);

/** Sorts in place, numbers without a comparison call for each pair. */
function sorted(values: Value[]): readonly Value[] {
  return values.every(isOrdinary) ? Array.from(Float64Array.from(values).sort()) : values.sort(compare);
}

/** The nearest rank: the first value at or above the share, as the engine answers where it need not estimate. */
function nearestRanks(values: Value[], percents: readonly number[]): readonly Value[] {
  const ordered = sorted(values);
  return percents.map((percent) => {
    const rank = Math.ceil((percent / 100) * ordered.length - 1e-12) - 1;
    return ordered[Math.min(ordered.length - 1, Math.max(0, rank))] ?? null;
  });
}

function weightedRanks(values: Value[], weights: readonly number[], percents: readonly number[]): readonly Value[] {
  const order = values.map((_, index) => index).sort((a, b) => compare(values[a] ?? null, values[b] ?? null));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return percents.map((percent) => {
    const target = (percent / 100) * total - 1e-12;
    let seen = 0;
    for (const index of order) {
      seen += weights[index] ?? 0;
      if (seen > 0 && seen >= target) return values[index] ?? null;
    }
    return values[order.at(-1) ?? 0] ?? null;
  });
}

type Finish = (ranks: readonly Value[]) => Value;

/** Gathers the values of a group; null where there was none. */
class Percentiles implements Accumulator {
  readonly #of: Cells;
  readonly #weight: Cells | undefined;
  readonly #percents: readonly number[];
  readonly #values: Value[] = [];
  readonly #weights: number[] = [];
  readonly #finish: Finish;
  constructor(of: Cells, weight: Cells | undefined, percents: readonly number[], finish: Finish) {
    this.#of = of;
    this.#weight = weight;
    this.#percents = percents;
    this.#finish = finish;
  }
  add(row: number): void {
    const value = this.#of.at(row);
    if (value === null) return;
    if (this.#weight !== undefined) {
      const weight = toNumber(this.#weight.at(row));
      if (!(weight > 0)) return;
      this.#weights.push(weight);
    }
    this.#values.push(plain(value));
  }
  result(): Value {
    if (this.#values.length === 0) return null;
    return this.#finish(
      this.#weight === undefined
        ? nearestRanks(this.#values, this.#percents)
        : weightedRanks(this.#values, this.#weights, this.#percents),
    );
  }
}

/** The constant numbers of the arguments, arrays taken apart. @throws KqlError where one is not from 0 to 100 */
function percentsOf(args: readonly Cells[], { name, node }: Site): readonly number[] {
  const percents = args
    .map(({ constant }) => constant ?? null)
    .flatMap((value) => (isArray(value) ? value : [value]))
    .map(toNumber);
  if (percents.length > 0 && percents.every((percent) => percent >= 0 && percent <= 100)) return percents;
  throw new KqlError(`${name}: percentiles must be constant numbers from 0 to 100`, {
    code: 'runtime',
    position: node.position,
  });
}

/** A column for each percentile: `percentile_x_50`, `percentile_x_99_9`. */
function columnsOf(percents: readonly number[], type: Type, { node }: Site): (result: Cell) => readonly Column[] {
  const of = node.child('ArgumentList').list('Expressions')[0]?.resultName ?? '';
  return (result) =>
    percents.map((percent, index) => ({
      name: `percentile_${of}_${String(percent).replace('.', '_')}`,
      type,
      at: (group) => {
        const ranks = result(group);
        return isArray(ranks) ? (ranks[index] ?? null) : null;
      },
    }));
}

function percentiles(weights: 'weighted' | 'unweighted', form: 'columns' | 'array'): Aggregate {
  return (args, site) => {
    const of = argument(args, 0, site);
    const weight = weights === 'weighted' ? argument(args, 1, site) : undefined;
    const percents = percentsOf(args.slice(weight === undefined ? 1 : 2), site);
    const accumulator = (finish: Finish) => (): Accumulator => new Percentiles(of, weight, percents, finish);
    if (form === 'array')
      return {
        type: 'dynamic',
        accumulator: accumulator((ranks) => ranks.map((value) => toElement(value, of.type))),
      };
    const type = of.type === 'int' ? 'long' : of.type;
    if (percents.length === 1) return { type, accumulator: accumulator(([rank = null]) => rank) };
    return { type, accumulator: accumulator((ranks) => ranks), tuple: columnsOf(percents, type, site) };
  };
}

/** `percentile`, `percentiles` and their weighted and array forms. */
export const percentileAggregates: Readonly<Record<string, Aggregate>> = {
  percentile: percentiles('unweighted', 'columns'),
  percentiles: percentiles('unweighted', 'columns'),
  percentiles_array: percentiles('unweighted', 'array'),
  percentilew: percentiles('weighted', 'columns'),
  percentilesw: percentiles('weighted', 'columns'),
  percentilesw_array: percentiles('weighted', 'array'),
};
