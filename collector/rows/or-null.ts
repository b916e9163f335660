import type { Json } from '../schema/index.ts';

/** The items as a list; null for none, because an empty cell says the same in less. */
export const listOrNull = <T extends Json>(items: Iterable<T>): readonly T[] | null => {
  const list = [...items];
  return list.length === 0 ? null : list;
};

/** The fields; null for none. */
export const objectOrNull = <T extends Json>(fields: Readonly<Record<string, T>>): Readonly<Record<string, T>> | null =>
  Object.keys(fields).length === 0 ? null : fields;
