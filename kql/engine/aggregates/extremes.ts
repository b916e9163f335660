import type { Cells } from '../relation.ts';
import type { Accumulator, Aggregate } from '../scope.ts';
import { compare } from '../values/order.ts';
import { defaultOf, type Value } from '../values/types.ts';
import { conditional, over } from './define.ts';

/** Which end of the order an aggregate looks for. */
export type End = 'least' | 'greatest';

/** Whether a value takes the place of the best so far. NaN poisons: it wins against all, and nothing wins against it. */
export function wins(value: Value, best: Value, end: End): boolean {
  if (typeof best === 'number' && typeof value === 'number') {
    if (best !== best) return false;
    return value !== value || (end === 'least' ? value < best : value > best);
  }
  const order = compare(value, best);
  return end === 'least' ? order < 0 : order > 0;
}

class Extreme implements Accumulator {
  readonly #of: Cells;
  readonly #end: End;
  #best: Value = null;
  constructor(of: Cells, end: End) {
    this.#of = of;
    this.#end = end;
  }
  add(row: number): void {
    const value = this.#of.at(row);
    if (value !== null && (this.#best === null || wins(value, this.#best, this.#end))) this.#best = value;
  }
  result(): Value {
    return this.#best ?? defaultOf(this.#of.type);
  }
}

const extreme = (end: End): Aggregate =>
  over(
    (of) => of,
    (of) => new Extreme(of, end),
  );
const min = extreme('least');
const max = extreme('greatest');

/** `min`, `max`. */
export const extremes: Readonly<Record<string, Aggregate>> = {
  min,
  minif: conditional(min),
  max,
  maxif: conditional(max),
};
