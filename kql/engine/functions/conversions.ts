/** Conversions between types, and questions about a value's type: `tolong`, `tostring`, `gettype`, `isnull`, … */
import { type Cells, constant } from '../relation.ts';
import type { ScalarFunction } from '../scope.ts';
import {
  asBool,
  asDatetime,
  asDecimal,
  asDynamic,
  asGuid,
  asInt,
  asLong,
  asReal,
  asString,
  asTimespan,
} from '../values/convert.ts';
import { formatJson, toBag } from '../values/json.ts';
import {
  Datetime,
  Decimal,
  defaultOf,
  isArray,
  isBag,
  Real,
  Timespan,
  type Type,
  type Value,
} from '../values/types.ts';
import { any, pure, real, unary } from './define.ts';
import { toDynamic } from './dynamic-values.ts';

const conversion =
  (result: Type, read: (value: Value, from: Type) => Value): ScalarFunction =>
  (args) => {
    const [cells = constant('dynamic', null)] = args;
    const { at, type } = cells;
    if (type === result && result !== 'dynamic') return cells;
    const none = defaultOf(result);
    return pure(args, result, (row) => {
      const value = at(row);
      return value === null ? none : read(value, type);
    });
  };

const smallestLong = -9_223_372_036_854_775_808n;
const isOutOfLong = (value: Value): boolean =>
  typeof value === 'number' && Number.isFinite(value) && (value >= 2 ** 63 || value < -(2 ** 63));

const longs = conversion('long', asLong);
// Over columns the engine saturates; what it folds before running goes through the processor's cast, which gives the
// smallest long for everything out of range (measured: tolong(todouble(9223372036854775807)), as print and as column).
const tolong: ScalarFunction = (args, site) => {
  const [cells] = args;
  const folded = cells?.type === 'real' && cells.constant !== undefined && isOutOfLong(cells.constant);
  return folded ? constant('long', smallestLong) : longs(args, site);
};

const dynamics = conversion('dynamic', (value, from) =>
  typeof value === 'string' && from !== 'guid' ? asDynamic(value) : toDynamic(value, from),
);

const sorted = (value: Value): Value => {
  if (isArray(value)) return value.map(sorted);
  if (!isBag(value)) return value;
  return toBag(
    Object.entries(value)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, item]): [string, Value] => [key, sorted(item)]),
  );
};

function dynamicTypeOf(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'long';
  if (typeof value === 'number') return Number.isInteger(value) ? 'long' : 'double';
  if (value instanceof Real) return 'double';
  if (value instanceof Decimal) return 'decimal';
  if (value instanceof Datetime) return 'datetime';
  if (value instanceof Timespan) return 'timespan';
  return isArray(value) ? 'array' : 'dictionary';
}

const gettype: ScalarFunction = (args) => {
  const [cells = constant('dynamic', null)] = args;
  if (cells.type !== 'dynamic') return constant('string', cells.type);
  return pure(args, 'string', (row) => dynamicTypeOf(cells.at(row)));
};

const isEmpty = (value: Value): boolean => value === null || value === '';

const test = (holds: (value: Value) => boolean): ScalarFunction => unary(any, 'bool', (value) => holds(value));
const toReal = conversion('real', asReal);
const toBool = conversion('bool', asBool);
const toTimespan = conversion('timespan', asTimespan);
const isNotNull = test((value) => value !== null);
const isNotEmpty = test((value) => !isEmpty(value));

function sizeOf(value: Value): number {
  if (value === null) return 0;
  if (typeof value === 'string') return Buffer.byteLength(value);
  return isArray(value) || isBag(value) ? Buffer.byteLength(formatJson(value)) : 8;
}

/** Functions that convert and that ask for types and nulls. */
export const conversions: Readonly<Record<string, ScalarFunction>> = {
  tostring: conversion('string', asString),
  tolong,
  toint: conversion('int', asInt),
  toreal: toReal,
  todouble: toReal,
  todecimal: conversion('decimal', asDecimal),
  tobool: toBool,
  toboolean: toBool,
  todatetime: conversion('datetime', asDatetime),
  totimespan: toTimespan,
  totime: toTimespan,
  toguid: conversion('guid', asGuid),
  todynamic: dynamics,
  parse_json: dynamics,
  parsejson: dynamics,
  toobject: dynamics,
  dynamic_to_json: conversion('string', (value, from) => formatJson(sorted(toDynamic(value, from)))),
  gettype,
  isnull: test((value) => value === null),
  isnotnull: isNotNull,
  notnull: isNotNull,
  isempty: test(isEmpty),
  isnotempty: isNotEmpty,
  notempty: isNotEmpty,
  isnan: unary(real, 'bool', Number.isNaN),
  isinf: unary(real, 'bool', (value) => Math.abs(value) === Number.POSITIVE_INFINITY),
  isfinite: unary(real, 'bool', Number.isFinite),
  estimate_data_size: (args: readonly Cells[]) =>
    pure(args, 'long', (row) => args.reduce((sum, { at }) => sum + sizeOf(at(row)), 0)),
};
