/**
 * How scalar functions are defined: parameters that know how to read a cell, a result type, and a body over plain
 * values. A null argument makes the result null ('' for strings), unless the parameter takes nulls.
 */
import { KqlError } from '../errors.ts';
import type { Cells } from '../relation.ts';
import type { ScalarFunction, Site } from '../scope.ts';
import { asBool, asDatetime, asDecimal, asDynamic, asLong, asReal, asString, asTimespan } from '../values/convert.ts';
import type { Long } from '../values/numbers.ts';
import {
  type Bag,
  type Datetime,
  type Decimal,
  defaultOf,
  isArray,
  isBag,
  type Timespan,
  type Type,
  type Value,
} from '../values/types.ts';

/** Reads an argument of a row as the body wants it; undefined makes the result null. */
type Reader<A> = (row: number) => A | undefined;

/** A parameter of a function. */
export interface Parameter<A> {
  readonly reader: (cells: Cells, site: Site) => Reader<A>;
  /** The value where the argument is left out; undefined for parameters that must be given. */
  readonly absent?: A;
}

/** A parameter from a conversion that gives null for what it cannot read. */
export const parameter = <A extends Value>(convert: (value: Value, type: Type) => A | null): Parameter<A> => ({
  reader: ({ at, type }) => {
    return (row) => convert(at(row), type) ?? undefined;
  },
});

/** Text; null is '', a dynamic value is turned into text. */
export const text: Parameter<string> = {
  reader: ({ at, type }) =>
    type === 'string'
      ? (row) => {
          const value = at(row);
          return typeof value === 'string' ? value : asString(value, type);
        }
      : (row) => asString(at(row), type),
};
/** A 64-bit integer. */
export const long: Parameter<Long> = parameter(asLong);
/** An integer that a JavaScript number holds: counts, indices. */
export const integer: Parameter<number> = parameter((value) => {
  const number = asLong(value);
  return number === null ? null : Number(number);
});
export const real: Parameter<number> = parameter(asReal);
export const decimal: Parameter<Decimal> = parameter(asDecimal);
export const bool: Parameter<boolean> = parameter(asBool);
export const datetime: Parameter<Datetime> = parameter(asDatetime);
export const timespan: Parameter<Timespan> = parameter(asTimespan);
/** An array; null where it is none. Text is read as JSON only if it is of type dynamic already. */
export const array: Parameter<readonly Value[]> = {
  reader:
    ({ at }) =>
    (row) => {
      const value = at(row);
      return isArray(value) ? value : undefined;
    },
};
/** A bag; null where it is none. */
export const bag: Parameter<Bag> = {
  reader:
    ({ at }) =>
    (row) => {
      const value = at(row);
      return isBag(value) ? value : undefined;
    },
};
/** Any value but null. */
export const present: Parameter<Exclude<Value, null>> = {
  reader:
    ({ at }) =>
    (row) =>
      at(row) ?? undefined,
};
/** Any value, null too. */
export const any: Parameter<Value> = { reader: ({ at }) => at };
/** Any value; text is read as JSON where it is JSON. */
export const json: Parameter<Value> = {
  reader:
    ({ at }) =>
    (row) =>
      asDynamic(at(row)),
};

/** A parameter that may be left out. */
export const optional = <A>(of: Parameter<A>, absent: A): Parameter<A> => ({ ...of, absent });

/** The type of results, where it depends on the arguments'. */
export type ResultType = Type | ((types: readonly Type[], site: Site) => Type);

function readerOf<A>(parameter: Parameter<A>, args: readonly Cells[], index: number, site: Site): Reader<A> {
  const cells = args[index];
  if (cells !== undefined) return parameter.reader(cells, site);
  const { absent } = parameter;
  if (absent !== undefined) return () => absent;
  throw new KqlError(`${site.name}: argument ${index + 1} is missing`, {
    code: 'runtime',
    position: site.node.position,
  });
}

/** Cells of a pure function: computed at once where all arguments are constant. */
export function pure(args: readonly Cells[], type: Type, at: (row: number) => Value): Cells {
  if (!args.every((cells) => cells.constant !== undefined)) return { type, at };
  const value = at(0);
  return { type, constant: value, at: () => value };
}

const typeOf = (result: ResultType, args: readonly Cells[], site: Site): Type =>
  typeof result === 'string'
    ? result
    : result(
        args.map(({ type }) => type),
        site,
      );

export function nullary(result: Type, body: (site: Site) => Value): ScalarFunction {
  return (args, site) => pure(args, result, () => body(site));
}

export function unary<A>(a: Parameter<A>, result: ResultType, body: (a: A, site: Site) => Value): ScalarFunction {
  return (args, site) => {
    const type = typeOf(result, args, site);
    const none = defaultOf(type);
    const readA = readerOf(a, args, 0, site);
    return pure(args, type, (row) => {
      const first = readA(row);
      return first === undefined ? none : body(first, site);
    });
  };
}

export function binary<A, B>(
  a: Parameter<A>,
  b: Parameter<B>,
  result: ResultType,
  body: (a: A, b: B, site: Site) => Value,
): ScalarFunction {
  return (args, site) => {
    const type = typeOf(result, args, site);
    const none = defaultOf(type);
    const readA = readerOf(a, args, 0, site);
    const readB = readerOf(b, args, 1, site);
    return pure(args, type, (row) => {
      const first = readA(row);
      const second = readB(row);
      return first === undefined || second === undefined ? none : body(first, second, site);
    });
  };
}

export function ternary<A, B, C>(
  a: Parameter<A>,
  b: Parameter<B>,
  c: Parameter<C>,
  result: ResultType,
  body: (a: A, b: B, c: C, site: Site) => Value,
): ScalarFunction {
  return (args, site) => {
    const type = typeOf(result, args, site);
    const none = defaultOf(type);
    const readA = readerOf(a, args, 0, site);
    const readB = readerOf(b, args, 1, site);
    const readC = readerOf(c, args, 2, site);
    return pure(args, type, (row) => {
      const first = readA(row);
      const second = readB(row);
      const third = readC(row);
      return first === undefined || second === undefined || third === undefined
        ? none
        : body(first, second, third, site);
    });
  };
}

/** A function of any number of arguments of one kind (also the way to four and more parameters of different kinds). */
export function variadic<A>(
  each: Parameter<A>,
  result: ResultType,
  body: (args: readonly A[], site: Site, types: readonly Type[]) => Value,
): ScalarFunction {
  return (args, site) => {
    const type = typeOf(result, args, site);
    const types = args.map((cells) => cells.type);
    const none = defaultOf(type);
    const readers = args.map((cells) => each.reader(cells, site));
    return pure(args, type, (row) => {
      const values: A[] = [];
      for (const read of readers) {
        const value = read(row);
        if (value === undefined) return none;
        values.push(value);
      }
      return body(values, site, types);
    });
  };
}
