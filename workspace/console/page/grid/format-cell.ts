import type { ColumnFormat } from '../../../../kql/workbook/workbook.ts';
import type { Cell } from '../../api.ts';

/** A cell as text: what is shown, and what a pointer over it tells where that is more. */
export interface CellText {
  readonly text: string;
  readonly title: string | undefined;
}

/** Stands for null and for empty text. */
export const emptyText = '–';

// Longer values are cut in the cell; the details of the cell have all of it.
const shownCharacters = 300;

const numberFormats = new Map<number, Intl.NumberFormat>();

function numberFormat(digits: number): Intl.NumberFormat {
  const known = numberFormats.get(digits);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat('en-US', { maximumFractionDigits: digits });
  numberFormats.set(digits, format);
  return format;
}

const numberTypes = new Set(['int', 'long', 'real', 'decimal']);

/** Whether values of a Kusto type are numbers. */
export function isNumberType(type: string): boolean {
  return numberTypes.has(type);
}

/** The number that a cell is; undefined where it is none. Long and decimal may come as text. */
export function toNumber(cell: Cell | undefined): number | undefined {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : undefined;
  if (typeof cell === 'boolean') return cell ? 1 : 0;
  if (typeof cell !== 'string' || cell.trim() === '') return undefined;
  const number = Number(cell);
  return Number.isFinite(number) ? number : undefined;
}

/** A number with thousands separators, and its unit: `12,400`, `3.7 %`. */
export function formatNumber(value: number, settings: ColumnFormat['number']): string {
  const digits = settings?.maximumFractionDigits ?? (Math.abs(value) >= 1000 ? 0 : 2);
  return withUnit(numberFormat(digits).format(value), settings?.unit ?? '');
}

function withUnit(text: string, unit: string): string {
  if (unit === '') return text;
  return unit === '%' ? `${text}%` : `${text} ${unit}`;
}

const timeForms = ['day', 'minute', 'second'] as const;
/** How much of a time is shown. */
export type TimeForm = (typeof timeForms)[number];

const timePattern = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})/u;

/** The shortest form that tells all of some times: those of a column are written alike. */
export function timeForm(times: Iterable<Cell | undefined>): TimeForm {
  let longest = 0;
  for (const cell of times) {
    const [, , time = '00:00:00'] = typeof cell === 'string' ? (timePattern.exec(cell) ?? []) : [];
    longest = Math.max(longest, time === '00:00:00' ? 0 : time.endsWith(':00') ? 1 : 2);
  }
  return timeForms[longest] ?? 'second';
}

/** `2026-11-21 14:50:07` for an ISO time, always UTC; the text itself where it is no time. */
export function formatTime(iso: string, form: TimeForm = timeForm([iso])): string {
  const match = timePattern.exec(iso);
  if (match === null) return iso;
  const [, day = '', time = ''] = match;
  if (form === 'day') return day;
  return `${day} ${form === 'minute' ? time.slice(0, 5) : time}`;
}

/** `1.02:03:04.5` as `1 d 2 h 3 min`, as precise as a reader needs; the text itself where it is no timespan. */
export function formatTimespan(text: string): string {
  const match = /^(-?)(?:(\d+)\.)?(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?$/u.exec(text);
  if (match === null) return text;
  const [, sign = '', days = '0', hours = '', minutes = '', seconds = '', fraction = '0'] = match;
  const units: readonly (readonly [number, string])[] = [
    [Number(days), 'd'],
    [Number(hours), 'h'],
    [Number(minutes), 'min'],
    [Number(seconds), 's'],
    [Math.round(Number(`0.${fraction}`) * 1000), 'ms'],
  ];
  const first = units.findIndex(([count]) => count !== 0);
  if (first === -1) return '0 s';
  const said = units.slice(first, first + 2).filter(([count]) => count !== 0);
  return sign + said.map(([count, unit]) => `${count} ${unit}`).join(' ');
}

function cut(text: string): string {
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}

/** A cell in full: text as it is, dynamic values as indented JSON. */
export function wholeText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'object') return JSON.stringify(cell, undefined, 2);
  return String(cell);
}

/** A cell as its column shows it: numbers with thousands, times readable in UTC, dynamic values as compact JSON. */
export function formatCell(cell: Cell, type: string, number?: ColumnFormat['number'], form?: TimeForm): CellText {
  if (cell === null || cell === '') return { text: emptyText, title: undefined };
  if (typeof cell === 'object') {
    const text = JSON.stringify(cell);
    return { text: cut(text), title: undefined };
  }
  if (typeof cell === 'boolean') return { text: cell ? 'Yes' : 'No', title: undefined };
  if (type === 'datetime' && typeof cell === 'string') return { text: formatTime(cell, form), title: cell };
  if (type === 'timespan' && typeof cell === 'string') return { text: formatTimespan(cell), title: cell };
  if (typeof cell === 'number' || isNumberType(type)) {
    // Beyond 2^53 a number would lose digits: such values come as text and stay text.
    const value = typeof cell === 'number' || number !== undefined ? toNumber(cell) : undefined;
    if (value !== undefined) return { text: formatNumber(value, number), title: undefined };
  }
  return { text: cut(String(cell)), title: undefined };
}
