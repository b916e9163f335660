/** Functions that find text in text: by place, by number, by list. */
import { KqlError } from '../errors.ts';
import { regularExpression } from '../regular-expression.ts';
import type { ScalarFunction, Site } from '../scope.ts';
import { hasTerm } from '../terms.ts';
import { asLong, asString } from '../values/convert.ts';
import type { Type, Value } from '../values/types.ts';
import { toCodePointIndex, toUnitIndex } from './code-points.ts';
import { any, array, binary, optional, ternary, text, variadic } from './define.ts';

interface Search {
  readonly source: string;
  readonly sought: string;
  readonly start: number;
  readonly length: number;
  readonly occurrence: number;
}

/** `indexof(source, sought [, start [, length [, occurrence]]])`; null for arguments that make no sense. */
const searching = (find: (search: Search) => number | null): ScalarFunction =>
  variadic(
    any,
    'long',
    ([source = '', sought = '', start = 0, length = -1, occurrence = 1], _site, types: readonly Type[]) => {
      const [from, size, times] = [start, length, occurrence].map(asLong);
      if (from === null || size === null || times === null) return null;
      const search = {
        source: asString(source, types[0]),
        sought: asString(sought, types[1]),
        start: Number(from),
        length: Number(size),
        occurrence: Number(times),
      };
      return search.length < -1 || search.occurrence < 1 ? null : find(search);
    },
  );

/** Occurrences may overlap. The length bounds where one begins, not where it ends: measured, not as documented. */
function indexOf({ source, sought, start, length, occurrence }: Search): number | null {
  if (sought === '') return null;
  const units = toUnitIndex(source, start < 0 ? Math.max(0, toCodePointIndex(source, source.length) + start) : start);
  const end = length < 0 ? source.length : units + length;
  let found = units - 1;
  for (let left = occurrence; left > 0; left -= 1) {
    found = source.indexOf(sought, found + 1);
    if (found < 0 || found > end) return -1;
  }
  return toCodePointIndex(source, found);
}

/** Occurrences do not overlap. */
function indexOfRegex({ source, sought, start, length, occurrence }: Search): number | null {
  if (start < 0) return null;
  const searched = length < 0 ? source : source.slice(0, toUnitIndex(source, start + length));
  const expression = regularExpression(sought);
  let from = toUnitIndex(source, start);
  for (let left = occurrence; ; left -= 1) {
    const match = expression.first(searched, from);
    if (match === null) return -1;
    if (left === 1) return toCodePointIndex(source, match.index);
    from = match.index + Math.max(1, match.length);
  }
}

/** Overlapping occurrences. */
function countOf(source: string, sought: string): number {
  if (sought === '') return 0;
  let count = 0;
  for (let at = source.indexOf(sought); at >= 0; at = source.indexOf(sought, at + 1)) count += 1;
  return count;
}

function countOfKind(source: string, sought: string, kind: string, site: Site): number {
  if (kind === 'normal') return countOf(source, sought);
  if (kind === 'regex') return regularExpression(sought).all(source).length;
  throw new KqlError(`countof: the kind is 'normal' or 'regex', not '${kind}'`, {
    code: 'runtime',
    position: site.node.position,
  });
}

const lowerTerms = new WeakMap<readonly Value[], readonly string[]>();

function termsOf(values: readonly Value[]): readonly string[] {
  const known = lowerTerms.get(values) ?? values.map((value) => asString(value).toLowerCase());
  lowerTerms.set(values, known);
  return known;
}

export const stringSearchFunctions: Readonly<Record<string, ScalarFunction>> = {
  indexof: searching(indexOf),
  indexof_regex: searching(indexOfRegex),
  countof: ternary(text, text, optional(text, 'normal'), 'long', countOfKind),
  /** The first value of the array that the text has as a term; -1 for none. */
  has_any_index: binary(text, array, 'long', (source, values, { scope }) => {
    const lower = source.toLowerCase();
    return termsOf(values).findIndex((term) => {
      scope.run.budget.visit(1 + Math.floor(lower.length / 64));
      return hasTerm(lower, term);
    });
  }),
};
