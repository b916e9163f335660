import { describe, expect, test } from 'vitest';
import { engine, type Result } from '../../../kql/engine/engine.ts';
import { formatResult } from '../../../workspace/format-result.ts';

const kql = engine({});
const result = (query: string): Result => kql.prepare(query).run({ now: new Date(0) });

describe('an answer', () => {
  test('as a table shortens wide cells and keeps lines whole', () => {
    const text = formatResult(result('print T = strcat("a\\n", strrep("x", 100))'), 'table');
    expect(text).toContain(`│ a ${'x'.repeat(57)}… │`);
    expect(text.endsWith('1 row\n')).toBe(true);
  });

  test('as a table becomes one block per row where its lines would not fit', () => {
    const answer = result('range A from 1 to 2 step 1 | extend LongName = strrep("x", 80), Empty = ""');
    const blocks = [1, 2].map((row) => `── row ${row} ──\nA:        ${row}\nLongName: ${'x'.repeat(64)}…\nEmpty:\n`);
    expect(formatResult(answer, 'table', 75)).toBe(`${blocks.join('\n')}\n2 rows\n`);
    expect(formatResult(answer, 'table', 76)).toContain('┌');
  });

  test('without rows names its columns where they do not fit', () => {
    const answer = result('print A = 1, B = 2 | where A == 3');
    expect(formatResult(answer, 'table', 5)).toBe('A\nB\n0 rows\n');
  });

  test('is thought to be read on 160 columns', () => {
    const wide = (columns: number): Result =>
      result(`print ${Array.from({ length: columns }, (_, index) => `C${index} = strrep("x", 37)`).join(', ')}`);
    expect(formatResult(wide(3), 'table')).toContain('┌');
    expect(formatResult(wide(4), 'table')).toContain('── row 1 ──');
  });

  test.for([
    ['table', /0 rows\n$/],
    ['json', /^\{"columns":\[\{"name":"A","type":"long"\}\],"rows":\[\]\}\n$/],
    ['csv', /^A\n$/],
  ] as const)('without rows as %s keeps its columns', ([format, expected]) => {
    expect(formatResult(result('print A = 1 | where A == 2'), format)).toMatch(expected);
  });

  test.for([
    ['true', 'true', 'True'],
    ['dynamic(true)', 'true', 'true'],
    ['1.0', 1, '1.0'],
    ['real(nan)', 'NaN', 'NaN'],
    ['9223372036854775807', '9223372036854775807', '9223372036854775807'],
    ['decimal(0.1)', '0.1', '0.1'],
    [
      'guid(74be27de-1e4e-49d9-b579-fe0b331d3642)',
      '74be27de-1e4e-49d9-b579-fe0b331d3642',
      '74be27de-1e4e-49d9-b579-fe0b331d3642',
    ],
    ['1d', '1.00:00:00', '1.00:00:00'],
    ['dynamic({"a":1.0})', { a: 1 }, '"{""a"":1.0}"'],
    ['long(null)', null, ''],
    ['"quote \\" and, comma"', 'quote " and, comma', '"quote "" and, comma"'],
  ] as const)('%s is the same in JSON and CSV', ([expression, json, csv]) => {
    const answer = result(`print X = ${expression}`);
    const parsed = JSON.parse(formatResult(answer, 'json')) as { readonly rows: readonly (readonly unknown[])[] };
    expect(parsed.rows).toEqual([[json === 'true' ? true : json]]);
    expect(formatResult(answer, 'csv')).toBe(`X\n${csv}\n`);
  });
});
