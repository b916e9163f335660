/** Times and numbers inside of texts of a case. */

const MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const HOUR_MS = MS.h;

/** ISO 8601 UTC. */
export const isoOf = (ms: number): string => new Date(ms).toISOString();

/** What the placeholders stand for: when it happened, when the rule runs, which of `times` it is (from 1). */
export interface Moment {
  readonly at: number;
  readonly run: number;
  readonly n: number;
}

function toTime(moment: Moment, [, name, sign, count, unit, binned]: readonly (string | undefined)[]): string {
  const start = name === 'at' ? moment.at : moment.run;
  const shift = unit === 's' || unit === 'm' || unit === 'h' || unit === 'd' ? Number(count) * MS[unit] : 0;
  const ms = start + (sign === '-' ? -shift : shift);
  return isoOf(binned === undefined ? ms : Math.floor(ms / HOUR_MS) * HOUR_MS);
}

const TIME = /^\{(at|run)(?:([+-])(\d+)([smhd]))?(\|hour)?\}$/;

/** The value with `{at}`, `{run-3h}`, `{at|hour}` as times and `{n}` as number, at any depth. */
export function filled(value: unknown, moment: Moment): unknown {
  if (typeof value === 'string') {
    const time = TIME.exec(value);
    return time === null ? value.replaceAll('{n}', String(moment.n)) : toTime(moment, time);
  }
  if (Array.isArray(value)) return value.map((item) => filled(item, moment));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, moment)]));
}
