/** What values weigh in memory and in print: the guard against queries that build ever larger ones. */
import { KqlError } from './errors.ts';
import type { Cell, Cells } from './relation.ts';
import type { Budget } from './scope.ts';
import { isArray, isBag, type Value } from './values/types.ts';

// A row that is kept takes some 64 bytes; so much of a text or an array counts as one.
const charactersPerRow = 64;
const elementsPerRow = 16;

// Ours. Kusto cuts what it stores at 1 MB; JavaScript ends at 512 M characters, with all of them in memory.
const longestText = 64 * 1024 * 1024;
const mostValues = 10_000_000;

const tooLarge = (what: string): KqlError =>
  new KqlError(`the query makes ${what}: make smaller values, or filter earlier`, { code: 'budget' });

/** Values by object, so that an array that holds another twice is not walked twice. */
const known = new WeakMap<object, number>();

function count(value: Value, left: number): number {
  if (typeof value === 'string') return 1 + Math.floor(value.length / charactersPerRow);
  const isList = isArray(value);
  if (!isList && !isBag(value)) return 1;
  const found = known.get(value);
  if (found !== undefined) return found;
  let values = 1;
  for (const item of isList ? value : Object.values(value)) {
    values += count(item, left - values);
    if (values > left) throw tooLarge(`an array or a bag of more than ${mostValues} values`);
  }
  return values;
}

/**
 * Gives back a value that was put together of others. Parts may be shared, so that little memory prints as much.
 * @throws KqlError with code `budget` for one of more than 10,000,000 values
 */
export function measured<V extends Value>(value: V): V {
  if (isArray(value) || isBag(value)) known.set(value, count(value, mostValues));
  return value;
}

/** Functions whose result holds arguments as they are, so that nesting them doubles it. */
const combining: ReadonlySet<string> = new Set([
  'array_concat',
  'array_iff',
  'array_iif',
  'array_shift_left',
  'array_shift_right',
  'bag_merge',
  'bag_pack',
  'bag_set_key',
  'bag_zip',
  'pack',
  'pack_all',
  'pack_array',
  'pack_dictionary',
  'zip',
]);

/** Cells of an argument whose long texts and arrays count as visits, since a function mostly walks through them. */
export function counting(cells: Cells, { visit }: Budget): Cells {
  const { type, at } = cells;
  if (type !== 'string' && type !== 'dynamic') return cells;
  return {
    ...cells,
    at: (row) => {
      const value = at(row);
      if (typeof value === 'string') {
        if (value.length >= charactersPerRow) visit(Math.floor(value.length / charactersPerRow));
      } else if (isArray(value)) visit(value.length);
      return value;
    },
  };
}

/** Cells of a function's results whose long texts and arrays count as rows that are kept. */
export function weighed(name: string, cells: Cells, budget: Budget): Cells {
  const { type, constant, tuple } = cells;
  if (type !== 'string' && type !== 'dynamic') return cells;
  const isCombining = combining.has(name);
  const weigh = (value: Value): Value => {
    if (typeof value === 'string') {
      if (value.length > longestText) throw tooLarge(`a text of more than ${longestText} characters`);
      if (value.length >= charactersPerRow) budget.keep(Math.floor(value.length / charactersPerRow));
      return value;
    }
    if (typeof value !== 'object' || value === null) return value;
    if (isCombining) measured(value);
    if (isArray(value) && value.length >= elementsPerRow) budget.keep(Math.floor(value.length / elementsPerRow));
    return value;
  };
  const through =
    (at: Cell): Cell =>
    (row) =>
      weigh(at(row));
  if (constant !== undefined) weigh(constant);
  return {
    ...cells,
    at: constant === undefined ? through(cells.at) : cells.at,
    ...(tuple === undefined ? {} : { tuple: tuple.map((column) => ({ ...column, at: through(column.at) })) }),
  };
}
