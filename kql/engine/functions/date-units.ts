/** Arithmetic in units of the calendar: what `datetime_add`, `datetime_diff` and `startofmonth` count in. */
import { KqlError } from '../errors.ts';
import {
  fromParts,
  lastTick,
  ticksPerDay,
  ticksPerHour,
  ticksPerMinute,
  ticksPerSecond,
  toDatetime,
  toParts,
} from '../values/calendar.ts';
import { Datetime } from '../values/types.ts';

/** A unit that `startof…` and `endof…` know. */
export type Period = 'day' | 'week' | 'month' | 'year';

const ticksPerWeek = 7n * ticksPerDay;
const ticksByUnit: ReadonlyMap<string, bigint> = new Map([
  ['week', ticksPerWeek],
  ['day', ticksPerDay],
  ['hour', ticksPerHour],
  ['minute', ticksPerMinute],
  ['second', ticksPerSecond],
  ['millisecond', 10_000n],
  ['microsecond', 10n],
]);
const monthsByUnit: ReadonlyMap<string, number> = new Map([
  ['year', 12],
  ['quarter', 3],
  ['month', 1],
]);

function unknownUnit(unit: string): KqlError {
  const known = [...monthsByUnit.keys(), ...ticksByUnit.keys(), 'nanosecond'].join(', ');
  return new KqlError(`no unit of time named '${unit}': use one of ${known}`, { code: 'runtime' });
}

/** Months later, on the last day where the month is too short; null outside of years 1 to 9999. */
export function addMonths({ ticks }: Datetime, months: number): Datetime | null {
  const { year, month, day } = toParts(ticks);
  const index = year * 12 + month - 1 + months;
  const lastDay = new Date(Date.UTC(2000 + (Math.floor(index / 12) % 400), (index % 12) + 1, 0)).getUTCDate();
  const date = fromParts(Math.floor(index / 12), (index % 12) + 1, Math.min(day, lastDay));
  return date && new Datetime(date.ticks + (ticks % ticksPerDay));
}

/** `datetime_add`: null where the result is out of range. @throws KqlError for a unknown unit */
export function addUnits(unit: string, amount: number, value: Datetime): Datetime | null {
  const name = unit.toLowerCase();
  const months = monthsByUnit.get(name);
  if (months !== undefined) return addMonths(value, months * amount);
  if (name === 'nanosecond') return toDatetime(value.ticks + BigInt(amount) / 100n);
  const size = ticksByUnit.get(name);
  if (size === undefined) throw unknownUnit(unit);
  return toDatetime(value.ticks + BigInt(amount) * size);
}

/** The day 0001-01-01 is a Monday, so Sundays lie one day before whole weeks. */
const weekIndex = (ticks: bigint): bigint => (ticks + ticksPerDay) / ticksPerWeek;

/** How many borders of the unit lie between the year 1 and the time. */
function unitIndex(unit: string, { ticks }: Datetime): bigint {
  const name = unit.toLowerCase();
  const months = monthsByUnit.get(name);
  if (months !== undefined) {
    const { year, month } = toParts(ticks);
    return BigInt(Math.floor((year * 12 + month - 1) / months));
  }
  if (name === 'week') return weekIndex(ticks);
  if (name === 'nanosecond') return ticks * 100n;
  const size = ticksByUnit.get(name);
  if (size === undefined) throw unknownUnit(unit);
  return ticks / size;
}

/** `datetime_diff`: borders of the unit that are crossed from the second time to the first. */
export const unitsBetween = (unit: string, first: Datetime, second: Datetime): bigint =>
  unitIndex(unit, first) - unitIndex(unit, second);

/** The first tick of the period, some periods later; null where it is out of range. */
export function startOf(period: Period, { ticks }: Datetime, offset: number): Datetime | null {
  const day = ticks - (ticks % ticksPerDay);
  if (period === 'day') return toDatetime(day + BigInt(offset) * ticksPerDay);
  const { year, month, weekday } = toParts(ticks);
  if (period === 'week') return toDatetime(day + (BigInt(offset) * 7n - BigInt(weekday)) * ticksPerDay);
  if (period === 'year') return fromParts(year + offset);
  const start = fromParts(year, month);
  return start && addMonths(start, offset);
}

/** The last tick of the period. */
export function endOf(period: Period, value: Datetime, offset: number): Datetime | null {
  const start = startOf(period, value, offset);
  if (start === null) return null;
  const next = startOf(period, start, 1);
  // After the last period of year 9999 comes none.
  return new Datetime(next === null ? lastTick : next.ticks - 1n);
}

/** The week of the year after ISO 8601: the first one has the first Thursday. */
export function isoWeek(value: Datetime): number {
  const { weekday } = toParts(value.ticks);
  const thursday = value.ticks - (value.ticks % ticksPerDay) + BigInt(4 - (weekday === 0 ? 7 : weekday)) * ticksPerDay;
  return Math.ceil(dayOfYear(new Datetime(thursday)) / 7);
}

/** From 1. */
export function dayOfYear({ ticks }: Datetime): number {
  const start = fromParts(toParts(ticks).year);
  return start === null ? 1 : Number((ticks - start.ticks) / ticksPerDay) + 1;
}

/** `datetime_part`. @throws KqlError for an unknown part */
export function partOf(name: string, value: Datetime): number {
  const parts = toParts(value.ticks);
  switch (name.toLowerCase()) {
    case 'year':
      return parts.year;
    case 'quarter':
      return Math.ceil(parts.month / 3);
    case 'month':
      return parts.month;
    case 'week':
    case 'weekofyear':
    case 'week_of_year':
      return isoWeek(value);
    case 'day':
      return parts.day;
    case 'dayofyear':
      return dayOfYear(value);
    case 'hour':
      return parts.hour;
    case 'minute':
      return parts.minute;
    case 'second':
      return parts.second;
    case 'millisecond':
      return Math.floor(parts.fraction / 10_000);
    case 'microsecond':
      return Math.floor(parts.fraction / 10);
    case 'nanosecond':
      return parts.fraction * 100;
    default:
      throw unknownUnit(name);
  }
}
