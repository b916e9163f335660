/**
 * Kusto's values in JavaScript.
 *
 * | Kusto | here |
 * |---|---|
 * | bool | boolean |
 * | int, long | number; bigint where a number could not hold it exactly (over 2^53) |
 * | real | number |
 * | decimal | Decimal |
 * | string, guid | string (a string is never null; a guid is lower-case) |
 * | datetime, timespan | Datetime, Timespan |
 * | dynamic | any of these, arrays, and bags; a JSON number written `1.0` is a Real, so that it stays one |
 *
 * Every type but string has null. `undefined` is no value.
 */
import { Decimal } from 'decimal.js';

export const types = [
  'bool',
  'int',
  'long',
  'real',
  'decimal',
  'string',
  'datetime',
  'timespan',
  'guid',
  'dynamic',
] as const;
/** A scalar type of Kusto. */
export type Type = (typeof types)[number];

/** A point in time: ticks of 100 ns since 0001-01-01T00:00:00Z. */
export class Datetime {
  readonly ticks: bigint;
  constructor(ticks: bigint) {
    this.ticks = ticks;
  }
  // The compiler compares classes by shape; the two would be one to it.
  get kind(): 'datetime' {
    return 'datetime';
  }
}

/** A length of time: ticks of 100 ns, negative or not. */
export class Timespan {
  readonly ticks: bigint;
  constructor(ticks: bigint) {
    this.ticks = ticks;
  }
  get kind(): 'timespan' {
    return 'timespan';
  }
}

/** A real number inside a dynamic value that happens to be whole: JSON's `1.0`, which is not `1`. */
export class Real {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

// Kusto's decimal is a 128-bit decimal: 34 significant digits.
Decimal.set({ precision: 34 });
export { Decimal };

/** A JSON object; own keys only, in their order. */
export type Bag = { readonly [key: string]: Value };
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Datetime
  | Timespan
  | Real
  | Decimal
  | readonly Value[]
  | Bag;

/** Whether a value is an array (the built-in check forgets `readonly`). */
export const isArray = (value: Value): value is readonly Value[] => Array.isArray(value);

/** Whether a value is a JSON object. */
export const isBag = (value: Value): value is Bag =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Datetime) &&
  !(value instanceof Timespan) &&
  !(value instanceof Real) &&
  !(value instanceof Decimal);

/** What a cell of a type holds when nothing is known: '' for strings, null for all others. */
export const defaultOf = (type: Type): Value => (type === 'string' ? '' : null);

export const isNumeric = (type: Type): boolean =>
  type === 'int' || type === 'long' || type === 'real' || type === 'decimal';

const typeNames: Readonly<Record<string, Type>> = {
  bool: 'bool',
  boolean: 'bool',
  int: 'int',
  long: 'long',
  real: 'real',
  double: 'real',
  decimal: 'decimal',
  string: 'string',
  datetime: 'datetime',
  date: 'datetime',
  timespan: 'timespan',
  time: 'timespan',
  guid: 'guid',
  uuid: 'guid',
  uniqueid: 'guid',
  dynamic: 'dynamic',
  object: 'dynamic',
};

/** The type that a name in a query or a schema means (`double` is `real`); undefined for other names. */
export const toType = (name: string): Type | undefined => typeNames[name.toLowerCase()];
