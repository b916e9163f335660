/** Literals of scalar types. Literals of dynamic values are in dynamic-literals.ts. */
import { KqlError, UnsupportedError } from '../errors.ts';
import { stringLiteral } from '../language/language.ts';
import { type Syntax } from '../language/syntax.ts';
import { toType, type Type, type Value } from '../values/types.ts';
import { constant } from '../relation.ts';
import type { Expression } from '../scope.ts';
import { asBool, asDecimal, asGuid, asInt, asLong, asReal } from '../values/convert.ts';
import { parseDatetime } from '../values/datetime.ts';
import { toLong } from '../values/numbers.ts';
import { parseTimespan } from '../values/timespan.ts';
import { isSearchTerm, searchTerm } from './search.ts';

const wrapped = /^[a-z]+\s*\(\s*([\s\S]*?)\s*\)$/i;

/** What stands between the parentheses of `long(5)`, or all of `5`; quotes are taken off. */
function innerText(node: Syntax): string {
  const inner = wrapped.exec(node.text)?.[1] ?? node.text;
  return /^['"]/.test(inner) ? stringLiteral(inner) : inner;
}

const outOfRange = (node: Syntax, type: Type): KqlError =>
  new KqlError(`the literal ${node.text} is no ${type}: it is out of range; write it as real or decimal`, {
    code: 'runtime',
    position: node.position,
  });

// Hexadecimal digits beyond the sign bit are the number's bits.
function toLongLiteral(text: string): Value {
  return /^0x[0-9a-f]{1,16}$/i.test(text) ? toLong(BigInt(text)) : asLong(text);
}

/** A literal that must be readable: the engine refuses numbers that its type cannot hold. */
function numberLiteral(type: Type, parse: (text: string) => Value): Expression {
  return (node) => {
    const text = innerText(node);
    if (text === 'null') return constant(type, null);
    const value = parse(text);
    if (value === null) throw outOfRange(node, type);
    return constant(type, value);
  };
}

/** A literal where text that does not parse is null. */
function nullableLiteral(type: Type, parse: (text: string) => Value): Expression {
  return (node) => {
    const text = innerText(node);
    return constant(type, text === 'null' || text === '' ? null : parse(text));
  };
}

// datetime(2020,1,2)
const withCommas = /^(\d+)\s*,\s*(\d+)\s*,\s*(\d+)$/;

const text: Expression = (node, scope) => {
  if (node.literal === undefined) throw new UnsupportedError(`the string literal ${node.text}`, node.position);
  if (scope.search !== undefined && isSearchTerm(node)) return searchTerm(node.literal, scope.relation, scope.search);
  return constant('string', node.literal);
};

/** `typeof(long)` is the name of the type. */
const typeLiteral: Expression = (node) => {
  const name = innerText(node);
  const type = toType(name);
  if (type === undefined) throw new UnsupportedError(`typeof(${name})`, node.position);
  return constant('string', type);
};

/** By kind of node. */
export const literals: Readonly<Record<string, Expression>> = {
  LongLiteralExpression: numberLiteral('long', toLongLiteral),
  IntLiteralExpression: numberLiteral('int', asInt),
  RealLiteralExpression: numberLiteral('real', asReal),
  DecimalLiteralExpression: numberLiteral('decimal', asDecimal),
  BooleanLiteralExpression: nullableLiteral('bool', asBool),
  DateTimeLiteralExpression: nullableLiteral('datetime', (given) =>
    parseDatetime(given.replace(withCommas, '$1-$2-$3')),
  ),
  TimespanLiteralExpression: nullableLiteral('timespan', parseTimespan),
  GuidLiteralExpression: nullableLiteral('guid', asGuid),
  StringLiteralExpression: text,
  CompoundStringLiteralExpression: text,
  TypeOfLiteralExpression: typeLiteral,
  NullLiteralExpression: () => constant('dynamic', null),
};
