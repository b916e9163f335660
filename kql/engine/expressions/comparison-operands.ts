/** Reads the sides of a comparison: a dynamic value is taken as the type of the other side, or null where it is none. */
import type { Cell, Cells } from '../relation.ts';
import { asBool, asDatetime, asDecimal, asGuid, asLong, asReal, asString, asTimespan } from '../values/convert.ts';
import { isNumber, type Long, plain, toNumber } from '../values/numbers.ts';
import { Datetime, type Decimal, Timespan, type Type, type Value } from '../values/types.ts';

/** Reads the cell of a row; null for none. */
export type Reader<T> = (row: number) => T | null;

const isScalar = (value: Value): boolean => isNumber(value) || typeof value === 'boolean' || typeof value === 'string';

/** Integers and, from dynamic values, whatever number they hold. */
export const asLongs =
  ({ at }: Cells): Reader<Long> =>
  (row) => {
    const value = plain(at(row));
    if (typeof value === 'number' || typeof value === 'bigint') return value;
    if (typeof value === 'string') return asLong(value) ?? asReal(value);
    return isScalar(value) ? toNumber(value) : null;
  };

export const asReals =
  ({ at }: Cells): Reader<number> =>
  (row) => {
    const value = at(row);
    return isScalar(value) ? asReal(value) : null;
  };

export const asDecimals =
  ({ at }: Cells): Reader<Decimal> =>
  (row) => {
    const value = at(row);
    return isScalar(value) ? asDecimal(value) : null;
  };

/** Booleans as 0 and 1. */
export const asBits =
  ({ at }: Cells): Reader<number> =>
  (row) => {
    const value = at(row);
    const bool = isScalar(value) ? asBool(value) : null;
    return bool === null ? null : Number(bool);
  };

export const asTicks =
  ({ at }: Cells, type: Type): Reader<bigint> =>
  (row) => {
    const value = at(row);
    if (typeof value === 'string') return (type === 'datetime' ? asDatetime(value) : asTimespan(value))?.ticks ?? null;
    if (type === 'datetime') return value instanceof Datetime ? value.ticks : null;
    return value instanceof Timespan ? value.ticks : null;
  };

export const asGuids =
  ({ at }: Cells): Reader<string> =>
  (row) =>
    asGuid(at(row));

function equalsText(value: Value, text: string): boolean {
  if (typeof value === 'boolean') return asBool(text) === value;
  if (value instanceof Datetime) return asDatetime(text)?.ticks === value.ticks;
  if (value instanceof Timespan) return asTimespan(text)?.ticks === value.ticks;
  return asString(value) === text;
}

/**
 * A dynamic value beside a string. Text compares as text, other values by what they print; null equals '', since a
 * string is never null.
 */
export function dynamicWithText(
  operator: string,
  test: (left: string, right: string) => boolean,
  left: Cells,
  right: Cells,
): Cell {
  const isEqual = operator === '==';
  const isUnequal = operator === '!=';
  const first = left.at;
  const second = right.at;
  return (row) => {
    const x = first(row);
    const y = second(row);
    if (typeof x === 'string' && typeof y === 'string') return test(x, y);
    if (!isEqual && !isUnequal) return x === null || y === null ? null : test(asString(x), asString(y));
    const [value, text] = typeof y === 'string' ? [x, y] : [y, asString(x)];
    const areSame = value === null ? text === '' : equalsText(value, text);
    return areSame === isEqual;
  };
}
