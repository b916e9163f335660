import { assert, bigInt, constantFrom, date, double, integer, json, oneof, property, string as text } from 'fast-check';
import { expect, test } from 'vitest';
import { type Type, types, type Value } from '../../../kql/engine/values/types.ts';
import { asString } from '../../../kql/engine/values/convert.ts';
import { columnBuilder, toCell } from '../../../workspace/column-store.ts';

/** A column whose rows are JSON texts; undefined leaves a row out. */
function column(type: Type, texts: readonly (string | undefined)[]): Value[] {
  const { set, at } = columnBuilder(type);
  for (const [row, text] of texts.entries()) {
    if (text === undefined) continue;
    const bytes = Buffer.from(`[${text}]`);
    set(row, bytes, 1, bytes.length - 1);
  }
  return texts.map((_, row) => at(row));
}

const printed = (type: Type, text: string): string | null => {
  const [value = null] = column(type, [text]);
  return value === null ? null : asString(value, type);
};

test.for<[type: Type, text: string, value: string | null]>([
  ['string', '"plain"', 'plain'],
  ['string', '""', ''],
  ['string', 'null', ''],
  [
    'string',
    String.raw`"quote \" backslash \\ slash \/ line \n unicode é"`,
    'quote " backslash \\ slash / line \n unicode é',
  ],
  ['string', String.raw`"😀"`, '😀'],
  ['string', '"Zoë 日本 😀"', 'Zoë 日本 😀'],
  ['long', '42', '42'],
  ['long', '-7', '-7'],
  ['long', '0', '0'],
  ['long', '9007199254740993', '9007199254740993'],
  ['long', '9223372036854775807', '9223372036854775807'],
  ['long', '1.5', null],
  ['long', '"many"', null],
  ['long', 'true', null],
  ['long', '{"a":1}', null],
  ['long', '[1]', null],
  ['long', 'null', null],
  ['int', '3', '3'],
  ['real', '1.5', '1.5'],
  ['real', '2', '2.0'],
  ['real', '"much"', null],
  ['bool', 'true', 'True'],
  ['bool', 'false', 'False'],
  ['bool', '"maybe"', null],
  ['datetime', '"2026-11-20T12:34:56.789Z"', '2026-11-20T12:34:56.7890000Z'],
  ['datetime', '"1970-01-01T00:00:00Z"', '1970-01-01T00:00:00.0000000Z'],
  ['datetime', '"0001-01-01T00:00:00Z"', '0001-01-01T00:00:00.0000000Z'],
  ['datetime', '"9999-12-31T23:59:59.9999999Z"', '9999-12-31T23:59:59.9999999Z'],
  ['datetime', '"2026-02-28T23:59:59.999Z"', '2026-02-28T23:59:59.9990000Z'],
  ['datetime', '"2028-02-29T00:00:00.000Z"', '2028-02-29T00:00:00.0000000Z'],
  ['datetime', '"2026-02-29T00:00:00.000Z"', null],
  ['datetime', '"2026-13-01T00:00:00.000Z"', null],
  ['datetime', '"2026-01-00T00:00:00.000Z"', null],
  ['datetime', '"2026-01-01T24:00:00.000Z"', null],
  ['datetime', '"2026-01-01T00:60:00.000Z"', null],
  ['datetime', '"2026-01-1/T00:00:00.000Z"', null],
  ['datetime', '"1970-01-01T00:00:00.000Z"', '1970-01-01T00:00:00.0000000Z'],
  ['datetime', '"0999-01-01T00:00:00.000Z"', '0999-01-01T00:00:00.0000000Z'],
  ['datetime', '"2026-01-01T02:00:00+02:00"', '2026-01-01T00:00:00.0000000Z'],
  ['datetime', String.raw`"2026-01-01T02:00:00\u002B02:00"`, '2026-01-01T00:00:00.0000000Z'],
  ['datetime', String.raw`"2026\u002D01-01"`, '2026-01-01T00:00:00.0000000Z'],
  ['datetime', String.raw`"\u0073oon"`, null],
  ['datetime', '"soon"', null],
  ['int', '3000000000', null],
  ['long', '9223372036854775808', null],
  ['long', '-9223372036854775808', '-9223372036854775808'],
  ['real', '"nan"', 'NaN'],
  ['datetime', '1763600000', null],
  ['datetime', 'null', null],
  ['timespan', '"01:30:00"', '01:30:00'],
  ['guid', '"0A0A0A0A-0000-4000-8000-00000000B1B1"', '0a0a0a0a-0000-4000-8000-00000000b1b1'],
  ['guid', '"no guid"', null],
])('a %s column holds %s as %s', ([type, text, value]) => {
  expect(printed(type, text)).toBe(value);
});

