import type { Cells } from '../relation.ts';
import type { Accumulator, Aggregate, Budget } from '../scope.ts';
import { toBag } from '../values/json.ts';
import { toNumber } from '../values/numbers.ts';
import { keyOf } from '../values/order.ts';
import { isArray, isBag, type Value } from '../values/types.ts';
import { measured } from '../weight.ts';
import { argument, conditional } from './define.ts';
import { toElement } from './elements.ts';

// The engine's limit for each of these aggregates.
const mostElements = 1_048_576;
// The limit of the old spellings `makelist` and `makeset`.
const mostElementsOnce = 128;

// Rows are counted where they are read; many elements of one value weigh more than it.
const elementsOf = ({ length }: { readonly length: number }): number => Math.floor(length / 16);

/** All values of a group; arrays are concatenated. */
class List implements Accumulator {
  readonly #of: Cells;
  readonly #most: number;
  readonly #nulls: 'kept' | 'dropped';
  readonly #budget: Budget;
  readonly #elements: Value[] = [];
  constructor(of: Cells, most: number, nulls: 'kept' | 'dropped', budget: Budget) {
    this.#of = of;
    this.#most = most;
    this.#nulls = nulls;
    this.#budget = budget;
  }
  add(row: number): void {
    if (this.#elements.length >= this.#most) return;
    const value = this.#of.at(row);
    if (value === null && this.#nulls === 'dropped') return;
    if (isArray(value)) {
      this.#budget.keep(elementsOf(value));
      for (const element of value) if (this.#elements.length < this.#most) this.#elements.push(element);
    } else this.#elements.push(toElement(value, this.#of.type));
  }
  result(): Value {
    return measured(this.#elements);
  }
}

/** Distinct values of a group; arrays give their elements. */
class DistinctList implements Accumulator {
  readonly #of: Cells;
  readonly #most: number;
  readonly #budget: Budget;
  readonly #elements: Value[] = [];
  #known: Set<string> | undefined;
  constructor(of: Cells, most: number, budget: Budget) {
    this.#of = of;
    this.#most = most;
    this.#budget = budget;
  }
  add(row: number): void {
    if (this.#elements.length >= this.#most) return;
    const value = this.#of.at(row);
    if (value === null) return;
    if (isArray(value)) {
      this.#budget.keep(elementsOf(value));
      for (const element of value) this.#take(element);
    } else this.#take(toElement(value, this.#of.type));
  }
  #take(element: Value): void {
    if (this.#elements.length >= this.#most) return;
    const key = keyOf(element);
    // Most groups of a large summarize hold one value and need no Set.
    const [only] = this.#elements;
    if (only !== undefined) {
      this.#known ??= new Set([keyOf(only)]);
      if (this.#known.has(key)) return;
      this.#known.add(key);
    }
    this.#elements.push(element);
  }
  result(): Value {
    return measured(this.#elements);
  }
}

/** The bags of a group as one; the first value of a key stays. */
class MergedBag implements Accumulator {
  readonly #of: Cells;
  readonly #most: number;
  readonly #budget: Budget;
  readonly #members = new Map<string, Value>();
  constructor(of: Cells, most: number, budget: Budget) {
    this.#of = of;
    this.#most = most;
    this.#budget = budget;
  }
  add(row: number): void {
    const bag = this.#of.at(row);
    if (!isBag(bag)) return;
    const members = Object.entries(bag);
    this.#budget.keep(elementsOf(members));
    for (const [key, value] of members)
      if (this.#members.size < this.#most && !this.#members.has(key)) this.#members.set(key, value);
  }
  result(): Value {
    return measured(toBag(this.#members));
  }
}

type Collect = (of: Cells, most: number, budget: Budget) => Accumulator;

const collected =
  (collect: Collect, limit = mostElements): Aggregate =>
  (args, site) => {
    const of = argument(args, 0, site);
    const given = args[1]?.constant ?? null;
    const most = given === null ? limit : toNumber(given);
    return { type: 'dynamic', accumulator: () => collect(of, most, site.scope.run.budget) };
  };

// A dynamic null is a value of a list; nulls of other types are not.
const list: Collect = (of, most, budget) => new List(of, most, of.type === 'dynamic' ? 'kept' : 'dropped', budget);
const listWithNulls: Collect = (of, most, budget) => new List(of, most, 'kept', budget);
const set: Collect = (of, most, budget) => new DistinctList(of, most, budget);
const bag: Collect = (of, most, budget) => new MergedBag(of, most, budget);

/** `make_list`, `make_set`, `make_bag`. */
export const collections: Readonly<Record<string, Aggregate>> = {
  make_list: collected(list),
  make_list_if: conditional(collected(list)),
  make_list_with_nulls: collected(listWithNulls),
  makelist: collected(list, mostElementsOnce),
  make_set: collected(set),
  make_set_if: conditional(collected(set)),
  makeset: collected(set, mostElementsOnce),
  make_bag: collected(bag),
  make_bag_if: conditional(collected(bag)),
  make_dictionary: collected(bag),
};
