/** Functions that make, measure and change text. */
import type { ScalarFunction, Site } from '../scope.ts';
import { asString } from '../values/convert.ts';
import { isArray, type Value } from '../values/types.ts';
import { codePointLength, isSimple, toCodePoints } from './code-points.ts';
import { any, array, binary, integer, optional, ternary, text, unary, variadic } from './define.ts';

function substring(source: string, start: number, length: number): string {
  const size = codePointLength(source);
  const first = start < 0 ? size + start : start;
  if (first < 0 || length <= 0) return '';
  return isSimple(source)
    ? source.slice(first, first + length)
    : toCodePoints(source)
        .slice(first, first + length)
        .join('');
}

/** Earlier look-ups claim their places first; what was put in is not looked at again. */
function replaceStrings(source: string, lookups: readonly Value[], rewrites: Value, { scope }: Site): string {
  let pieces: readonly { readonly text: string; readonly final: boolean }[] = [{ text: source, final: false }];
  for (const [index, lookup] of lookups.entries()) {
    const sought = asString(lookup);
    scope.run.budget.visit(pieces.length + Math.floor(source.length / 64));
    if (sought === '') continue;
    const rewrite = isArray(rewrites) ? rewrites[index] : asString(rewrites);
    const put = { text: typeof rewrite === 'string' ? rewrite : sought, final: true };
    pieces = pieces.flatMap((piece) => {
      if (piece.final || !piece.text.includes(sought)) return [piece];
      return piece.text
        .split(sought)
        .flatMap((part, at) => (at === 0 ? [{ text: part, final: false }] : [put, { text: part, final: false }]));
    });
  }
  return pieces.map((piece) => piece.text).join('');
}

function translate(searched: string, replacements: string, source: string): string {
  const from = toCodePoints(searched);
  const to = toCodePoints(replacements);
  let translated = '';
  for (const character of source) {
    const index = from.indexOf(character);
    translated += index < 0 ? character : (to[Math.min(index, to.length - 1)] ?? '');
  }
  return translated;
}

// "multiplier: up to 1024", learn.microsoft.com/kusto/query/strrep-function
const longestRepeat = 1024;

export const stringFunctions: Readonly<Record<string, ScalarFunction>> = {
  strlen: unary(text, 'long', codePointLength),
  /** Bytes in UTF-8. */
  string_size: unary(text, 'long', (source) => Buffer.byteLength(source)),
  tolower: unary(text, 'string', (source) => source.toLowerCase()),
  toupper: unary(text, 'string', (source) => source.toUpperCase()),
  substring: ternary(text, integer, optional(integer, Number.MAX_SAFE_INTEGER), 'string', substring),
  reverse: unary(text, 'string', (source) => toCodePoints(source).toReversed().join('')),
  strcat: variadic(any, 'string', (values, _site, types) => {
    let joined = '';
    for (const [index, value] of values.entries()) joined += asString(value, types[index]);
    return joined;
  }),
  strcat_delim: variadic(any, 'string', ([delimiter = '', ...values], _site, [type, ...types]) =>
    values.map((value, index) => asString(value, types[index])).join(asString(delimiter, type)),
  ),
  strcat_array: binary(array, text, 'string', (values, delimiter) =>
    values.map((value) => asString(value)).join(delimiter),
  ),
  strrep: ternary(text, integer, optional(text, ''), 'string', (source, times, delimiter) =>
    Array.from({ length: Math.max(0, Math.min(longestRepeat, times)) }, () => source).join(delimiter),
  ),
  strcmp: binary(text, text, 'long', (left, right) => (left < right ? -1 : left > right ? 1 : 0)),
  replace_string: ternary(text, text, text, 'string', (source, lookup, rewrite) =>
    lookup === '' ? source : source.replaceAll(lookup, () => rewrite),
  ),
  replace_strings: ternary(text, array, any, 'string', replaceStrings),
  translate: ternary(text, text, text, 'string', translate),
  /** With an index, an array of that part alone; null where there is none. */
  split: ternary(text, text, optional(any, -1n), 'dynamic', (source, delimiter, index) => {
    const parts = delimiter === '' ? [source] : source.split(delimiter);
    if (index === -1n) return parts;
    const part = typeof index === 'number' ? parts[index] : undefined;
    return part === undefined ? null : [part];
  }),
  isascii: unary(text, 'bool', (source) => Buffer.byteLength(source) === source.length),
  isutf8: unary(text, 'bool', (source) => source.isWellFormed()),
};
