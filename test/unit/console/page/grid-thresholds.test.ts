import { expect, test } from 'vitest';
import type { Threshold } from '../../../../kql/workbook/workbook.ts';
import { chooseThreshold, thresholdText } from '../../../../workspace/console/page/grid/threshold.ts';

const rule = (operator: Threshold['operator'], value: string, representation: string): Threshold => ({
  operator,
  value,
  representation,
  text: '{0}{1}',
});
const score = [rule('Default', '', 'gray'), rule('>=', '80', 'redBright'), rule('>=', '50', 'orange')];

test.for([
  { cell: 95, representation: 'redBright' },
  { cell: 50, representation: 'orange' },
  { cell: '85', representation: 'redBright' },
  { cell: 3, representation: 'gray' },
  { cell: null, representation: 'gray' },
  { cell: 'n/a', representation: 'gray' },
])('the first threshold that holds for $cell gives $representation', ({ cell, representation }) => {
  expect(chooseThreshold(score, cell)?.representation).toBe(representation);
});

test('equality reads numbers as numbers and text without its case', () => {
  expect(chooseThreshold([rule('==', '1.0', 'a')], 1)?.representation).toBe('a');
  expect(chooseThreshold([rule('==', 'high', 'a')], 'High')?.representation).toBe('a');
  expect(chooseThreshold([rule('!=', 'high', 'a')], 'High')).toBeUndefined();
  expect(chooseThreshold([rule('contains', 'lock', 'a')], 'Blocked')?.representation).toBe('a');
});

test('nothing holds where there is no default', () => {
  expect(chooseThreshold([rule('>', '5', 'a')], 1)).toBeUndefined();
});

test('a value with placeholders in it is not read as a pattern', () => {
  expect(thresholdText(rule('Default', '', 'a'), '{1}$&', '%')).toBe('{1}$&%');
});
