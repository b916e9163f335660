import { describe, expect, test } from 'vitest';
import { tokensOf } from '../../../../workspace/console/page/query/tokens.ts';

const read = (text: string): readonly string[] =>
  tokensOf(text).map(({ start, end, kind }) => `${kind} ${text.slice(start, end)}`);

describe('words of a query', () => {
  test('a pipe, an operator, columns and numbers are told apart', () => {
    expect(read('CopilotEvents(ago(1d)) | where Count >= 1.5 and Name in~ (1)')).toEqual([
      'function CopilotEvents',
      'function ago',
      'number 1d',
      'operator |',
      'keyword where',
      'operator >=',
      'number 1.5',
      'keyword and',
      'keyword in~',
      'number 1',
    ]);
  });

  test('operators with a hyphen are one word, a difference of columns is none', () => {
    expect(read('| mv-expand a-b')).toEqual(['operator |', 'keyword mv-expand', 'operator -']);
  });

  test('what looks like a comment in a string is part of the string', () => {
    expect(read('"https://a" // "b"')).toEqual(['string "https://a"', 'comment // "b"']);
  });

  test.for([
    [String.raw`"a\"b" x`, String.raw`string "a\"b"`],
    ['@"a\\" x', 'string @"a\\"'],
    ['@"a""b" x', 'string @"a""b"'],
    ["h'secret' x", "string h'secret'"],
    ['```a\n| where "b``` x', 'string ```a\n| where "b```'],
    ['"not closed\n', 'string "not closed'],
  ] as const)('a string ends where KQL ends it: %s', ([text, token]) => {
    expect(read(text)[0]).toBe(token);
  });

  test('tokens are in order and do not overlap, whatever the text', () => {
    const text = 'let a = "x"; T | where b !has \'y\' // z\n| project-away c, d==-1 | top 5 by e desc ```open';
    const tokens = tokensOf(text);
    tokens.slice(1).forEach(({ start }, index) => {
      expect(start).toBeGreaterThanOrEqual(tokens[index]?.end ?? 0);
    });
    expect(read(text)).toContain('keyword !has');
  });
});
