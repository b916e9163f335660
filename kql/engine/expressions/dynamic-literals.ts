/** `dynamic(…)` and the JSON inside of it. */
import { KqlError } from '../errors.ts';
import { stringLiteral } from '../language/language.ts';
import { type Syntax } from '../language/syntax.ts';
import { constant } from '../relation.ts';
import type { Expression, Scope } from '../scope.ts';
import { toBag } from '../values/json.ts';
import { Real, type Value } from '../values/types.ts';

// Inside JSON the sign belongs to the number: -9223372036854775808 is one, while its digits alone are out of range.
const smallestLong = '9223372036854775808';

function toNegative(node: Syntax, scope: Scope): Value {
  const digits = node.child('Expression');
  if (digits.kind === 'LongLiteralExpression' && digits.text === smallestLong) return -9_223_372_036_854_775_808n;
  const value = toValue(digits, scope);
  if (value instanceof Real) return new Real(-value.value);
  // Not the unary minus: 0 must not become -0.
  if (typeof value === 'number') return digits.kind === 'RealLiteralExpression' ? -value : 0 - value;
  return typeof value === 'bigint' ? -value : scope.constant(node);
}

function toReal(node: Syntax, value: Value): Value {
  if (typeof value !== 'number') return value;
  if (value === Number.POSITIVE_INFINITY && /^\d/.test(node.text))
    throw new KqlError(`the literal ${node.text} is no real: it is out of range; write a smaller number`, {
      code: 'runtime',
      position: node.position,
    });
  return Number.isInteger(value) ? new Real(value) : value;
}

const keyOf = (name: Syntax): string =>
  name.literal ?? (/^[@hH]*['"]/.test(name.text) ? stringLiteral(name.text) : name.text);

function toValue(node: Syntax, scope: Scope): Value {
  switch (node.kind) {
    case 'JsonObjectExpression':
      return toBag(node.list('Pairs').map((pair) => [keyOf(pair.child('Name')), toValue(pair.child('Value'), scope)]));
    case 'JsonArrayExpression':
      return node.list('Values').map((value) => toValue(value, scope));
    case 'RealLiteralExpression':
      return toReal(node, scope.constant(node));
    case 'UnaryMinusExpression':
      return toNegative(node, scope);
    case 'StringLiteralExpression':
    case 'CompoundStringLiteralExpression':
      return node.literal ?? '';
    case 'DynamicExpression':
      return toValue(node.child('Expression'), scope);
    default:
      return scope.constant(node);
  }
}

const dynamicLiteral: Expression = (node, scope) => constant('dynamic', toValue(node, scope));

/** By kind of node. */
export const dynamicLiterals: Readonly<Record<string, Expression>> = {
  DynamicExpression: dynamicLiteral,
  JsonObjectExpression: dynamicLiteral,
  JsonArrayExpression: dynamicLiteral,
};
