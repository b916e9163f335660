import type { Cells } from '../relation.ts';
import type { Accumulator, Aggregate } from '../scope.ts';
import { toBigInt, toLong } from '../values/numbers.ts';
import type { Value } from '../values/types.ts';
import { over } from './define.ts';

type Combine = (left: bigint, right: bigint) => bigint;

/** Integers combined bit by bit; null for a group without any. */
class Bits implements Accumulator {
  readonly #of: Cells;
  readonly #combine: Combine;
  #bits: bigint | undefined;
  constructor(of: Cells, combine: Combine) {
    this.#of = of;
    this.#combine = combine;
  }
  add(row: number): void {
    const value = this.#of.at(row);
    if (typeof value !== 'number' && typeof value !== 'bigint') return;
    const bits = toBigInt(value);
    this.#bits = this.#bits === undefined ? bits : this.#combine(this.#bits, bits);
  }
  result(): Value {
    return this.#bits === undefined ? null : toLong(this.#bits);
  }
}

const bitwise = (combine: Combine): Aggregate => over('long', (of) => new Bits(of, combine));

/** `binary_all_and`, `binary_all_or`, `binary_all_xor`. */
export const bits: Readonly<Record<string, Aggregate>> = {
  binary_all_and: bitwise((left, right) => left & right),
  binary_all_or: bitwise((left, right) => left | right),
  binary_all_xor: bitwise((left, right) => left ^ right),
};
