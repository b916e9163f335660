/**
 * `==`, `!=`, `<`, `<=`, `>`, `>=`. With one null `==` is false and `!=` true, the others are null; with two all are
 * null. A dynamic value is read as the other side's type.
 */
import { KqlError } from '../errors.ts';
import { pure } from '../functions/define.ts';
import type { Syntax } from '../language/syntax.ts';
import type { Cell, Cells } from '../relation.ts';
import type { Expression } from '../scope.ts';
import type { Long } from '../values/numbers.ts';
import { Datetime, type Decimal, Timespan, type Type } from '../values/types.ts';
import {
  asBits,
  asDecimals,
  asGuids,
  asLongs,
  asReals,
  asTicks,
  dynamicWithText,
  type Reader,
} from './comparison-operands.ts';

/** A comparing operator. */
export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';
type Test<T> = (left: T, right: T) => boolean;
type Tests<T> = Readonly<Record<ComparisonOperator, Test<T>>>;

// One table for each kind of value: shared functions would see all kinds and lose their speed.
const longTests: Tests<Long> = {
  '==': (x, y) => x === y,
  '!=': (x, y) => x !== y,
  '<': (x, y) => x < y,
  '<=': (x, y) => x <= y,
  '>': (x, y) => x > y,
  '>=': (x, y) => x >= y,
};
const realTests: Tests<number> = {
  '==': (x, y) => x === y,
  '!=': (x, y) => x !== y,
  '<': (x, y) => x < y,
  '<=': (x, y) => x <= y,
  '>': (x, y) => x > y,
  '>=': (x, y) => x >= y,
};
const tickTests: Tests<bigint> = {
  '==': (x, y) => x === y,
  '!=': (x, y) => x !== y,
  '<': (x, y) => x < y,
  '<=': (x, y) => x <= y,
  '>': (x, y) => x > y,
  '>=': (x, y) => x >= y,
};
const textTests: Tests<string> = {
  '==': (x, y) => x === y,
  '!=': (x, y) => x !== y,
  '<': (x, y) => x < y,
  '<=': (x, y) => x <= y,
  '>': (x, y) => x > y,
  '>=': (x, y) => x >= y,
};
const decimalTests: Tests<Decimal> = {
  '==': (x, y) => x.equals(y),
  '!=': (x, y) => !x.equals(y),
  '<': (x, y) => x.lessThan(y),
  '<=': (x, y) => x.lessThanOrEqualTo(y),
  '>': (x, y) => x.greaterThan(y),
  '>=': (x, y) => x.greaterThanOrEqualTo(y),
};

/** What an operator says of a null and a value. */
function besideNull(operator: ComparisonOperator): boolean | null {
  if (operator === '==') return false;
  return operator === '!=' ? true : null;
}

function tested<T>(operator: ComparisonOperator, tests: Tests<T>, first: Reader<T>, second: Reader<T>): Cell {
  const test = tests[operator];
  const oneNull = besideNull(operator);
  return (row) => {
    const x = first(row);
    const y = second(row);
    if (x === null || y === null) return x === null && y === null ? null : oneNull;
    return test(x, y);
  };
}

function textCell(operator: ComparisonOperator, left: Cells, right: Cells): Cell {
  const test = textTests[operator];
  const first = left.at;
  const second = right.at;
  const { constant } = right;
  if (constant !== undefined && operator === '==') return (row) => first(row) === constant;
  if (constant !== undefined && operator === '!=') return (row) => first(row) !== constant;
  return (row) => {
    const x = first(row);
    const y = second(row);
    return typeof x === 'string' && typeof y === 'string' && test(x, y);
  };
}

/** Numbers of two columns directly; bigints and nulls take the longer way. */
function numberCell(operator: ComparisonOperator, left: Cells, right: Cells, otherwise: Cell): Cell {
  const test = realTests[operator];
  const first = left.at;
  const second = right.at;
  return (row) => {
    const x = first(row);
    const y = second(row);
    return typeof x === 'number' && typeof y === 'number' ? test(x, y) : otherwise(row);
  };
}

function timeCell(operator: ComparisonOperator, left: Cells, right: Cells): Cell {
  const test = tickTests[operator];
  const first = left.at;
  const second = right.at;
  const oneNull = besideNull(operator);
  return (row) => {
    const x = first(row);
    const y = second(row);
    if (x instanceof Datetime && y instanceof Datetime) return test(x.ticks, y.ticks);
    if (x instanceof Timespan && y instanceof Timespan) return test(x.ticks, y.ticks);
    return x === null && y === null ? null : oneNull;
  };
}

const numberLike = (type: Type): boolean =>
  type === 'int' || type === 'long' || type === 'real' || type === 'decimal' || type === 'bool';

function refused(operator: ComparisonOperator, left: Cells, right: Cells, node: Syntax): KqlError {
  return new KqlError(
    `${node.text}: ${left.type} ${operator} ${right.type} cannot be compared; cast one side, as with tostring() or tolong()`,
    { code: 'runtime', position: node.position },
  );
}

function cellOf(operator: ComparisonOperator, left: Cells, right: Cells, node: Syntax): Cell {
  const types = [left.type, right.type].filter((type) => type !== 'dynamic');
  const [type, other] = types;
  if (type === undefined) throw refused(operator, left, right, node);
  const isDynamic = other === undefined;
  if (types.every((each) => each === 'string'))
    return isDynamic ? dynamicWithText(operator, textTests[operator], left, right) : textCell(operator, left, right);
  if (types.every((each) => each === 'datetime' || each === 'timespan') && (isDynamic || type === other))
    return isDynamic
      ? tested(operator, tickTests, asTicks(left, type), asTicks(right, type))
      : timeCell(operator, left, right);
  if (types.every((each) => each === 'bool')) return tested(operator, realTests, asBits(left), asBits(right));
  if (types.every(numberLike)) {
    if (types.includes('decimal')) return tested(operator, decimalTests, asDecimals(left), asDecimals(right));
    const exact = types.includes('real')
      ? tested(operator, realTests, asReals(left), asReals(right))
      : tested(operator, longTests, asLongs(left), asLongs(right));
    return numberCell(operator, left, right, exact);
  }
  if (types.every((each) => each === 'guid' || each === 'string'))
    return tested(operator, textTests, asGuids(left), asGuids(right));
  throw refused(operator, left, right, node);
}

/**
 * Compares cell by cell; `node` is named in errors.
 * @throws KqlError for types that Kusto does not compare, as two dynamic values.
 */
export const comparison = (operator: ComparisonOperator, left: Cells, right: Cells, node: Syntax): Cells =>
  pure([left, right], 'bool', cellOf(operator, left, right, node));

const operation =
  (operator: ComparisonOperator): Expression =>
  (node, scope) =>
    comparison(operator, scope.scalar(node.child('Left')), scope.scalar(node.child('Right')), node);

/** By kind of node. */
export const comparisons: Readonly<Record<string, Expression>> = {
  EqualExpression: operation('=='),
  NotEqualExpression: operation('!='),
  LessThanExpression: operation('<'),
  LessThanOrEqualExpression: operation('<='),
  GreaterThanExpression: operation('>'),
  GreaterThanOrEqualExpression: operation('>='),
};
