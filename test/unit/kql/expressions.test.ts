import { describe, expect, test } from 'vitest';
import { engine } from '../../../kql/engine/engine.ts';
import { unify } from '../../../kql/engine/expressions/unify.ts';
import { asString } from '../../../kql/engine/values/convert.ts';
import type { Type } from '../../../kql/engine/values/types.ts';

const kql = engine({});
const now = new Date('2026-01-01T00:00:00Z');

/** The first cell as text with its type: `long 5`, `bool null`. */
function first(query: string): string {
  const { columns, rows } = kql.prepare(query).run({ now });
  const { type } = columns[0] ?? { type: 'none' };
  const value = rows[0]?.[0];
  return `${type} ${value === null || value === undefined ? 'null' : asString(value, type as Type)}`;
}
const printed = (expression: string): string => first(`print x = ${expression}`);

type Cases = readonly (readonly [string, string])[];
const answers = (cases: Cases): void => {
  test.for(cases)('%s is %s', ([expression, expected]) => {
    expect(printed(expression)).toBe(expected);
  });
};
const refusals = (cases: Cases): void => {
  test.for(cases)('%s is refused: %s', ([expression, reason]) => {
    expect(() => printed(expression)).toThrow(reason);
  });
};

describe('literals', () => {
  answers([
    ['9223372036854775807', 'long 9223372036854775807'],
    ['long(-5)', 'long -5'],
    ['0x1F', 'long 31'],
    ['int(3)', 'int 3'],
    ['long(null)', 'long null'],
    ['real(nan)', 'real NaN'],
    ['-0.0', 'real -0.0'],
    ['1e3', 'real 1000.0'],
    ['decimal(0.1)', 'decimal 0.1'],
    ['bool(1)', 'bool True'],
    ['datetime(2020,1,2)', 'datetime 2020-01-02T00:00:00.0000000Z'],
    ['datetime("2020-01-02")', 'datetime 2020-01-02T00:00:00.0000000Z'],
    ['datetime(null)', 'datetime null'],
    ['time(1:2:3)', 'timespan 01:02:03'],
    ['90min', 'timespan 01:30:00'],
    ['guid(74BE27DE-1E4E-49D9-B579-FE0B331D3642)', 'guid 74be27de-1e4e-49d9-b579-fe0b331d3642'],
    ['"a" "b"', 'string ab'],
    ['typeof(double)', 'string real'],
    ['dynamic({"a":[1.0,-2,null,true],"a\\"b":{}})', 'dynamic {"a":[1.0,-2,null,true],"a\\"b":{}}'],
    ['dynamic(-9223372036854775808)', 'dynamic -9223372036854775808'],
    ['1.0 / dynamic([-0])[0]', 'real inf'],
  ]);
  refusals([
    ['-9223372036854775808', '9223372036854775808 is no long'],
    ['int(3000000000)', 'int(3000000000) is no int'],
    ['dynamic(9223372036854775808)', 'is no long'],
    ['dynamic(1e400)', 'is no real'],
  ]);
});

describe('members of dynamic values', () => {
  answers([
    ['dynamic({"a":{"b":7}}).a.b', 'dynamic 7'],
    ['dynamic({"a b":7})["a b"]', 'dynamic 7'],
    ['dynamic([1,2,3])[-1]', 'dynamic 3'],
    ['dynamic([1])[5]', 'dynamic null'],
    ['dynamic({"a":1}).gone.deeper', 'dynamic null'],
    ['dynamic({"a":1}).constructor', 'dynamic null'],
    ['dynamic({"a":1})[strcat("a","")]', 'dynamic 1'],
  ]);
  test('each row has its own members', () => {
    const query = 'datatable(d:dynamic)[dynamic({"a":1}),dynamic({"a":2})] | summarize make_list(d["a"])';
    expect(first(query)).toBe('dynamic [1,2]');
  });
  test('a key may differ from row to row', () => {
    const query = 'datatable(k:string)["a","b"] | project v = dynamic({"a":1,"b":2})[k] | summarize make_list(v)';
    expect(first(query)).toBe('dynamic [1,2]');
  });
});

