import type { Cell } from '../../api.ts';
import { isNumberType, toNumber } from './format-cell.ts';

/** What a cell sorts by; undefined (nothing there) sorts last in both directions. */
export type SortKey = number | string | undefined;

// .NET text of a timespan: `[-][d.]hh:mm:ss[.fffffff]`.
function timespanSeconds(text: string): number | undefined {
  const match = /^(-?)(?:(\d+)\.)?(\d{2}):(\d{2}):(\d{2}(?:\.\d+)?)$/u.exec(text);
  if (match === null) return undefined;
  const [, sign = '', days = '0', hours = '', minutes = '', seconds = ''] = match;
  const total = Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? -total : total;
}

/** What a cell of a column of a Kusto type sorts by. */
export function sortKey(cell: Cell, type: string): SortKey {
  if (cell === null || cell === '') return undefined;
  if (typeof cell === 'object') return JSON.stringify(cell);
  if (typeof cell === 'boolean') return cell ? 1 : 0;
  if (typeof cell === 'number') return cell;
  if (isNumberType(type)) return toNumber(cell) ?? cell;
  if (type === 'timespan') return timespanSeconds(cell) ?? cell;
  if (type === 'datetime') return cell;
  return cell;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Compares two keys that are there: numbers by value, text as a reader would sort it. */
export function compareKeys(left: SortKey, right: SortKey): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return collator.compare(String(left ?? ''), String(right ?? ''));
}
