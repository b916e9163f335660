import { createHash } from 'node:crypto';

/** A number in [0, 1) that depends on the seed and the parts only, not on the order of questions. */
export function chance(seed: number | string, ...parts: readonly string[]): number {
  return (
    createHash('sha256')
      .update([seed, ...parts].join('|'))
      .digest()
      .readUInt32BE(0) /
    2 ** 32
  );
}

/** A made-up version 4 GUID that depends on the seed and the purpose only. */
export function seededGuid(seed: number | string, purpose: string): string {
  const hex = createHash('sha256').update(`${seed}|${purpose}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The items in an order that depends on the seed and the parts only. */
export function shuffled<T>(items: readonly T[], seed: number | string, nth: number): readonly T[] {
  return items
    .map((item, index) => ({ item, order: chance(seed, 'order', String(nth), String(index)) }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}
