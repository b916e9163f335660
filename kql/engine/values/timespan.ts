/** Timespans as text. */
import { ticksPerDay, ticksPerHour, ticksPerMinute, ticksPerSecond } from './calendar.ts';
import { toFractionTicks } from './datetime.ts';
import { Timespan } from './types.ts';

/** `[-][d.]hh:mm:ss[.fffffff]`, as Kusto prints it. */
export function formatTimespan({ ticks }: Timespan): string {
  const size = ticks < 0n ? -ticks : ticks;
  const pad = (value: bigint, width = 2): string => String(value).padStart(width, '0');
  const days = size / ticksPerDay;
  const fraction = size % ticksPerSecond;
  const hours = (size / ticksPerHour) % 24n;
  const minutes = (size / ticksPerMinute) % 60n;
  const seconds = (size / ticksPerSecond) % 60n;
  const time = `${pad(hours)}:${pad(minutes)}:${pad(seconds)}${fraction === 0n ? '' : `.${pad(fraction, 7)}`}`;
  return `${ticks < 0n ? '-' : ''}${days === 0n ? '' : `${days}.`}${time}`;
}

const ticksByUnit: Readonly<Record<string, bigint>> = {};
const units: readonly (readonly [bigint, string])[] = [
  [ticksPerDay, 'd day days'],
  [ticksPerHour, 'h hr hrs hour hours'],
  [ticksPerMinute, 'm min minute minutes'],
  [ticksPerSecond, 's sec second seconds'],
  [10_000n, 'ms milli millis millisec millisecond milliseconds'],
  [10n, 'us micro micros microsec microsecond microseconds'],
  [1n, 'tick ticks'],
];
for (const [ticks, names] of units) for (const name of names.split(' ')) Object.assign(ticksByUnit, { [name]: ticks });

/** Reads `1.5h`, `2days`, `[d.]hh:mm[:ss[.f]]` and whole days as a number; null for anything else. */
export function parseTimespan(text: string): Timespan | null {
  const trimmed = text.trim();
  const scaled = /^([-+]?\d*\.?\d+(?:e[-+]?\d+)?)\s*([a-z]+)$/i.exec(trimmed);
  if (scaled !== null) {
    const amount = Number(scaled[1]);
    const unit = ticksByUnit[(scaled[2] ?? '').toLowerCase()];
    if (unit === undefined) return null;
    return new Timespan(Number.isInteger(amount) ? BigInt(amount) * unit : BigInt(Math.round(amount * Number(unit))));
  }
  const clock = /^(-)?(?:(\d+)[.])?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?$/.exec(trimmed);
  if (clock !== null) {
    const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0', fraction] = clock;
    if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null;
    const ticks =
      BigInt(days) * ticksPerDay +
      BigInt(hours) * ticksPerHour +
      BigInt(minutes) * ticksPerMinute +
      BigInt(seconds) * ticksPerSecond +
      toFractionTicks(fraction);
    return new Timespan(sign === '-' ? -ticks : ticks);
  }
  return /^-?\d+$/.test(trimmed) ? new Timespan(BigInt(trimmed) * ticksPerDay) : null;
}
