import { KqlError } from '../errors.ts';
import type { Syntax } from '../language/syntax.ts';
import type { Cell } from '../relation.ts';
import type { Operator, Scope } from '../scope.ts';
import { asDecimal, asLong, asReal } from '../values/convert.ts';
import { type Long, toBigInt, toLong } from '../values/numbers.ts';
import { Datetime, type Decimal, Timespan, type Type, type Value } from '../values/types.ts';

/** An arithmetic series: how many values it has, and each by its place. */
interface Series {
  readonly length: number;
  readonly at: Cell;
}

const nothing: Series = { length: 0, at: () => null };

function ofReals(from: number, to: number, step: number): Series {
  let length = Math.max(0, Math.floor((to - from) / step) + 1);
  if (!Number.isFinite(length)) return nothing;
  // More than anybody may keep; to add one to it would change nothing, for ever.
  if (!Number.isSafeInteger(length)) return { length, at: (row) => from + row * step };
  // The division may round past the last value, or short of it.
  const isWithin = (value: number): boolean => (step > 0 ? value <= to : value >= to);
  while (length > 0 && !isWithin(from + (length - 1) * step)) length -= 1;
  while (isWithin(from + length * step) && from + length * step !== from) length += 1;
  return { length, at: (row) => from + row * step };
}

function ofIntegers(from: bigint, to: bigint, step: bigint, toValue: (value: bigint) => Value): Series {
  const last = (to - from) / step;
  if (step > 0n ? from > to : from < to) return nothing;
  return { length: Number(last) + 1, at: (row) => toValue(from + BigInt(row) * step) };
}

function ofLongs(from: Long, to: Long, step: Long): Series {
  if (typeof from === 'number' && typeof to === 'number' && typeof step === 'number') {
    const length = Math.max(0, Math.floor((to - from) / step) + 1);
    return { length, at: (row) => from + row * step };
  }
  return ofIntegers(toBigInt(from), toBigInt(to), toBigInt(step), toLong);
}

function ofDecimals(from: Decimal, to: Decimal, step: Decimal): Series {
  const length = to.minus(from).dividedBy(step).floor().toNumber() + 1;
  return { length: Math.max(0, length), at: (row) => from.plus(step.times(row)) };
}

function typeOf(types: readonly Type[]): Type {
  const [first] = types;
  if (first === 'datetime' || first === 'timespan') return first;
  const widest = (['decimal', 'real', 'long', 'int'] as const).find((type) => types.includes(type));
  return widest ?? 'long';
}

const ticksOf = (value: Value): bigint | null =>
  value instanceof Datetime || value instanceof Timespan ? value.ticks : null;

/** The values of the three ends, or undefined where one of them is null. */
function converted<A>(
  convert: (value: Value) => A | null,
  [from = null, to = null, step = null]: readonly Value[],
): readonly [from: A, to: A, step: A] | undefined {
  const first = convert(from);
  const last = convert(to);
  const by = convert(step);
  return first === null || last === null || by === null ? undefined : [first, last, by];
}

function seriesOf(type: Type, ends: readonly Value[]): Series {
  const of = <A>(convert: (value: Value) => A | null, make: (from: A, to: A, step: A) => Series): Series => {
    const values = converted(convert, ends);
    return values === undefined ? nothing : make(...values);
  };
  if (type === 'datetime')
    return of(ticksOf, (from, to, step) => ofIntegers(from, to, step, (ticks) => new Datetime(ticks)));
  if (type === 'timespan')
    return of(ticksOf, (from, to, step) => ofIntegers(from, to, step, (ticks) => new Timespan(ticks)));
  if (type === 'decimal') return of(asDecimal, ofDecimals);
  return type === 'real' ? of(asReal, ofReals) : of(asLong, ofLongs);
}

function assertStep(step: Value, node: Syntax): void {
  const size = step instanceof Datetime || step instanceof Timespan ? step.ticks : step;
  if (asReal(size) === 0)
    throw new KqlError('range: a step of 0 never arrives: give another step', {
      code: 'runtime',
      position: node.position,
    });
}

/** Values from one end to the other, both included where the step meets them; none where a null is among the ends. */
const range: Operator = (node, scope: Scope) => {
  const parts = [node.child('From'), node.child('To'), node.child('Step')];
  const type = typeOf(parts.map((part) => scope.scalar(part).type));
  const ends = parts.map((part) => scope.constant(part));
  assertStep(ends[2] ?? null, node.child('Step'));
  const { length, at } = seriesOf(type, ends);
  scope.run.budget.keep(length);
  return { columns: [{ name: node.child('Name').name, type, at }], length, order: 'serialized' };
};

export const rangeOperators: Readonly<Record<string, Operator>> = { RangeOperator: range };
