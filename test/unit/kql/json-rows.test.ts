import { describe, expect, test } from 'vitest';
import { fromJson, fromJsonRows } from '../../../kql/engine/json-rows.ts';
import { rowOf } from '../../../kql/engine/relation.ts';
import { asString } from '../../../kql/engine/values/convert.ts';
import { parseJson } from '../../../kql/engine/values/json.ts';
import { Real } from '../../../kql/engine/values/types.ts';

describe('a JSON value in a column', () => {
  test.for([
    ['text', 'datetime', '2026-11-20T12:00:00Z', '2026-11-20T12:00:00.0000000Z'],
    ['text that is no time', 'datetime', 'yesterday', null],
    ['a number as a time', 'datetime', 5, null],
    ['a number', 'long', 5, '5'],
    ['a fraction in a long', 'long', 1.5, null],
    ['text of a number', 'long', '12', '12'],
    ['the largest int', 'int', 2_147_483_647, '2147483647'],
    ['the smallest int', 'int', -2_147_483_648, '-2147483648'],
    ['a number above all ints', 'int', 3_000_000_000, null],
    ['a number below all ints', 'int', -2_147_483_649, null],
    ['a long in an int', 'int', 9_007_199_254_740_993n, null],
    ['text of a number above all ints', 'int', '3000000000', null],
    ['the largest long', 'long', 9_223_372_036_854_775_807n, '9223372036854775807'],
    ['a number above all longs', 'long', 2 ** 63, null],
    ['a number above all longs, as JSON gives it', 'long', parseJson('9223372036854775808'), null],
    ['text of a number above all longs', 'long', '9223372036854775808', null],
    ['a number below all longs', 'long', -(2 ** 64), null],
    ['a whole number that is written with a point', 'long', new Real(2), '2'],
    ['a fraction in a real', 'real', 1.5, '1.5'],
    ['an object in a number', 'real', { a: 1 }, null],
    ['an array in a bool', 'bool', [true], null],
    ['a bool', 'bool', true, 'true'],
    ['a bool in a long', 'long', true, null],
    ['text of a bool', 'bool', 'TRUE', 'true'],
    ['an object in text', 'string', { a: 1 }, '{"a":1}'],
    ['nothing in text', 'string', null, ''],
    ['nothing in dynamic', 'dynamic', null, null],
    ['text in dynamic, even of JSON', 'dynamic', '{"a":1}', '{"a":1}'],
    ['a guid', 'guid', '74BE27DE-1E4E-49D9-B579-FE0B331D3642', '74be27de-1e4e-49d9-b579-fe0b331d3642'],
  ] as const)('%s: %s', ([, type, value, expected]) => {
    const found = fromJson(value, type);
    expect(found === null ? null : asString(found)).toBe(expected);
  });
});

describe('a table of JSON rows', () => {
  const relation = fromJsonRows(
    {
      name: 'T',
      columns: [
        { name: 'A', type: 'string' },
        { name: 'N', type: 'long' },
      ],
    },
    [{ A: 'x', Other: 1 }, { N: 2, __proto__: { A: 'inherited' } }, {}],
  );

  test('has the columns of its schema, whatever the rows hold', () => {
    expect(relation.columns.map(({ name }) => name)).toEqual(['A', 'N']);
    expect(rowOf(relation, 0)).toEqual(['x', null]);
    expect(rowOf(relation, 2)).toEqual(['', null]);
  });

  test('knows its name, its length and no order', () => {
    expect([relation.name, relation.length, relation.order]).toEqual(['T', 3, 'none']);
    expect(relation.receivedAt?.(0)).toBeNull();
  });
});
