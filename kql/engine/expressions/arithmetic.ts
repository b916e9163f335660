/** `+ - * / %` and signs: 64-bit integers that wrap around, reals, exact decimals; times are in time-arithmetic.ts. */
import { KqlError } from '../errors.ts';
import { pure } from '../functions/define.ts';
import type { Syntax } from '../language/syntax.ts';
import type { Cells } from '../relation.ts';
import type { Expression } from '../scope.ts';
import { asDecimal } from '../values/convert.ts';
import { isNumber, type Long, toBigInt, toLong, toNumber } from '../values/numbers.ts';
import { Datetime, Decimal, isNumeric, Real, Timespan, type Type, type Value } from '../values/types.ts';
import { timeArithmetic } from './time-arithmetic.ts';

/** An arithmetic operator. */
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';
type Operations<T> = Readonly<Record<ArithmeticOperator, (left: T, right: T) => T | null>>;

/** A result of two numbers if it is exact, else the same over 64 bits. */
const exactly = (value: number, big: () => bigint): Long => (Number.isSafeInteger(value) ? value + 0 : toLong(big()));

function wholeRemainder(left: bigint, right: bigint): Long {
  const size = right < 0n ? -right : right;
  return toLong(((left % size) + size) % size);
}

// `+ 0` above and below makes 0 of -0, which integers have not.
const integers: Operations<Long> = {
  '+': (x, y) =>
    typeof x === 'number' && typeof y === 'number'
      ? exactly(x + y, () => BigInt(x) + BigInt(y))
      : toLong(toBigInt(x) + toBigInt(y)),
  '-': (x, y) =>
    typeof x === 'number' && typeof y === 'number'
      ? exactly(x - y, () => BigInt(x) - BigInt(y))
      : toLong(toBigInt(x) - toBigInt(y)),
  '*': (x, y) =>
    typeof x === 'number' && typeof y === 'number'
      ? exactly(x * y, () => BigInt(x) * BigInt(y))
      : toLong(toBigInt(x) * toBigInt(y)),
  '/': (x, y) => {
    if (y === 0) return null;
    if (typeof x === 'number' && typeof y === 'number') return Math.trunc(x / y) + 0;
    return toLong(toBigInt(x) / toBigInt(y));
  },
  '%': (x, y) => {
    if (y === 0) return null;
    if (typeof x !== 'number' || typeof y !== 'number') return wholeRemainder(toBigInt(x), toBigInt(y));
    const rest = x % y;
    return rest < 0 ? rest + Math.abs(y) : rest + 0;
  },
};

const reals: Operations<number> = {
  '+': (x, y) => x + y,
  '-': (x, y) => x - y,
  '*': (x, y) => x * y,
  '/': (x, y) => x / y,
  '%': (x, y) => (y === 0 ? null : ((x % y) + Math.abs(y)) % Math.abs(y)),
};

const decimals: Operations<Decimal> = {
  '+': (x, y) => x.plus(y),
  '-': (x, y) => x.minus(y),
  '*': (x, y) => x.times(y),
  '/': (x, y) => (y.isZero() ? null : x.dividedBy(y)),
  '%': (x, y) => {
    if (y.isZero()) return null;
    const rest = x.modulo(y);
    return rest.isNegative() && !rest.isZero() ? rest.plus(y.abs()) : rest;
  },
};

const refused = (operator: string, left: Type, right: Type, node: Syntax): KqlError =>
  new KqlError(
    `${node.text}: ${left} ${operator} ${right} cannot be calculated; cast the operands, as with tolong() or todouble()`,
    { code: 'runtime', position: node.position },
  );

type Reader<T> = (row: number) => T | null;

/** A number of a dynamic value; text, arrays and bags are none. A time is refused: the result's type has no place for it. */
function dynamicNumber(value: Value, node: Syntax): number | bigint | Decimal | null {
  if (value instanceof Datetime || value instanceof Timespan)
    throw new KqlError(`${node.text}: the dynamic value is a ${value.kind}; cast it with to${value.kind}()`, {
      code: 'runtime',
      position: node.position,
    });
  if (typeof value === 'boolean') return Number(value);
  if (value instanceof Real) return value.value;
  return isNumber(value) ? value : null;
}

