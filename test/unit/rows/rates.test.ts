import { expect, test } from 'vitest';
import { ratesAt } from '../../../collector/rows/rates.ts';

const rates = { generativeAnswer: 2, tenantGrounding: 10, agentAction: 5 };
const tables = [
  { ...rates, version: 'a', effectiveFrom: '2025-09-01' },
  { ...rates, version: 'b', effectiveFrom: '2026-07-01', generativeAnswer: 3 },
];

test.for([
  ['2019-01-01T00:00:00Z', 'a'],
  ['2025-09-01T00:00:00Z', 'a'],
  ['2026-06-30T23:59:59.9999999Z', 'a'],
  ['2026-07-01T00:00:00Z', 'b'],
  ['2031-01-01T00:00:00Z', 'b'],
] as const)('an event of %s is priced by the rates in force then: %s', ([eventTime, version]) => {
  expect(ratesAt(eventTime, tables).version).toBe(version);
});

test('the published rates are those of the rate page', () => {
  expect(ratesAt('2026-09-01T09:30:00Z')).toEqual({ ...rates, version: '2025-09', effectiveFrom: '2025-09-01' });
});

test('an empty table of rates is an error that says so', () => {
  expect(() => ratesAt('2026-09-01T09:30:00Z', [])).toThrow('the table of Copilot Credit rates is empty');
});