describe('integers are 64 bits', () => {
  answers([
    ['9223372036854775807 + 1', 'long -9223372036854775808'],
    ['9223372036854775807 * 2', 'long -2'],
    ['0 - 9223372036854775807 - 2', 'long 9223372036854775807'],
    ['3037000500 * 3037000500', 'long -9223372036709301616'],
    ['9007199254740991 + 2', 'long 9007199254740993'],
    ['-(-9223372036854775807 - 1)', 'long -9223372036854775808'],
    ['int(2147483647) + int(1)', 'long 2147483648'],
    ['-7 / 2', 'long -3'],
    ['9223372036854775807 / 7', 'long 1317624576693539401'],
    ['7 / 0', 'long null'],
    ['-5 % 3', 'long 1'],
    ['5 % -3', 'long 2'],
    ['-9223372036854775807 % 5', 'long 3'],
    ['-int(5)', 'long -5'],
    ['7 % 0', 'long null'],
    ['1.0 / (0 * -1)', 'real inf'],
    ['1 + long(null)', 'long null'],
  ]);
});

describe('reals and decimals', () => {
  answers([
    ['0.0 / 0.0', 'real NaN'],
    ['-1.0 / 0.0', 'real -inf'],
    ['10 / 4.0', 'real 2.5'],
    ['(-7.5) % 2', 'real 0.5'],
    ['5.5 % (-3.0)', 'real 2.5'],
    ['decimal(0.1) + decimal(0.2)', 'decimal 0.3'],
    ['0.1 + 0.2 == 0.3', 'bool False'],
    ['decimal(0.1) + decimal(0.2) == decimal(0.3)', 'bool True'],
    ['decimal(1) / decimal(3)', 'decimal 0.3333333333333333333333333333333333'],
    ['decimal(1) + 1.5', 'decimal 2.5'],
    ['decimal(-5) % 3', 'decimal 1'],
    ['decimal(1) / 0', 'decimal null'],
    ['-decimal(1.5)', 'decimal -1.5'],
  ]);
});

describe('times', () => {
  answers([
    ['datetime(2020-01-01) + 1d', 'datetime 2020-01-02T00:00:00.0000000Z'],
    ['1d + datetime(2020-01-01)', 'datetime 2020-01-02T00:00:00.0000000Z'],
    ['datetime(9999-12-31) + 1d', 'datetime null'],
    ['datetime(0001-01-01) - 1tick', 'datetime null'],
    ['datetime(2020-01-02) - datetime(2020-01-01)', 'timespan 1.00:00:00'],
    ['1d / 1h', 'real 24.0'],
    ['1d / 7', 'timespan 03:25:42.8571428'],
    ['1d * 2.5', 'timespan 2.12:00:00'],
    ['3 * 10ms', 'timespan 00:00:00.0300000'],
    ['1d / 0', 'timespan null'],
    ['(-3h) % 2h', 'timespan 01:00:00'],
    ['-1d', 'timespan -1.00:00:00'],
    ['datetime(2020-01-01) + timespan(null)', 'datetime null'],
  ]);
});

describe('comparisons', () => {
  answers([
    ['int(null) == 1', 'bool False'],
    ['int(null) != 1', 'bool True'],
    ['int(null) == int(null)', 'bool null'],
    ['int(null) != int(null)', 'bool null'],
    ['int(null) < 1', 'bool null'],
    ['datetime(null) == datetime(2020-01-01)', 'bool False'],
    ['datetime(2020-01-01) < datetime(2020-01-02)', 'bool True'],
    ['"a" == "A"', 'bool False'],
    ['"Müller" =~ "mÜLLER"', 'bool True'],
    ['real(nan) == real(nan)', 'bool False'],
    ['real(nan) != real(nan)', 'bool True'],
    ['real(nan) < 1', 'bool False'],
    ['1 == 1.0', 'bool True'],
    ['9223372036854775807 == 9223372036854775806', 'bool False'],
    ['9223372036854775807 > 5', 'bool True'],
    ['decimal(2) > 1', 'bool True'],
    ['true == 1', 'bool True'],
    ['1d > 1h', 'bool True'],
  ]);
  refusals([['"a" == 1', 'string == long cannot be compared']]);
});