test.for<[type: Type, absent: Value]>([
  ['string', ''],
  ['long', null],
  ['real', null],
  ['bool', null],
  ['datetime', null],
  ['guid', null],
])('a row of a %s column that was left out is %s, wherever it stands', ([type, absent]) => {
  const value: Record<string, string> = { string: '"x"', bool: 'true', datetime: '"2026-01-01T00:00:00Z"' };
  const text = type === 'guid' ? '"0a0a0a0a-0000-4000-8000-00000000b1b1"' : (value[type] ?? '5');
  const values = column(type, [undefined, text, undefined, ...Array.from({ length: 3000 }, () => undefined), text]);
  expect(values[0]).toBe(absent);
  expect(values[1]).not.toBe(absent);
  expect(values.slice(2, -1).every((each) => each === absent)).toBe(true);
  expect(values.at(-1)).toStrictEqual(values[1]);
});

test.for<[type: Type, first: string, second: string, value: string | null]>([
  ['long', '5', 'null', null],
  ['long', '9007199254740993', '5', '5'],
  ['long', '9007199254740993', 'null', null],
  ['long', '5', '9007199254740993', '9007199254740993'],
  ['datetime', '"2026-01-01T00:00:00Z"', 'null', null],
  ['string', '"a"', 'null', ''],
  ['bool', 'true', 'false', 'False'],
])('a value of a %s column that is set again is the later one: %s, then %s', ([type, first, second, expected]) => {
  const { set, at } = columnBuilder(type);
  for (const text of [first, second]) set(0, Buffer.from(text), 0, Buffer.byteLength(text));
  const value = at(0);
  expect(value === null ? null : asString(value, type)).toBe(expected);
});

test('a text that reads like another JSON value is not taken for it', () => {
  expect(column('string', ['null', '"null"', '7', '"7"', String.raw`"\n"`, '"n"'])).toStrictEqual([
    '',
    'null',
    '7',
    '7',
    '\n',
    'n',
  ]);
});

/** JSON of a text with the marks of times and numbers as escapes. */
const escaped = (value: string): string =>
  JSON.stringify(value).replaceAll(/[+/:TZ-]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
const texts = oneof(
  text(),
  date({ noInvalidDate: true }).map((at) => at.toISOString()),
  date({ noInvalidDate: true }).map((at) => at.toISOString().replace('Z', '+02:00')),
  constantFrom('', 'nan', 'inf', '-inf', 'true', 'FALSE', '0x1F', '1.5', '1e400', '-0', '12', '01:30:00', '1.02:03:04'),
  constantFrom('0A0A0A0A-0000-4000-8000-00000000B1B1', '3000000000', '9223372036854775808', '9007199254740993', 'soon'),
);
const jsonTexts = oneof(
  texts.map((value) => JSON.stringify(value)),
  texts.map(escaped),
  json(),
  integer().map(String),
  double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String),
  constantFrom('null', 'true', 'false', '1.0', '1e3', '-0', '-0.0', '1e400', '[1]', '{"a":1}'),
);

test('a value is the same in a column that is decoded and in one that is read from its line', () => {
  // Dynamic columns are not decoded.
  const decoded = types.filter((type) => type !== 'dynamic');
  assert(
    property(constantFrom(...decoded), jsonTexts, (type, line) => {
      expect(column(type, [line])).toStrictEqual([toCell(line, type)]);
    }),
    { numRuns: 3000 },
  );
});
