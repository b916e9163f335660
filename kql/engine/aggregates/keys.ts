/** What a Map or Set can tell equal values of one column by. */
import { keyOf } from '../values/order.ts';
import { Datetime, Timespan, type Type, type Value } from '../values/types.ts';

/** A primitive that equal values share and different values of the same column do not. */
export type Key = null | boolean | number | bigint | string;

function simpleKey(value: Value): Key {
  if (typeof value !== 'object' || value === null) return value;
  return value instanceof Datetime || value instanceof Timespan ? value.ticks : keyOf(value);
}

/** The keys of a column's values; text is made only of dynamic values and decimals. */
export const toKey = (type: Type): ((value: Value) => Key) => (type === 'dynamic' ? keyOf : simpleKey);