describe('dynamic operands', () => {
  answers([
    ['dynamic("a") == "a"', 'bool True'],
    ['dynamic(5) == "5"', 'bool True'],
    ['dynamic(null) == ""', 'bool True'],
    ['dynamic(null) != "x"', 'bool True'],
    ['dynamic(5) == 5', 'bool True'],
    ['5 == dynamic("5")', 'bool True'],
    ['dynamic("x") == 5', 'bool False'],
    ['dynamic([5]) == 5', 'bool False'],
    ['dynamic(null) != 5', 'bool True'],
    ['dynamic(1.5) > 1', 'bool True'],
    ['dynamic(true) == true', 'bool True'],
    ['dynamic("2020-01-01") == datetime(2020-01-01)', 'bool True'],
    ['dynamic(2) * 3', 'long 6'],
    ['dynamic(2) * 1.5', 'real 3.0'],
    ['dynamic("2") * 3', 'long null'],
    ['dynamic(1h) + 1d', 'timespan 1.01:00:00'],
    ['dynamic(datetime(2020-01-02)) - datetime(2020-01-01)', 'timespan 1.00:00:00'],
  ]);
  refusals([
    ['dynamic(1) * dynamic(2)', 'dynamic * dynamic cannot be calculated'],
    ['dynamic([1]) == dynamic([1])', 'dynamic == dynamic cannot be compared'],
    ['dynamic(1.5) * 2', '1.5 is no long'],
    ['dynamic(1d) * 2', 'cast it with totimespan()'],
    ['dynamic("x") + 1d', 'the dynamic value is no timespan; cast it with todatetime() or totimespan()'],
  ]);
});

describe('logic has three values', () => {
  answers([
    ['bool(null) and false', 'bool False'],
    ['bool(null) and true', 'bool null'],
    ['bool(null) or true', 'bool True'],
    ['false or bool(null)', 'bool null'],
  ]);
});

describe('between', () => {
  answers([
    ['5 between (5 .. 7)', 'bool True'],
    ['8 between (5 .. 7)', 'bool False'],
    ['8 !between (5 .. 7)', 'bool True'],
    ['long(null) !between (5 .. 7)', 'bool null'],
    ['datetime(2020-01-05) between (datetime(2020-01-01) .. 4d)', 'bool True'],
    ['2h between (1h .. 3h)', 'bool True'],
  ]);
  test('each row is compared by its own value', () => {
    const query = 'datatable(n:long)[1,5,9] | extend n = n + 0 | where n between (2 .. 6) | summarize make_list(n)';
    expect(first(query)).toBe('dynamic [5]');
  });
});

describe('in, has_any and has_all', () => {
  answers([
    ['"A" in ("a")', 'bool False'],
    ['"A" in~ ("a")', 'bool True'],
    ['"A" !in~ ("a")', 'bool False'],
    ['5 in (1, 5.0)', 'bool True'],
    ['5 in (dynamic([1,5]))', 'bool True'],
    ['int(null) in (1)', 'bool False'],
    ['int(null) !in (1)', 'bool True'],
    ['int(null) in (int(null))', 'bool False'],
    ['dynamic("a") in ("a","b")', 'bool True'],
    ['"b" in ((datatable(x:string)["a","b"] | where x != "a"))', 'bool True'],
    ['"b" in (datatable(x:dynamic)[dynamic(["a","b"])])', 'bool True'],
    ['"an error here" has_any ("x", "ERROR")', 'bool True'],
    ['"an error here" has_any ("err")', 'bool False'],
    ['"an error here" has_all (dynamic(["an","here"]))', 'bool True'],
    ['"an error here" has_all ("an","gone")', 'bool False'],
  ]);
  test('a table bound to a name is a list, and a column may stand in a list', () => {
    expect(first('let bad = datatable(u:string)["a"]; datatable(u:string)["a","b"] | where u in (bad) | count')).toBe(
      'long 1',
    );
    expect(first('datatable(u:string, v:string)["a","a", "b","c"] | where u in (v, "q") | count')).toBe('long 1');
    // The list of one row is not that of the next.
    expect(first('datatable(u:string, v:string)["a","b", "b","c"] | where u in (v, "q") | count')).toBe('long 0');
  });
});

