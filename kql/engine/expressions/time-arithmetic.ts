/** Arithmetic with datetimes and timespans, in ticks. */
import { KqlError } from '../errors.ts';
import { pure } from '../functions/define.ts';
import type { Syntax } from '../language/syntax.ts';
import type { Cells } from '../relation.ts';
import { toDatetime } from '../values/calendar.ts';
import { asReal } from '../values/convert.ts';
import { Datetime, isNumeric, Timespan, type Type, type Value } from '../values/types.ts';

type Ticks = (row: number) => bigint | null;
type Time = 'datetime' | 'timespan';

/** Wraps around at 64 bits, as ticks do in the engine. */
const toTimespan = (ticks: bigint): Timespan => new Timespan(BigInt.asIntN(64, ticks));

/** Reads ticks; a dynamic value must be of that type already. */
function ticksOf({ type, at }: Cells, expected: Time, node: Syntax): Ticks {
  if (type !== 'dynamic')
    return (row) => {
      const value = at(row);
      return value instanceof Datetime || value instanceof Timespan ? value.ticks : null;
    };
  return (row) => {
    const value = at(row);
    if (value === null) return null;
    const isExpected = expected === 'datetime' ? value instanceof Datetime : value instanceof Timespan;
    if (isExpected && (value instanceof Datetime || value instanceof Timespan)) return value.ticks;
    throw new KqlError(`${node.text}: the dynamic value is no ${expected}; cast it with todatetime() or totimespan()`, {
      code: 'runtime',
      position: node.position,
    });
  };
}

interface Rule {
  readonly left: Time;
  readonly right: Time;
  readonly type: Type;
  readonly of: (left: bigint, right: bigint) => Value;
}

const ratio = (left: bigint, right: bigint): Value => Number(left) / Number(right);
/** Never negative, as `%` of numbers. */
const remainder = (left: bigint, right: bigint): Value => {
  if (right === 0n) return null;
  const size = right < 0n ? -right : right;
  return new Timespan(((left % size) + size) % size);
};

// The first that fits counts: the binder takes a dynamic value for the type of the other side where both are possible.
const rules: Readonly<Record<string, readonly Rule[]>> = {
  '+': [
    { left: 'timespan', right: 'timespan', type: 'timespan', of: (left, right) => toTimespan(left + right) },
    { left: 'datetime', right: 'timespan', type: 'datetime', of: (left, right) => toDatetime(left + right) },
    { left: 'timespan', right: 'datetime', type: 'datetime', of: (left, right) => toDatetime(left + right) },
  ],
  '-': [
    { left: 'datetime', right: 'datetime', type: 'timespan', of: (left, right) => toTimespan(left - right) },
    { left: 'timespan', right: 'timespan', type: 'timespan', of: (left, right) => toTimespan(left - right) },
    { left: 'datetime', right: 'timespan', type: 'datetime', of: (left, right) => toDatetime(left - right) },
  ],
  '/': [
    { left: 'timespan', right: 'timespan', type: 'real', of: ratio },
    { left: 'datetime', right: 'timespan', type: 'real', of: ratio },
    { left: 'datetime', right: 'datetime', type: 'real', of: ratio },
  ],
  '%': [
    { left: 'timespan', right: 'timespan', type: 'timespan', of: remainder },
    { left: 'datetime', right: 'timespan', type: 'timespan', of: remainder },
  ],
};

const fits = (type: Type, time: Time): boolean => type === time || type === 'dynamic';

const largestTicks = 2 ** 63;

/** A number of ticks that need not be whole; null where 64 bits cannot hold it. */
const fromReal = (ticks: number): Value =>
  Math.abs(ticks) < largestTicks ? new Timespan(BigInt(Math.trunc(ticks))) : null;

function scale(ticks: bigint, factor: Value): Value {
  if (typeof factor === 'bigint' || (typeof factor === 'number' && Number.isSafeInteger(factor)))
    return toTimespan(ticks * BigInt(factor));
  const exact = asReal(factor);
  return exact === null || Number.isNaN(exact) ? null : fromReal(Math.round(Number(ticks) * exact));
}

function shrink(ticks: bigint, divisor: Value): Value {
  if (typeof divisor === 'bigint' || (typeof divisor === 'number' && Number.isSafeInteger(divisor)))
    return Number(divisor) === 0 ? null : toTimespan(ticks / BigInt(divisor));
  const exact = asReal(divisor);
  return exact === null || exact === 0 || Number.isNaN(exact) ? null : fromReal(Number(ticks) / exact);
}

function scaled(time: Cells, factor: Cells, node: Syntax, by: (ticks: bigint, factor: Value) => Value): Cells {
  const ticks = ticksOf(time, 'timespan', node);
  const { at } = factor;
  return pure([time, factor], 'timespan', (row) => {
    const size = ticks(row);
    const value = at(row);
    return size === null || value === null ? null : by(size, value);
  });
}

/** The operator over times; undefined where Kusto has no such operation. */
export function timeArithmetic(operator: string, left: Cells, right: Cells, node: Syntax): Cells | undefined {
  const rule = rules[operator]?.find((each) => fits(left.type, each.left) && fits(right.type, each.right));
  if (rule !== undefined) {
    const first = ticksOf(left, rule.left, node);
    const second = ticksOf(right, rule.right, node);
    return pure([left, right], rule.type, (row) => {
      const x = first(row);
      if (x === null) return null;
      const y = second(row);
      return y === null ? null : rule.of(x, y);
    });
  }
  if (operator === '*' && left.type === 'timespan' && isNumeric(right.type)) return scaled(left, right, node, scale);
  if (operator === '*' && right.type === 'timespan' && isNumeric(left.type)) return scaled(right, left, node, scale);
  if (operator === '/' && left.type === 'timespan' && isNumeric(right.type)) return scaled(left, right, node, shrink);
  return undefined;
}
