/** The proleptic Gregorian calendar over ticks of 100 ns since 0001-01-01. */
import { Datetime } from './types.ts';

export const ticksPerMillisecond = 10_000n;
export const ticksPerSecond = 10_000_000n;
export const ticksPerMinute = 600_000_000n;
export const ticksPerHour = 36_000_000_000n;
export const ticksPerDay = 864_000_000_000n;
/** 1970-01-01T00:00:00Z. */
export const unixEpoch = 621_355_968_000_000_000n;
/** 9999-12-31T23:59:59.9999999Z, the last datetime. */
export const lastTick = 3_155_378_975_999_999_999n;

/** A datetime, or null where the ticks lie outside of years 1 to 9999. */
export const toDatetime = (ticks: bigint): Datetime | null =>
  ticks >= 0n && ticks <= lastTick ? new Datetime(ticks) : null;

/** A datetime from milliseconds since 1970. */
export const fromUnixMilliseconds = (milliseconds: number): Datetime =>
  new Datetime(unixEpoch + BigInt(Math.round(milliseconds * 10_000)));

/** Milliseconds since 1970, rounded down. */
export const toUnixMilliseconds = ({ ticks }: Datetime): number => Number((ticks - unixEpoch) / ticksPerMillisecond);

/** The parts of a datetime; month and day from 1, weekday 0 is Sunday, fraction in ticks. */
export interface DateParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly fraction: number;
}

export function toParts(ticks: bigint): DateParts {
  const timeOfDay = ((ticks % ticksPerDay) + ticksPerDay) % ticksPerDay;
  const date = new Date(Number((ticks - unixEpoch - timeOfDay) / ticksPerMillisecond));
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: Number(timeOfDay / ticksPerHour),
    minute: Number((timeOfDay / ticksPerMinute) % 60n),
    second: Number((timeOfDay / ticksPerSecond) % 60n),
    fraction: Number(timeOfDay % ticksPerSecond),
  };
}

/** A datetime from its parts; null where a part is out of range (30 February, hour 24). */
export function fromParts(
  year: number,
  month = 1,
  day = 1,
  hour = 0,
  minute = 0,
  second = 0,
  fraction = 0n,
): Datetime | null {
  const isTime = hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second < 60;
  if (!isTime || year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  // 30 February is 1 or 2 March to a Date.
  if (date.getUTCMonth() !== month - 1) return null;
  return new Datetime(
    unixEpoch +
      BigInt(date.getTime()) * ticksPerMillisecond +
      BigInt(hour) * ticksPerHour +
      BigInt(minute) * ticksPerMinute +
      BigInt(Math.floor(second)) * ticksPerSecond +
      fraction,
  );
}
