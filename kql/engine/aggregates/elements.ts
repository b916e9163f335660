import { Real, type Type, type Value } from '../values/types.ts';

/** A value of a column as an element of an array: a whole real stays one (`1.0`). */
export const toElement = (value: Value, type: Type): Value =>
  type === 'real' && Number.isInteger(value) ? new Real(Number(value)) : value;
