import { expect, test } from 'vitest';
import { rowProblems, copilotAudit, copilotHealth, emptyRow } from '../../../collector/schema/index.ts';
import { stampTime } from '../../../collector/sinks/stamp-time.ts';

const now = Date.parse('2026-10-03T12:00:00.000Z');

test.for([
  ['a minute ago', '2026-10-03T11:59:00Z', true],
  ['just under 46 hours ago', '2026-10-01T14:00:00.001Z', true],
  ['46 hours ago', '2026-10-01T14:00:00.000Z', false],
  ['a year ago', '2025-10-03T12:00:00Z', false],
  ['a day ahead', '2026-10-04T12:00:00.000Z', true],
  ['more than a day ahead', '2026-10-04T12:00:00.001Z', false],
  ['at an unknown time', null, false],
  ['at no valid time', 'yesterday', false],
] as const)('an event %s', ([, EventTime, isKept], { expect }) => {
  const row = stampTime({ ...emptyRow(copilotAudit), EventTime }, now);
  expect(row['TimeGenerated']).toBe(isKept ? EventTime : '2026-10-03T12:00:00.000Z');
  expect(row['TimeClamped']).toBe(!isKept);
  expect(row['EventTime']).toBe(EventTime);
});

test('a row that is retried until it is old gets the time of its last try', () => {
  const row = { ...emptyRow(copilotAudit), EventTime: '2026-10-03T11:00:00.000Z' };
  const first = stampTime(row, now);
  const later = stampTime(first, now + 46 * 3_600_000);
  expect([first['TimeClamped'], later['TimeClamped']]).toEqual([false, true]);
  expect(later['TimeGenerated']).toBe('2026-10-05T10:00:00.000Z');
  expect(row.TimeGenerated).toBe(null);
});

test('a row of a table without EventTime gets the time of the try and no further column', () => {
  const row = stampTime({ ...emptyRow(copilotHealth), TimeGenerated: '2026-01-01T00:00:00.000Z' }, now);
  expect(row['TimeGenerated']).toBe('2026-10-03T12:00:00.000Z');
  expect(rowProblems(copilotHealth, row)).toEqual([]);
});
