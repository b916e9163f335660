/** Functions of datetimes and timespans. */
import { type Cells, constant } from '../relation.ts';
import type { ScalarFunction } from '../scope.ts';
import {
  fromParts,
  ticksPerDay,
  ticksPerHour,
  ticksPerMinute,
  toDatetime,
  toParts,
  unixEpoch,
} from '../values/calendar.ts';
import { plain, toLong, toNumber } from '../values/numbers.ts';
import { type Datetime, Timespan, type Type, type Value } from '../values/types.ts';
import { addUnits, dayOfYear, endOf, isoWeek, partOf, type Period, startOf, unitsBetween } from './date-units.ts';
import {
  binary,
  datetime,
  integer,
  optional,
  present,
  pure,
  real,
  ternary,
  text,
  timespan,
  unary,
  variadic,
} from './define.ts';
import { formatDatetimeAs, formatTimespanAs } from './format-datetime.ts';
import { timeZoneNames } from './time-zone-names.ts';
import { toLocal, toUtc } from './time-zones.ts';

/** `now` shifted by a timespan, the run's `now` where it is left out. */
const fromNow =
  (sign: bigint): ScalarFunction =>
  (args: readonly Cells[], { scope }) => {
    const { now } = scope.run;
    const [offset] = args;
    if (offset === undefined) return pure([], 'datetime', () => now);
    return pure(args, 'datetime', (row) => {
      const value = offset.at(row);
      return value instanceof Timespan ? toDatetime(now.ticks + sign * value.ticks) : null;
    });
  };

const start = (period: Period): ScalarFunction =>
  binary(datetime, optional(integer, 0), 'datetime', (value, offset) => startOf(period, value, offset));
const end = (period: Period): ScalarFunction =>
  binary(datetime, optional(integer, 0), 'datetime', (value, offset) => endOf(period, value, offset));
const part = (read: (value: Datetime) => number): ScalarFunction => unary(datetime, 'long', read);

// Seconds have a fraction of up to seven digits, which doubles hold only nearly: 4.35 is 4.3499999999999996.
const secondTicks = (seconds: number): bigint => BigInt(Math.floor(seconds * 1e7 + 1e-3));

function makeDatetime(args: readonly number[]): Datetime | null {
  const [year = 1, month = 1, day = 1, hour = 0, minute = 0, second = 0] = args;
  const whole = Math.floor(second);
  return fromParts(
    Math.trunc(year),
    Math.trunc(month),
    Math.trunc(day),
    Math.trunc(hour),
    Math.trunc(minute),
    whole,
    secondTicks(second - whole),
  );
}

/** Hours, minutes and seconds must lie in their ranges, or the result is null. */
function makeTimespan(args: readonly number[]): Timespan | null {
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = args.length === 4 ? args : [0, ...args];
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds >= 60) return null;
  return new Timespan(
    BigInt(Math.trunc(days)) * ticksPerDay +
      BigInt(Math.trunc(hours)) * ticksPerHour +
      BigInt(Math.trunc(minutes)) * ticksPerMinute +
      secondTicks(seconds),
  );
}

const fromUnix = (ticksPerUnit: number): ScalarFunction =>
  unary(present, 'datetime', (value) => {
    const number = plain(value);
    if (typeof number === 'bigint') return toDatetime(unixEpoch + number * BigInt(ticksPerUnit));
    const amount = toNumber(number);
    if (!Number.isFinite(amount)) return null;
    if (Number.isInteger(amount)) return toDatetime(unixEpoch + BigInt(amount) * BigInt(ticksPerUnit));
    return toDatetime(unixEpoch + BigInt(Math.round(amount * ticksPerUnit)));
  });

/** Whether a value lies at most `delta` from a centre; ends count. */
function isAround(value: Value, centre: Value, delta: Value): boolean | null {
  const ticks = (of: Value): bigint | undefined =>
    typeof of === 'object' && of !== null && 'ticks' in of && typeof of.ticks === 'bigint' ? of.ticks : undefined;
  const [at, middle, most] = [ticks(value), ticks(centre), ticks(delta)];
  if (at !== undefined && middle !== undefined && most !== undefined) return at >= middle - most && at <= middle + most;
  const distance = Math.abs(toNumber(value) - toNumber(centre));
  return Number.isNaN(distance) ? null : distance <= toNumber(delta);
}

const unitsApart = (unit: string, first: Datetime, second: Datetime): Value =>
  toLong(unitsBetween(unit, first, second));
const differenceAs = (type: Type): ScalarFunction => ternary(text, datetime, datetime, type, unitsApart);
// Measured: weeks come as real, all other units as long.
const difference: ScalarFunction = (args, site) => {
  const unit = args[0]?.constant;
  return differenceAs(typeof unit === 'string' && unit.toLowerCase() === 'week' ? 'real' : 'long')(args, site);
};

const week = part(isoWeek);
const month = part(({ ticks }) => toParts(ticks).month);

/** Functions of datetimes and timespans. */
export const datetimes: Readonly<Record<string, ScalarFunction>> = {
  now: fromNow(1n),
  ago: fromNow(-1n),
  datetime_add: ternary(text, integer, datetime, 'datetime', addUnits),
  datetime_diff: difference,
  datetime_part: binary(text, datetime, 'long', partOf),
  startofday: start('day'),
  startofweek: start('week'),
  startofmonth: start('month'),
  startofyear: start('year'),
  endofday: end('day'),
  endofweek: end('week'),
  endofmonth: end('month'),
  endofyear: end('year'),
  dayofweek: unary(datetime, 'timespan', ({ ticks }) => new Timespan(BigInt(toParts(ticks).weekday) * ticksPerDay)),
  dayofmonth: part(({ ticks }) => toParts(ticks).day),
  dayofyear: part(dayOfYear),
  weekofyear: week,
  week_of_year: week,
  monthofyear: month,
  getmonth: month,
  getyear: part(({ ticks }) => toParts(ticks).year),
  hourofday: part(({ ticks }) => toParts(ticks).hour),
  make_datetime: variadic(real, 'datetime', makeDatetime),
  make_timespan: variadic(real, 'timespan', makeTimespan),
  unixtime_seconds_todatetime: fromUnix(10_000_000),
  unixtime_milliseconds_todatetime: fromUnix(10_000),
  unixtime_microseconds_todatetime: fromUnix(10),
  unixtime_nanoseconds_todatetime: unary(present, 'datetime', (value) => {
    const number = plain(value);
    if (typeof number !== 'bigint' && !Number.isFinite(toNumber(number))) return null;
    return toDatetime(unixEpoch + (typeof number === 'bigint' ? number : BigInt(Math.trunc(toNumber(number)))) / 100n);
  }),
  format_datetime: binary(datetime, text, 'string', formatDatetimeAs),
  format_timespan: binary(timespan, text, 'string', formatTimespanAs),
  datetime_utc_to_local: binary(datetime, text, 'datetime', toLocal),
  datetime_local_to_utc: binary(datetime, text, 'datetime', toUtc),
  datetime_list_timezones: () => constant('dynamic', timeZoneNames),
  around: ternary(present, present, present, 'bool', isAround),
};
