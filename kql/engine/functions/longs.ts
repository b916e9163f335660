/** Exact arithmetic of 64-bit integers for the functions that need it. */
import { type Long, toBigInt, toLong } from '../values/numbers.ts';

/** The sum, wrapped around at 64 bits. */
export function addLongs(left: Long, right: Long): Long {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return toLong(toBigInt(left) + toBigInt(right));
}

/** The largest multiple of a positive step that is not above the value. */
export function floorTicks(value: bigint, step: bigint): bigint {
  const rest = value % step;
  return value - (rest < 0n ? rest + step : rest);
}
