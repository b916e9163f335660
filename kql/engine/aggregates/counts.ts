import type { Cells } from '../relation.ts';
import type { Accumulator, Aggregate } from '../scope.ts';
import { argument, conditional } from './define.ts';
import { type Key, toKey } from './keys.ts';

class Count implements Accumulator {
  #count = 0;
  add(): void {
    this.#count += 1;
  }
  result(): number {
    return this.#count;
  }
}

/** Distinct values, exactly; nulls do not count. */
class Distinct implements Accumulator {
  readonly #of: Cells;
  readonly #toKey: ReturnType<typeof toKey>;
  // Most groups of a large summarize hold one value: a Set for each would cost ten times the memory.
  #only: Key | undefined;
  #all: Set<Key> | undefined;
  constructor(of: Cells, reader: ReturnType<typeof toKey>) {
    this.#of = of;
    this.#toKey = reader;
  }
  add(row: number): void {
    const value = this.#of.at(row);
    if (value === null) return;
    const key = this.#toKey(value);
    if (this.#all !== undefined) this.#all.add(key);
    else if (this.#only === undefined) this.#only = key;
    else if (this.#only !== key) this.#all = new Set([this.#only, key]);
  }
  result(): number {
    return this.#all?.size ?? (this.#only === undefined ? 0 : 1);
  }
}

/** `count()`, and `count(x)`, which counts rows where x is null too, whatever the documentation says. */
export const count: Aggregate = () => ({ type: 'long', accumulator: () => new Count() });
const countif: Aggregate = (args, site) => conditional(count, 0)([argument(args, 0, site)], site);
const dcount: Aggregate = (args, site) => {
  const of = argument(args, 0, site);
  const reader = toKey(of.type);
  return { type: 'long', accumulator: () => new Distinct(of, reader) };
};

/** `count`, `dcount` and their like. */
export const counts: Readonly<Record<string, Aggregate>> = {
  count,
  countif,
  // The engine estimates from some thousand values on; we count exactly, which is what the estimate is of.
  dcount,
  dcountif: conditional(dcount),
  count_distinct: dcount,
  count_distinctif: conditional(dcount),
};
