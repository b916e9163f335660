import { describe, expect, test } from 'vitest';
import { parseDatetime } from '../../../kql/engine/values/datetime.ts';
import { Timespan } from '../../../kql/engine/values/types.ts';
import { type Argument, call, calls, typed } from './functions-text-call.ts';

const datetime = (text: string): Argument => parseDatetime(text);
const hour = 36_000_000_000n;

describe('counts code points, not UTF-16 units', () => {
  calls([
    ['strlen', ['\u{1d4d7}ello'], 5],
    ['string_size', ['\u{1d4d7}ello'], 8],
    ['substring', ['\u{1d4d7}ello', 0, 2], '\u{1d4d7}e'],
    ['reverse', ['\u{1d4d7}ello'], 'olle\u{1d4d7}'],
    ['indexof', ['\u{1d4d7}ello', 'l'], 2],
    ['indexof_regex', ['\u{1d4d7}ello', 'l+'], 2],
    ['strlen', ['a\u0301'], 2],
    ['string_size', ['a\u0301'], 3],
  ]);
});

describe('substring counts from the end, and is empty when it starts before the beginning', () => {
  calls([
    ['substring', ['hello', 1, 3], 'ell'],
    ['substring', ['hello', -2, 2], 'lo'],
    ['substring', ['hello', 2, 100], 'llo'],
    ['substring', ['x', -2, 5], ''],
    ['substring', ['abc', 5, 3], ''],
    ['substring', ['xy', -1, 0], ''],
    ['substring', ['abcdef', 3], 'def'],
    ['substring', ['abc', typed('int', null)], ''],
  ]);
});

describe('split yields arrays, and null for an index out of range', () => {
  calls([
    ['split', ['a,,b', ','], ['a', '', 'b']],
    ['split', ['', ','], ['']],
    ['split', ['aaa_bbb_ccc', '_', 1], ['bbb']],
    ['split', ['noequals', '=', 1], null],
    ['split', ['trailing=', '=', 1], ['']],
    ['split', ['a\\\\b', '\\'], ['a', '', 'b']],
  ]);
});

describe('text of other types is what tostring makes of it', () => {
  calls([
    [
      'strcat',
      [typed('bool', true), '|', typed('dynamic', true), '|', typed('real', 1), '|', typed('long', null)],
      'True|true|1.0|',
    ],
    ['strcat_delim', ['-', 1, '2', 'A', new Timespan(10_000_000n)], '1-2-A-00:00:01'],
    ['strcat_array', [[1, 2, 3], '->'], '1->2->3'],
    ['strrep', ['ABC', 2], 'ABCABC'],
    ['strrep', [123, 3, '.'], '123.123.123'],
    ['strrep', ['ab', -1], ''],
    ['reverse', [12_345], '54321'],
    ['reverse', [new Timespan(3n * hour)], '00:00:30'],
    ['reverse', [datetime('2017-10-15 12:00')], 'Z0000000.00:00:21T51-01-7102'],
    ['strcmp', ['abc', 'ABC'], 1],
    ['strcmp', ['ABC', 'abc'], -1],
    ['strcmp', ['', ''], 0],
  ]);
});

describe('replacing', () => {
  calls([
    ['replace_string', ['aaa', '', 'X'], 'aaa'],
    ['replace_string', ['aba', 'a', '$&'], '$&b$&'],
    // Earlier look-ups claim first; what was put in is not read again.
    ['replace_strings', ['a cat into a dog', ['cat', 'dog'], ['dog', 'pigeon']], 'a dog into a pigeon'],
    ['replace_strings', ['This is', ['This', 'is'], ['This', 'was']], 'This was'],
    ['replace_strings', ['This is', ['is', 'This'], ['was', 'This']], 'Thwas was'],
    ['replace_strings', ['This is', ['This', 'is'], [12_345, 'was']], 'This was'],
    ['translate', ['krasp', 'otsku', 'spark'], 'kusto'],
    ['translate', ['abc', '', 'ab'], ''],
    ['translate', ['abc', 'x', 'abc'], 'xxx'],
    ['replace_regex', ['one two', String.raw`\s+`, '-'], 'one-two'],
    ['replace_regex', ['wordword', String.raw`(\w)(\w)`, String.raw`\2\1`], 'owdrowdr'],
    ['replace', [String.raw`is (\d+)`, String.raw`was: \1`, 'Number is 1'], 'Number was: 1'],
  ]);
});

