/** Datetimes as text. */
import { fromParts, ticksPerHour, ticksPerMinute, toParts } from './calendar.ts';
import { Datetime } from './types.ts';

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

/** ISO 8601 with seven digits of fraction and a Z, as Kusto prints it. */
export function formatDatetime({ ticks }: Datetime): string {
  const { year, month, day, hour, minute, second, fraction } = toParts(ticks);
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}.${pad(fraction, 7)}Z`;
}

/** Digits after the point as ticks: `5` is half a second; digits beyond the seventh are dropped. */
export const toFractionTicks = (digits: string | undefined): bigint =>
  digits === undefined ? 0n : BigInt(`${digits}0000000`.slice(0, 7));

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** 1 to 12; 0 for a word that is no month. */
const monthOf = (word: string): number => months.indexOf(word.slice(0, 3).toLowerCase()) + 1;

// Lower-case z counts: RFC 3339 allows it.
const time =
  '(?:[T ]+(?<hour>\\d{1,2}):(?<minute>\\d{2})(?::(?<second>\\d{2})(?:[.,:](?<fraction>\\d{1,9}))?)?\\s*(?<half>am|pm)?\\s*(?<zone>Z|GMT|UTC|[+-]\\d\\d:?\\d\\d|[+-]\\d\\d)?)?';
const shape = (date: string): RegExp => new RegExp(`^${date}${time}$`, 'i');
const shapes: readonly RegExp[] = [
  shape('(?<year>\\d{4})[-/.](?<month>\\d{1,2})(?:[-/.](?<day>\\d{1,2}))?'),
  shape('(?<year>\\d{4})(?<month>\\d{2})(?<day>\\d{2})'),
  // Month first, as the engine reads it: 13-01-2022 is no date.
  shape('(?<month>\\d{1,2})[-/.](?<day>\\d{1,2})[-/.](?<year>\\d{4})'),
  shape('(?:[A-Za-z]{3,9},?\\s+)?(?<day>\\d{1,2})[- ]+(?<word>[A-Za-z]{3,9})[-, ]+(?<year>\\d{2,4})'),
  shape('(?:[A-Za-z]{3,9},?\\s+)?(?<word>[A-Za-z]{3,9})\\s+(?<day>\\d{1,2}),?\\s+(?<year>\\d{4})'),
  /^(?<year>\d{4})$/,
];

function toOffsetTicks(zone: string | undefined): bigint {
  const match = zone === undefined ? null : /^([+-])(\d\d):?(\d\d)?$/.exec(zone);
  if (match === null) return 0n;
  const [, sign, hours = '0', minutes = '0'] = match;
  const offset = BigInt(hours) * ticksPerHour + BigInt(minutes) * ticksPerMinute;
  return sign === '-' ? -offset : offset;
}

const toYear = (digits: string): number => {
  const year = Number(digits);
  if (digits.length !== 2) return year;
  return year < 50 ? 2000 + year : 1900 + year;
};

function toHour(digits: string | undefined, half: string | undefined): number {
  const hour = Number(digits ?? 0);
  if (half?.toLowerCase() === 'pm' && hour < 12) return hour + 12;
  return half?.toLowerCase() === 'am' && hour === 12 ? 0 : hour;
}

// What machines write; the general shapes cost ten times as much.
const iso = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z$/;

/** Reads the forms that `todatetime` accepts; null for anything else. */
export function parseDatetime(text: string): Datetime | null {
  const plain = iso.exec(text);
  if (plain !== null) {
    const [, year, month, day, hour, minute, second, fraction] = plain;
    return fromParts(
      Number(year),
      Number(month),
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
      toFractionTicks(fraction),
    );
  }
  for (const pattern of shapes) {
    const groups: Readonly<Record<string, string | undefined>> | undefined = pattern.exec(text.trim())?.groups;
    if (groups === undefined) continue;
    const { year = '', month, day, word, hour, minute, second, fraction, half, zone } = groups;
    const local = fromParts(
      toYear(year),
      word === undefined ? Number(month ?? 1) : monthOf(word),
      Number(day ?? 1),
      toHour(hour, half),
      Number(minute ?? 0),
      Number(second ?? 0),
      toFractionTicks(fraction),
    );
    return local && new Datetime(local.ticks - toOffsetTicks(zone));
  }
  return null;
}
