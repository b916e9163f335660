import { expect, test } from 'vitest';
import type { Cell } from '../../../../workspace/console/api.ts';
import {
  emptyText,
  formatCell,
  formatTimespan,
  wholeText,
} from '../../../../workspace/console/page/grid/format-cell.ts';

const cases: readonly { name: string; cell: Cell; type: string; text: string }[] = [
  { name: 'a large number gets thousands', cell: 1234567, type: 'long', text: '1,234,567' },
  { name: 'a small number keeps two places', cell: 3.14159, type: 'real', text: '3.14' },
  {
    name: 'a long beyond 2^53 stays the text it came as',
    cell: '9007199254740993',
    type: 'long',
    text: '9007199254740993',
  },
  { name: 'a time is readable', cell: '2026-11-20T14:05:09.1234567Z', type: 'datetime', text: '2026-11-20 14:05:09' },
  { name: 'a day is a day', cell: '2026-11-20T00:00:00Z', type: 'datetime', text: '2026-11-20' },
  {
    name: 'a time in a text column stays as it is',
    cell: '2026-11-20T00:00:00Z',
    type: 'string',
    text: '2026-11-20T00:00:00Z',
  },
  { name: 'a list is compact JSON', cell: ['a', 1], type: 'dynamic', text: '["a",1]' },
  { name: 'true is Yes', cell: true, type: 'bool', text: 'Yes' },
  { name: 'null is a dash', cell: null, type: 'string', text: emptyText },
  { name: 'empty text is a dash', cell: '', type: 'string', text: emptyText },
  { name: 'digits in a text column get no thousands', cell: '12345', type: 'string', text: '12345' },
];

test.for(cases)('$name', ({ cell, type, text }) => {
  expect(formatCell(cell, type).text).toBe(text);
});

test('a time tells its exact value where a pointer rests on it', () => {
  expect(formatCell('2026-11-20T14:05:09.1234567Z', 'datetime').title).toBe('2026-11-20T14:05:09.1234567Z');
});

test('a unit stands behind the number, per cent without a gap', () => {
  expect(formatCell(12.34, 'real', { unit: '%', maximumFractionDigits: 1 }).text).toBe('12.3%');
  expect(formatCell(1500, 'real', { unit: 'ms', maximumFractionDigits: undefined }).text).toBe('1,500 ms');
});

test('a timespan names its two largest units', () => {
  expect(formatTimespan('1.02:03:04.5000000')).toBe('1 d 2 h');
  expect(formatTimespan('00:00:00.2500000')).toBe('250 ms');
  expect(formatTimespan('-00:05:00')).toBe('-5 min');
  expect(formatTimespan('00:00:00')).toBe('0 s');
});

test('a long text is cut in the cell and whole in its details', () => {
  const text = 'x'.repeat(1000);
  expect(formatCell(text, 'string').text.length).toBeLessThan(400);
  expect(wholeText(text)).toBe(text);
  expect(wholeText({ a: [1] })).toBe('{\n  "a": [\n    1\n  ]\n}');
});
