/** Values of typed columns as they stand inside of dynamic values. */
import type { Cells } from '../relation.ts';
import { Real, type Type, type Value } from '../values/types.ts';

/** The value inside of an array or a bag: a whole real stays a real (`2.0`, not `2`). */
export const toDynamic = (value: Value, from: Type): Value =>
  from === 'real' && typeof value === 'number' && Number.isInteger(value) ? new Real(value) : value;

/** Reads a cell as a dynamic value. */
export const dynamicAt = ({ at, type }: Cells): ((row: number) => Value) =>
  type === 'real' ? (row) => toDynamic(at(row), type) : at;
