import type { ColumnType } from './streams.ts';

/** int and long of Kusto are signed numbers of 32 and 64 bits. */
const limits = { int: 2 ** 31, long: 2 ** 63 } as const;

function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

function toBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

const whole =
  (type: keyof typeof limits) =>
  (value: unknown): number | undefined => {
    const number = toNumber(value);
    return Number.isInteger(number) && number >= -limits[type] && number < limits[type] ? number : undefined;
  };

const conversions: Readonly<Record<ColumnType, (value: unknown) => unknown>> = {
  dynamic: (value) => value,
  string: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
  boolean: toBoolean,
  int: whole('int'),
  long: whole('long'),
  real: (value) => {
    const number = toNumber(value);
    return Number.isFinite(number) ? number : undefined;
  },
  datetime: (value) =>
    typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(Date.parse(value))
      ? value
      : undefined,
};

/**
 * A JSON value other than null as a column of the type holds it; undefined when it does not fit. What the live service
 * makes of a number in a string or the reverse is not documented: UNVERIFIED, taken from Kusto's JSON ingestion.
 */
export function coerce(value: unknown, type: ColumnType): unknown {
  return conversions[type](value);
}
