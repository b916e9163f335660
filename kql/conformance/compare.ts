/** Whether an answer is the expected one, by the rules that the suites state for each case. */
import type { Result } from '../engine/engine.ts';
import { formatDatetime, parseDatetime } from '../engine/values/datetime.ts';
import { formatTimespan, parseTimespan } from '../engine/values/timespan.ts';
import { Datetime, Decimal, isArray, Real, Timespan, type Value } from '../engine/values/types.ts';
import type { Case, Expected } from './suite.ts';

/** A value as JSON would carry it. */
function toPlain(value: Value): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof Real) return toPlain(value.value);
  if (value instanceof Decimal) return value.toNumber();
  if (value instanceof Datetime) return formatDatetime(value);
  if (value instanceof Timespan) return formatTimespan(value);
  if (isArray(value)) return value.map(toPlain);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toPlain(item)]));
}

interface Rule {
  readonly tolerance: number;
  readonly lists: 'ordered' | 'unordered';
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function equalNumbers(left: number, right: number, tolerance: number): boolean {
  if (left === right || (Number.isNaN(left) && Number.isNaN(right))) return true;
  return Math.abs(left - right) <= Math.max(1e-9, tolerance * Math.max(Math.abs(left), Math.abs(right)));
}

function equalLists(left: readonly unknown[], right: readonly unknown[], rule: Rule): boolean {
  if (left.length !== right.length) return false;
  if (rule.lists === 'ordered') return left.every((item, index) => equalDynamic(item, right[index], rule));
  const rest = [...right];
  return left.every((item) => {
    const found = rest.findIndex((other) => equalDynamic(item, other, rule));
    if (found >= 0) rest.splice(found, 1);
    return found >= 0;
  });
}

const isDatetime = (value: unknown): value is string => typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value);
const sameTicks = (left: unknown, right: unknown): boolean =>
  parseDatetime(String(left))?.ticks === parseDatetime(String(right))?.ticks;

function equalDynamic(left: unknown, right: unknown, rule: Rule): boolean {
  // Inside of dynamic values the engine prints null and '' alike.
  if ((left ?? '') === '' && (right ?? '') === '') return true;
  if (typeof left === 'number' || typeof right === 'number')
    return equalNumbers(Number(left), Number(right), rule.tolerance);
  if (Array.isArray(left) && Array.isArray(right)) return equalLists(left, right, rule);
  if (isRecord(left) && isRecord(right)) {
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && equalDynamic(left[key], right[key], rule))
    );
  }
  if (isDatetime(left) && isDatetime(right)) return sameTicks(left, right);
  return left === right;
}

function equalValues(left: unknown, right: unknown, type: string, rule: Rule): boolean {
  const isNull = (value: unknown): boolean => value === null || value === undefined;
  if (type === 'dynamic') return equalDynamic(parsed(left), parsed(right), rule);
  if (isNull(left) || isNull(right)) return isNull(left) && isNull(right);
  switch (type) {
    case 'datetime':
      return left === right || sameTicks(left, right);
    case 'timespan':
      return left === right || parseTimespan(String(left))?.ticks === parseTimespan(String(right))?.ticks;
    case 'bool':
      return Boolean(left) === Boolean(right);
    case 'guid':
      return String(left) === String(right);
    default:
      if (typeof left === 'number' || typeof right === 'number')
        return equalNumbers(Number(left), Number(right), rule.tolerance);
      return left === right;
  }
}

const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 220) ?? String(value);

function compareRows(expected: Expected, rows: readonly (readonly unknown[])[], { compare }: Case): string | undefined {
  const rule: Rule = { tolerance: compare.rel_tolerance, lists: compare.unordered_lists ? 'unordered' : 'ordered' };
  const isEqual = (row: readonly unknown[], other: readonly unknown[]): boolean =>
    expected.columns.every(({ type }, index) => equalValues(row[index], other[index], type, rule));
  const rest = [...rows];
  if (!compare.partial && expected.rows.every((row, index) => isEqual(row, rest[index] ?? []))) return undefined;
  for (const row of expected.rows) {
    const found = rest.findIndex((other) => isEqual(row, other));
    if (found < 0) return `no row ${shown(row)}; there is e.g. ${shown(rest[0])}`;
    rest.splice(found, 1);
  }
  return compare.ordered && !compare.partial ? 'the rows come in another order' : undefined;
}

/** What is wrong with an answer, in one line; undefined where it is the expected one. */
export function difference(test: Case, expected: Expected, result: Result): string | undefined {
  const names = (columns: readonly { readonly name: string }[]): string => columns.map(({ name }) => name).join(',');
  if (names(result.columns) !== names(expected.columns))
    return `columns [${names(result.columns)}], expected [${names(expected.columns)}]`;
  const count = expected.row_count ?? expected.rows.length;
  if (result.rows.length !== count) return `${result.rows.length} rows, expected ${count}`;
  if (test.compare.shape_only) return undefined;
  return compareRows(
    expected,
    result.rows.map((row) => row.map(toPlain)),
    test,
  );
}
