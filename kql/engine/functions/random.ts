/** Random values: drawn from the run's source, the same each time that a row is read. */
import { type Cell, type Cells, remembered } from '../relation.ts';
import type { Scope } from '../scope.ts';
import type { Type } from '../values/types.ts';

/** Cells that are drawn once per row. */
export const perRow = ({ relation }: Scope, type: Type, at: Cell): Cells => remembered({ type, at }, relation.length);

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** A GUID of version 4 from a source of numbers from 0 to under 1. */
export function newGuid(random: () => number): string {
  const word = (): number => Math.floor(random() * 0x1_0000);
  const version = hex(Math.floor(random() * 0x1000), 3);
  const variant = hex(0x8000 + Math.floor(random() * 0x4000), 4);
  const head = `${hex(word(), 4)}${hex(word(), 4)}-${hex(word(), 4)}`;
  return `${head}-4${version}-${variant}-${hex(word(), 4)}${hex(word(), 4)}${hex(word(), 4)}`;
}
