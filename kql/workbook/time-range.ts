import type { ParameterValue } from './workbook.ts';

type TimeValue = Extract<ParameterValue, { kind: 'time' }>;

/** The bounds of a time range. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** The span that a time range means at a moment. */
export function spanOf(value: TimeValue, now: Date): Span {
  return 'durationMs' in value ? { from: new Date(now.getTime() - value.durationMs), to: now } : value;
}

const minuteMs = 60_000;
const grains: readonly (readonly [upToMs: number, grain: string])[] = [
  [60 * minuteMs, '1m'],
  [6 * 60 * minuteMs, '5m'],
  [24 * 60 * minuteMs, '30m'],
  [7 * 24 * 60 * minuteMs, '1h'],
  [30 * 24 * 60 * minuteMs, '6h'],
];

// UNVERIFIED: Azure's steps; its documentation has one example, 30 minutes for a day.
/** The step of a series over a span, as a timespan of KQL: at most about 180 of them. */
export const grainOf = ({ from, to }: Span): string =>
  grains.find(([upToMs]) => to.getTime() - from.getTime() <= upToMs)?.[1] ?? '1d';

const names: readonly (readonly [ms: number, name: string])[] = [
  [24 * 60 * minuteMs, 'days'],
  [60 * minuteMs, 'hours'],
  [minuteMs, 'minutes'],
];

/** `Last 7 days`. */
export function durationLabel(durationMs: number): string {
  // One of a unit is told in the smaller one: a day is `Last 24 hours` in Azure.
  const [ms, name] = names.find(([unit]) => durationMs % unit === 0 && durationMs > unit) ?? [1_000, 'seconds'];
  return `Last ${durationMs / ms} ${name}`;
}

const shortTime = (date: Date): string => date.toISOString().slice(0, 16).replace('T', ' ');

/** What readers see of a time range. */
export const timeLabel = (value: TimeValue): string =>
  'durationMs' in value ? durationLabel(value.durationMs) : `${shortTime(value.from)} to ${shortTime(value.to)} UTC`;

// Whole units first: `ago(7d)` is what people know.
function ago(durationMs: number): string {
  const [ms, unit] = (
    [
      [24 * 60 * minuteMs, 'd'],
      [60 * minuteMs, 'h'],
      [minuteMs, 'm'],
    ] as const
  ).find(([unitMs]) => durationMs % unitMs === 0) ?? [1_000, 's'];
  return `ago(${durationMs / ms}${unit})`;
}

const literal = (date: Date): string => `datetime(${date.toISOString()})`;

/** A time range as KQL, in the form that stands behind the colon of `{TimeRange:start}`. */
export function timeText(value: TimeValue, form: string, now: Date): string {
  const span = spanOf(value, now);
  switch (form) {
    case 'start':
      return literal(span.from);
    case 'end':
      return literal(span.to);
    case 'startISO':
      return span.from.toISOString();
    case 'endISO':
      return span.to.toISOString();
    case 'grain':
      return grainOf(span);
    case 'seconds':
      return String(Math.round((span.to.getTime() - span.from.getTime()) / 1_000));
    case 'label':
      return timeLabel(value);
    default:
      return 'durationMs' in value
        ? `> ${ago(value.durationMs)}`
        : `between (${literal(span.from)} .. ${literal(span.to)})`;
  }
}
