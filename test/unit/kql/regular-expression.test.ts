import { expect, test } from 'vitest';
import { KqlError } from '../../../kql/engine/errors.ts';
import { regularExpression } from '../../../kql/engine/regular-expression.ts';

const matching: readonly (readonly [string, string, boolean])[] = [
  ['^\\d$', '٣', true],
  ['^\\D$', '٣', false],
  ['^[\\d]$', '٣', true],
  ['^[^\\d]$', '٣', false],
  ['a\\sb', 'a\u00A0b', true],
  ['a[\\s]b', 'a\u3000b', true],
  ['a\\Sb', 'a\u00A0b', false],
  ['a[\\Sx]b', 'a\u00A0b', false],
  ['a[\\Sx]b', 'aéb', true],
  ['^[\\s\\S]$', '\n', true],
  ['^[[:digit:]]$', '٣', false],
  ['^[]\\d]+$', ']٣', true],
  ['\\\\d', '\\d', true],
  ['\\Q\\d\\E', '\\d', true],
  ['\\Q\\d\\E', '5', false],
  ['(?i)ERROR', 'an error', true],
  ['(?P<name>a)', 'a', true],
];

test.for(matching)('%s on %j matches: %s', ([pattern, text, expected]) => {
  expect(regularExpression(pattern).test(text)).toBe(expected);
});

test('the first match carries its place and its groups, null for a group that took no part', () => {
  const { first, groups, names } = regularExpression('(?P<user>\\w+)@(x)?');
  expect(first('to: anna@contoso')).toEqual({ index: 4, length: 5, groups: ['anna@', 'anna', null] });
  expect(first('anna@contoso', 5)).toBeNull();
  expect(first('anna@', 99)).toBeNull();
  expect(groups).toBe(2);
  expect(names).toMatchObject({ user: 1 });
});

test('a search from an index sees what stands before it', () => {
  expect(regularExpression('\\bb').first('ab b', 1)?.index).toBe(3);
  expect(regularExpression('^a').first('aaa', 1)).toBeNull();
});

test('all matches do not overlap, and no empty match follows a match directly', () => {
  const places = regularExpression('x*')
    .all('axb')
    .map(({ index, length }) => [index, length]);
  expect(places).toEqual([
    [0, 0],
    [1, 1],
    [3, 0],
  ]);
});

const rewrites: readonly (readonly [string, string, string, string])[] = [
  ['(\\w+)=(\\w+)', 'a=1 b=2', '\\2:\\1', '1:a 2:b'],
  ['\\d', 'a1', '<\\0>', 'a<1>'],
  ['a', 'a', '$1\\\\', '$1\\'],
  ['(a)|(b)', 'ab', '[\\2]', '[][b]'],
  ['(a)', 'a', '\\7', ''],
  ['z', 'abc', 'q', 'abc'],
];

test.for(rewrites)('%s on %j rewritten by %s gives %s', ([pattern, text, rewrite, expected]) => {
  expect(regularExpression(pattern).replace(text, rewrite)).toBe(expected);
});

test('a pattern that RE2 cannot read is refused by name', () => {
  for (const pattern of ['(a', '(?=a)', '(a)\\1']) {
    let error: unknown;
    try {
      regularExpression(pattern);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(KqlError);
    expect(error).toMatchObject({ code: 'regex' });
    expect(String(error)).toContain(JSON.stringify(pattern));
  }
});

test('a pattern is compiled once', () => {
  expect(regularExpression('once')).toBe(regularExpression('once'));
});

test('nested repeats stay linear', () => {
  // A backtracking engine would need 2^30 steps here.
  expect(regularExpression('^(a+)+$').test(`${'a'.repeat(30_000)}b`)).toBe(false);
});