describe('trim takes one match from each end, not a run of them', () => {
  calls([
    ['trim', [' ', '  pad  '], ' pad '],
    ['trim', ['y', 'yyy'], 'y'],
    ['trim', ['1', '1'], ''],
    ['trim', [String.raw`[^\w]+`, '-  Te st1// $'], 'Te st1'],
    ['trim_start', ['x', 'xxhelloxx'], 'xhelloxx'],
    ['trim_end', ['_', '__world__'], '__world_'],
    ['trim_end', ['.com', 'bing.com'], 'bing'],
  ]);
});

describe('finding', () => {
  calls([
    ['indexof', ['abcdefg', 'cde'], 2],
    ['indexof', ['abcdefg', 'cde', 1, 2], 2],
    ['indexof', ['abcdefg', 'cde', 3, 4], -1],
    ['indexof', ['abcdefg', 'cde', -5], 2],
    ['indexof', [1_234_567, 5, 1, 4], 4],
    ['indexof', ['abcdefgabcdefg', 'cde', 1, 10, 2], 9],
    ['indexof', ['abcdefgabcdefg', 'cde', 1, -1, 3], -1],
    ['indexof', ['abc', ''], null],
    ['indexof', ['abc', 'a', 0, -2], null],
    ['indexof_regex', ['abcabcdefg', 'a.c', 0, 9, 2], 3],
    ['indexof_regex', ['abcabc', 'a.c', 1, -1, 2], -1],
    ['indexof_regex', ['ababaa', 'a.a', 0, -1, 2], -1],
    ['indexof_regex', ['abcabc', 'a|ab', -1], null],
    ['countof', ['aaaa', 'aa'], 3],
    ['countof', ['ababa', 'aba', 'regex'], 1],
    ['countof', ['abc', ''], 0],
    ['has_any_index', ['this is an example', ['not', 'example']], 1],
    ['has_any_index', ['this is an example', ['exam']], -1],
    ['has_any_index', ['Example number 2', [1, 2, 3]], 1],
    ['has_any_index', ['this', []], -1],
  ]);

  test('countof refuses a kind that it does not know', () => {
    expect(() => call('countof', ['a', 'a', 'fuzzy'])).toThrow(/'fuzzy'/);
  });
});

describe('extracting', () => {
  calls([
    ['extract', [String.raw`(\d+)-(\d+)`, 2, '2020-12-31'], '12'],
    ['extract', [String.raw`(\d+)-(\d+)`, 2, 'none'], ''],
    ['extract', [String.raw`(\d+)`, 7, '1'], ''],
    ['extract_all', [String.raw`(\d+)`, '123, 567'], ['123', '567']],
    [
      'extract_all',
      ['(a)(b)?', 'aab'],
      [
        ['a', ''],
        ['a', 'b'],
      ],
    ],
    ['extract_all', [String.raw`(\d)`, 'none'], null],
    [
      'extract_all',
      [String.raw`(\w)(\w+)(\w)`, [1, 3], 'dfa7-4bd1'],
      [
        ['d', '7'],
        ['4', '1'],
      ],
    ],
    ['extract_all', [String.raw`(?P<first>\w)(?P<rest>\w+)`, ['rest'], 'abc'], ['bc']],
    // \d is every decimal digit of Unicode.
    ['extract_all', [String.raw`(\d)`, 'Ｂ１2'], ['１', '2']],
    ['regex_quote', ['(so$me.Te^xt)'], String.raw`\(so\$me\.Te\^xt\)`],
  ]);

  test('extract and extract_json convert to the type that the query names', () => {
    const month = { text: 'extract("-(..)-", 1, "15-12-2024", typeof(int))' };
    expect(call('extract', ['-(..)-', 1, '15-12-2024', null], month)).toBe(12);
    expect(call('extract', ['-(..)-', 1, 'none', null], month)).toBeNull();
    const age = { text: 'extract_json("$.a", "", typeof(long))' };
    expect(call('extract_json', ["$['a'].b[-1]", '{"a":{"b":[1,30]}}', null], age)).toBe(30);
    expect(call('extract_json', ['$.name', '{"name":"Ada"}'])).toBe('Ada');
  });

  test('extract_all refuses a pattern without groups and a group that the pattern has not', () => {
    expect(() => call('extract_all', ['a', 'aaa'])).toThrow(/has no group/);
    expect(() => call('extract_all', ['(a)', ['b'], 'a'])).toThrow(/no group b/);
  });

  test('extract_json refuses paths that mean several values', () => {
    expect(() => call('extract_json', ['$..name', '{}'])).toThrow(/JSON path \$\.\.name is not supported/);
  });
});

describe('what characters a text has', () => {
  calls([
    ['isascii', ['é'], false],
    ['isutf8', ['é'], true],
  ]);
});
