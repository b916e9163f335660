/** The axis of `make-series`: where it starts and ends, and in which of its bins a value lies. */
import { toElement } from '../aggregates/elements.ts';
import { KqlError } from '../errors.ts';
import type { Syntax } from '../language/syntax.ts';
import type { Cells } from '../relation.ts';
import type { Scope } from '../scope.ts';
import { toBigInt, toNumber } from '../values/numbers.ts';
import { Datetime, Timespan, type Type, type Value } from '../values/types.ts';

/** The bins of a series. */
export interface Axis {
  /** The start of each bin. */
  readonly starts: readonly Value[];
  /** By row: its bin, or -1 where it is in none. */
  readonly binOf: Int32Array;
}

/** The limits as the query gives them; what it leaves out comes from the values. */
interface Limits {
  readonly from: Value;
  readonly to: Value;
  readonly step: Value;
  readonly end: 'inclusive' | 'exclusive';
}

// Kusto's limit for the length of a series.
const mostBins = 1_048_576;

function limitsOf(clause: Syntax, scope: Scope): Limits {
  if (clause.kind !== 'MakeSeriesFromToStepClause') {
    const [from, to, step] = clause
      .child('Arguments')
      .list('Expressions')
      .map((node) => scope.constant(node));
    return { from: from ?? null, to: to ?? null, step: step ?? null, end: 'inclusive' };
  }
  const valueOf = (name: string): Value => {
    const found = clause.optional(name);
    return found === undefined ? null : scope.constant(found.child('Expression'));
  };
  const step = valueOf('MakeSeriesStepClause');
  return { from: valueOf('MakeSeriesFromClause'), to: valueOf('MakeSeriesToClause'), step, end: 'exclusive' };
}

/** How positions are reckoned: exactly in ticks for times, in numbers for numbers. */
interface Reckoning<P extends number | bigint> {
  readonly zero: P;
  readonly toPosition: (value: Value) => P;
  readonly toValue: (from: P, step: P, bin: number) => Value;
  /** Whole steps from one position to another, rounded down. */
  readonly steps: (from: P, to: P, step: P) => number;
  /** The start of the bin that holds a position where bins are counted from 0. */
  readonly floor: (position: P, step: P) => P;
}

const ticksOf = (value: Value): bigint => {
  if (value instanceof Datetime || value instanceof Timespan) return value.ticks;
  return typeof value === 'number' || typeof value === 'bigint' ? toBigInt(value) : 0n;
};

const inTicks = (toTime: (ticks: bigint) => Value): Reckoning<bigint> => {
  const divide = (ticks: bigint, step: bigint): bigint => (ticks - (((ticks % step) + step) % step)) / step;
  return {
    zero: 0n,
    toPosition: ticksOf,
    toValue: (from, step, bin) => toTime(from + BigInt(bin) * step),
    steps: (from, to, step) => Number(divide(to - from, step)),
    floor: (position, step) => divide(position, step) * step,
  };
};
const inNumbers = (type: Type): Reckoning<number> => ({
  zero: 0,
  toPosition: toNumber,
  toValue: (from, step, bin) => toElement(from + bin * step, type),
  steps: (from, to, step) => Math.floor((to - from) / step),
  floor: (position, step) => Math.floor(position / step) * step,
});

function axisOver<P extends number | bigint>(
  reckoning: Reckoning<P>,
  values: readonly Value[],
  limits: Limits,
  clause: Syntax,
): Axis | undefined {
  const { toPosition, toValue, steps, floor, zero } = reckoning;
  const step = toPosition(limits.step);
  if (!(step > zero))
    throw new KqlError(`make-series: the step must be above zero: ${clause.text}`, {
      code: 'runtime',
      position: clause.position,
    });
  const positions = values.map((value) => (value === null ? null : toPosition(value)));
  let least: P | undefined;
  let greatest: P | undefined;
  for (const position of positions) {
    if (position === null) continue;
    if (least === undefined || position < least) least = position;
    if (greatest === undefined || position > greatest) greatest = position;
  }
  const from = limits.from === null ? least && floor(least, step) : toPosition(limits.from);
  const to = limits.to === null ? greatest : toPosition(limits.to);
  if (from === undefined || to === undefined) return undefined;
  const whole = steps(from, to, step);
  const isLastIncluded =
    limits.end === 'inclusive' || limits.to === null || toPosition(toValue(from, step, whole)) < to;
  const length = Math.max(0, whole + (isLastIncluded ? 1 : 0));
  if (!(length <= mostBins))
    throw new KqlError(`make-series: ${length} bins, at most ${mostBins}: take a larger step or a shorter range`, {
      code: 'runtime',
      position: clause.position,
    });
  const binOf = Int32Array.from(positions, (position) => {
    const bin = position === null ? -1 : steps(from, position, step);
    return bin < length ? bin : -1;
  });
  return { starts: Array.from({ length }, (_, bin) => toValue(from, step, bin)), binOf };
}

/** The axis over the values of the `on` column; undefined where neither the query nor the values limit it. */
export function seriesAxis(on: Cells, clause: Syntax, scope: Scope): Axis | undefined {
  const limits = limitsOf(clause, scope);
  const { length } = scope.relation;
  const values: Value[] = [];
  for (let row = 0; row < length; row += 1) {
    scope.run.budget.visit();
    values.push(on.at(row));
  }
  if (on.type === 'datetime')
    return axisOver(
      inTicks((ticks) => new Datetime(ticks)),
      values,
      limits,
      clause,
    );
  if (on.type === 'timespan')
    return axisOver(
      inTicks((ticks) => new Timespan(ticks)),
      values,
      limits,
      clause,
    );
  return axisOver(inNumbers(on.type), values, limits, clause);
}