/** Integers of cells. A dynamic fraction is refused: the result is a long, and cutting it would be a guess. */
function longsOf({ type, at }: Cells, node: Syntax): Reader<Long> {
  if (type !== 'dynamic')
    return (row) => {
      const value = at(row);
      return typeof value === 'number' || typeof value === 'bigint' ? value : null;
    };
  return (row) => {
    const value = dynamicNumber(at(row), node);
    if (value === null || typeof value === 'bigint') return value;
    const number = Number(value);
    if (Number.isInteger(number)) return toLong(BigInt(number));
    throw new KqlError(`${node.text}: the dynamic value ${number} is no long; cast it with todouble() or tolong()`, {
      code: 'runtime',
      position: node.position,
    });
  };
}

function realsOf({ type, at }: Cells, node: Syntax): Reader<number> {
  const read = type === 'dynamic' ? (row: number) => dynamicNumber(at(row), node) : at;
  return (row) => {
    const value = read(row);
    if (typeof value === 'number' || value === null) return value;
    return toNumber(value);
  };
}

function decimalsOf({ type, at }: Cells, node: Syntax): Reader<Decimal> {
  const read = type === 'dynamic' ? (row: number) => dynamicNumber(at(row), node) : at;
  return (row) => {
    const value = read(row);
    return value instanceof Decimal || value === null ? value : asDecimal(value);
  };
}

function calculated<T extends Value>(
  operands: readonly [Cells, Cells],
  type: Type,
  readers: readonly [Reader<T>, Reader<T>],
  of: (left: T, right: T) => Value,
): Cells {
  const [first, second] = readers;
  return pure(operands, type, (row) => {
    const x = first(row);
    if (x === null) return null;
    const y = second(row);
    return y === null ? null : of(x, y);
  });
}

const isTime = ({ type }: Cells): boolean => type === 'datetime' || type === 'timespan';

/**
 * Calculates cell by cell; null with a null operand. `node` is named in errors.
 * @throws KqlError where Kusto has no such operation, as between two dynamic values.
 */
export function arithmetic(operator: ArithmeticOperator, left: Cells, right: Cells, node: Syntax): Cells {
  if (isTime(left) || isTime(right)) {
    const cells = timeArithmetic(operator, left, right, node);
    if (cells === undefined) throw refused(operator, left.type, right.type, node);
    return cells;
  }
  const types = [left.type, right.type].filter((type) => type !== 'dynamic');
  if (types.length === 0 || !types.every(isNumeric)) throw refused(operator, left.type, right.type, node);
  const operands = [left, right] as const;
  if (types.includes('decimal'))
    return calculated(operands, 'decimal', [decimalsOf(left, node), decimalsOf(right, node)], decimals[operator]);
  if (types.includes('real'))
    return calculated(operands, 'real', [realsOf(left, node), realsOf(right, node)], reals[operator]);
  return calculated(operands, 'long', [longsOf(left, node), longsOf(right, node)], integers[operator]);
}

/** `left + right`. @throws KqlError as `arithmetic`. */
export const add = (left: Cells, right: Cells, node: Syntax): Cells => arithmetic('+', left, right, node);

const operation =
  (operator: ArithmeticOperator): Expression =>
  (node, scope) =>
    arithmetic(operator, scope.scalar(node.child('Left')), scope.scalar(node.child('Right')), node);

function negative(value: Value, type: Type): Value {
  if (typeof value === 'number') return type === 'real' ? -value : 0 - value;
  if (typeof value === 'bigint') return toLong(-value);
  if (value instanceof Timespan) return new Timespan(BigInt.asIntN(64, -value.ticks));
  if (value instanceof Real) return new Real(-value.value);
  return value instanceof Decimal ? value.negated() : null;
}

const minus: Expression = (node, scope) => {
  const operand = scope.scalar(node.child('Expression'));
  const { type, at } = operand;
  return pure([operand], type === 'int' ? 'long' : type, (row) => negative(at(row), type));
};

/** By kind of node. */
export const arithmetics: Readonly<Record<string, Expression>> = {
  AddExpression: operation('+'),
  SubtractExpression: operation('-'),
  MultiplyExpression: operation('*'),
  DivideExpression: operation('/'),
  ModuloExpression: operation('%'),
  UnaryMinusExpression: minus,
  UnaryPlusExpression: (node, scope) => scope.scalar(node.child('Expression')),
};
