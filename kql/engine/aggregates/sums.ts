import { KqlError } from '../errors.ts';
import type { Cells } from '../relation.ts';
import type { Accumulator, Aggregate, Site } from '../scope.ts';
import { type Long, toBigInt, toLong } from '../values/numbers.ts';
import { Datetime, Decimal, Timespan, type Type, type Value } from '../values/types.ts';
import { argument, conditional } from './define.ts';

/** What was added up in a group; integers and ticks are exact and wrap around at 64 bits. */
interface Totals {
  readonly count: number;
  readonly integers: Long;
  readonly reals: number;
  readonly decimals: Decimal;
}

type Finish = (totals: Totals) => Value;

const add = (left: Long, right: Long): Long => {
  const sum = typeof left === 'number' && typeof right === 'number' ? left + right : Number.NaN;
  return Number.isSafeInteger(sum) ? sum : toLong(toBigInt(left) + toBigInt(right));
};

const zero = new Decimal(0);

/** Adds up numbers and times; nulls do not count. */
class Total implements Accumulator, Totals {
  readonly #of: Cells;
  readonly #finish: Finish;
  count = 0;
  integers: Long = 0;
  reals = 0;
  decimals = zero;
  constructor(of: Cells, finish: Finish) {
    this.#of = of;
    this.#finish = finish;
  }
  add(row: number): void {
    const value = this.#of.at(row);
    if (typeof value === 'number') {
      if (this.#of.type === 'real') this.reals += value;
      else this.integers = add(this.integers, value);
    } else if (typeof value === 'bigint') this.integers = add(this.integers, value);
    else if (value instanceof Datetime || value instanceof Timespan)
      this.integers = add(this.integers, toLong(value.ticks));
    else if (value instanceof Decimal) this.decimals = this.decimals.plus(value);
    else return;
    this.count += 1;
  }
  result(): Value {
    return this.#finish(this);
  }
}

const toMeanTicks = ({ integers, count }: Totals): bigint => toBigInt(integers) / BigInt(count);

const sumOf: Partial<Readonly<Record<Type, Finish>>> = {
  int: ({ integers }) => integers,
  long: ({ integers }) => integers,
  real: ({ reals }) => reals,
  decimal: ({ decimals }) => decimals,
  timespan: ({ integers }) => new Timespan(toBigInt(integers)),
};
// The mean of no integers and no reals is NaN, of nothing else null. Integers are summed as such: the engine's mean
// of 2^63-1 and 1 is negative.
const averageOf: Partial<Readonly<Record<Type, Finish>>> = {
  int: ({ integers, count }) => Number(integers) / count,
  long: ({ integers, count }) => Number(integers) / count,
  real: ({ reals, count }) => reals / count,
  decimal: ({ decimals, count }) => (count === 0 ? null : decimals.dividedBy(count)),
  datetime: (totals) => (totals.count === 0 ? null : new Datetime(toMeanTicks(totals))),
  timespan: (totals) => (totals.count === 0 ? null : new Timespan(toMeanTicks(totals))),
};

/** The way to finish for a type. @throws KqlError for types that cannot be added up */
function finishFor(finishes: Partial<Readonly<Record<Type, Finish>>>, of: Type, { name, node }: Site): Finish {
  const finish = finishes[of];
  if (finish !== undefined) return finish;
  throw new KqlError(`${name} of ${of}: convert it first, with tolong() or todouble()`, {
    code: 'runtime',
    position: node.position,
  });
}

const totals =
  (finishes: Partial<Readonly<Record<Type, Finish>>>, type: (of: Type) => Type): Aggregate =>
  (args, site) => {
    const of = argument(args, 0, site);
    const finish = finishFor(finishes, of.type, site);
    return { type: type(of.type), accumulator: () => new Total(of, finish) };
  };

/** `sum`. */
export const sum = totals(sumOf, (of) => (of === 'int' ? 'long' : of));
const avg = totals(averageOf, (of) => (of === 'int' || of === 'long' ? 'real' : of));

/** `sum`, `avg`. */
export const sums: Readonly<Record<string, Aggregate>> = {
  sum,
  sumif: conditional(sum),
  avg,
  avgif: conditional(avg),
};