describe('operators over text', () => {
  answers([
    ['"errors" has "error"', 'bool False'],
    ['"errors" hasprefix "ERR"', 'bool True'],
    ['"errors" hasprefix_cs "ERR"', 'bool False'],
    ['"my_errors" hassuffix "ors"', 'bool True'],
    ['"errors" !has "error"', 'bool True'],
    ['"AbC" has_cs "abc"', 'bool False'],
    ['"AbC" contains "BC"', 'bool True'],
    ['"AbC" contains_cs "BC"', 'bool False'],
    ['"AbC" !contains "bc"', 'bool False'],
    ['"AbC" startswith "aB"', 'bool True'],
    ['"AbC" !startswith_cs "aB"', 'bool True'],
    ['"AbC" endswith "c"', 'bool True'],
    ['"a" !~ "A"', 'bool False'],
    ['"x12" matches regex @"\\d+$"', 'bool True'],
    ['dynamic(null) has "a"', 'bool False'],
    ['dynamic(null) !has "a"', 'bool True'],
    ['dynamic({"k":"v"}) has "v"', 'bool True'],
  ]);
  refusals([['"x" matches regex "(x"', '"(x" is not valid RE2']]);
  test('a star stands for any column, and a pattern may come from a column', () => {
    expect(first('datatable(a:string, n:long)["x",42, "y",7] | where * has "42" | project a')).toBe('string x');
    expect(
      first(
        'datatable(a:string, p:string)["y1","^x", "x1","^x", "z1","^z"] | where a matches regex p | summarize make_list(a)',
      ),
    ).toBe('dynamic ["x1","z1"]');
  });
});

describe('search', () => {
  const found = (condition: string): string =>
    first(
      `datatable(s:string, n:long)["Error in module",1, "all errors",42] | search ${condition} | summarize make_list(n)`,
    ).replace('dynamic ', '');
  test.for([
    ['"error"', '[1]'],
    ['kind=case_sensitive "error"', '[]'],
    ['"err*"', '[1,42]'],
    ['"*rror"', '[1]'],
    ['"rror*"', '[]'],
    ['"*rror*"', '[1,42]'],
    ['"42"', '[42]'],
    ['"error" and "module"', '[1]'],
    ['"module" or "all"', '[1,42]'],
    ['not("error")', '[42]'],
    ['s:"error"', '[1]'],
    ['s == "all errors"', '[42]'],
    ['s has "all" and "errors"', '[42]'],
    ['tolower(s) has "error" and n == 1', '[1]'],
  ] as const)('search %s finds rows %s', ([condition, expected]) => {
    expect(found(condition)).toBe(expected);
  });
});

test.for<{ types: readonly Type[]; common: Type }>([
  { types: ['int', 'int'], common: 'int' },
  { types: ['int', 'long'], common: 'long' },
  { types: ['long', 'real'], common: 'real' },
  { types: ['long', 'decimal'], common: 'decimal' },
  { types: ['string', 'dynamic'], common: 'dynamic' },
  { types: [], common: 'dynamic' },
])('the common type of $types is $common', ({ types, common }) => {
  expect(unify(types)).toBe(common);
});
