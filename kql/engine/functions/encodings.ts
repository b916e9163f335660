/** Functions between text and its encodings for addresses, code points and hexadecimal digits. */
import type { ScalarFunction } from '../scope.ts';
import { asLong } from '../values/convert.ts';
import { toBigInt } from '../values/numbers.ts';
import { isArray, type Value } from '../values/types.ts';
import { fromUtf8 } from './base64.ts';
import { toCodePoints } from './code-points.ts';
import { any, text, unary, variadic } from './define.ts';

/** As Kusto writes it: lower-case digits. */
const urlEncode = (source: string, blank: string): string =>
  encodeURIComponent(source.toWellFormed()).replace(/%[0-9A-F]{2}/g, (escape) =>
    escape === '%20' ? blank : escape.toLowerCase(),
  );

/** Escapes that are no UTF-8 stay as they are. */
const urlDecode = (source: string): string =>
  source.replace(
    /(?:%[0-9a-f]{2})+/gi,
    (escapes) => fromUtf8(Buffer.from(escapes.replaceAll('%', ''), 'hex')) ?? escapes,
  );

const toNumbers = (source: string): readonly number[] =>
  toCodePoints(source).map((character) => character.codePointAt(0) ?? 0);

/** Numbers and arrays of numbers; '' where one is no code point. */
function fromNumbers(values: readonly Value[]): string {
  let made = '';
  for (const value of values.flatMap((each) => (isArray(each) ? each : [each]))) {
    const number = Number(asLong(value) ?? -1);
    if (number < 0 || number > 0x10_ffff) return '';
    made += String.fromCodePoint(number);
  }
  return made;
}

const fromCodePoints = variadic(any, 'string', fromNumbers);
const toCodePointNumbers = unary(text, 'dynamic', toNumbers);

export const encodingFunctions: Readonly<Record<string, ScalarFunction>> = {
  url_encode: unary(text, 'string', (source) => urlEncode(source, '+')),
  url_encode_component: unary(text, 'string', (source) => urlEncode(source, '%20')),
  url_decode: unary(text, 'string', urlDecode),
  /** `tohex(value [, digits])`: two's complement of 32 bits for an int, of 64 for others. */
  tohex: variadic(any, 'string', ([value = null, digits], _site, [type]) => {
    const number = asLong(value);
    if (number === null) return '';
    const hex = BigInt.asUintN(type === 'int' ? 32 : 64, toBigInt(number)).toString(16);
    return hex.padStart(Number(asLong(digits ?? 0) ?? 0), '0');
  }),
  unicode_codepoints_from_string: toCodePointNumbers,
  to_utf8: toCodePointNumbers,
  unicode_codepoints_to_string: fromCodePoints,
  make_string: fromCodePoints,
};
