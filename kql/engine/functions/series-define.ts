/** How series functions are defined: parameters that read series, and functions that yield several columns. */
import { KqlError } from '../errors.ts';
import type { Column } from '../relation.ts';
import { remembered } from '../relation.ts';
import type { ScalarFunction, Site } from '../scope.ts';
import { type Series, toFinite, toSeries } from '../series/elements.ts';
import { asReal, asString } from '../values/convert.ts';
import { isArray, type Type, type Value } from '../values/types.ts';
import { type Parameter, parameter, pure } from './define.ts';

/** A series whose elements may be null. */
export const series: Parameter<Series> = {
  reader:
    ({ at }) =>
    (row) =>
      toSeries(at(row)) ?? undefined,
};

/**
 * A series of finite numbers only. A null or NaN in it makes the result null: Kusto's documentation says that only
 * `series_outliers` and the fill functions take nulls.
 */
export const finite: Parameter<readonly number[]> = {
  reader:
    ({ at }) =>
    (row) =>
      toFinite(at(row)) ?? undefined,
};

/** A number from a cell; null where it is none. */
export const number: Parameter<number> = parameter(asReal);

/** A number argument of a row; the fallback where it is left out or null. */
export const numberOr = (value: Value | undefined, fallback: number): number =>
  value === undefined || value === null ? fallback : (asReal(value) ?? fallback);

/** One of the words that an argument may be; the first where it is left out. @throws KqlError for others */
export function wordOf<Word extends string>(
  value: Value | undefined,
  words: readonly [Word, ...Word[]],
  site: Site,
): Word {
  if (value === undefined || value === null || value === '') return words[0];
  const word = words.find((known) => known === value);
  if (word === undefined)
    throw new KqlError(`${site.name}: '${asString(value)}' is none of ${words.join(', ')}`, {
      code: 'runtime',
      position: site.node.position,
    });
  return word;
}

/** A column that a function yields: `series_stats_x_min` has the part `min`. */
export interface Part {
  readonly name: string;
  readonly type: Type;
}

/** Parts of one type. */
export const parts = (type: Type, ...names: readonly string[]): readonly Part[] =>
  names.map((name) => ({ name, type }));

/** A function that yields several columns, all null where the body gives null. It runs once per row. */
export function tuple(
  of: readonly Part[],
  body: (args: readonly Value[], site: Site) => readonly Value[] | null,
): ScalarFunction {
  return (args, site) => {
    const results = remembered(
      pure(args, 'dynamic', (row) =>
        body(
          args.map(({ at }) => at(row)),
          site,
        ),
      ),
      site.scope.relation.length,
    );
    const [first] = site.node.child('ArgumentList').list('Expressions');
    const prefix = `${site.name}_${first?.resultName ?? ''}_`;
    const columns: readonly Column[] = of.map(({ name, type }, index) => ({
      name: `${prefix}${name}`,
      type,
      at: (row) => {
        const result = results.at(row);
        return isArray(result) ? (result[index] ?? null) : null;
      },
    }));
    return { type: of[0]?.type ?? 'dynamic', at: (row) => columns[0]?.at(row) ?? null, tuple: columns };
  };
}
