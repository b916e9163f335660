import { expect, test } from 'vitest';
import { copilotAudit, copilotHealth, emptyRow, rowProblems } from '../../../collector/schema/index.ts';
import { toRowText } from '../../../collector/sinks/row-text.ts';

const now = Date.parse('2026-10-03T12:00:00.000Z');
const audit = (row: object, nowMs = now) =>
  JSON.parse(toRowText(copilotAudit, { ...emptyRow(copilotAudit), ...row }, nowMs)) as Record<string, unknown>;

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
  const row = audit({ EventTime });
  expect(row['TimeGenerated']).toBe(isKept ? EventTime : '2026-10-03T12:00:00.000Z');
  expect(row['TimeClamped']).toBe(!isKept);
  expect(row['EventTime'] ?? null).toBe(EventTime);
});

test('a row that is retried until it is old gets the time of its last try', () => {
  const row = { EventTime: '2026-10-03T11:00:00.000Z', TimeGenerated: '2026-10-03T11:00:00.000Z' };
  expect(audit(row)).toMatchObject({ TimeClamped: false, TimeGenerated: row.EventTime });
  const later = audit(row, now + 46 * 3_600_000);
  expect(later).toMatchObject({ TimeClamped: true, TimeGenerated: '2026-10-05T10:00:00.000Z' });
});

test('a row of a table without EventTime gets the time of the try and no further column', () => {
  const row = { ...emptyRow(copilotHealth), TimeGenerated: '2026-01-01T00:00:00.000Z' };
  const text = JSON.parse(toRowText(copilotHealth, row, now)) as Record<string, unknown>;
  expect(text).toEqual({ TimeGenerated: '2026-10-03T12:00:00.000Z' });
  expect(rowProblems(copilotHealth, { ...emptyRow(copilotHealth), ...text })).toEqual([]);
});

test.for([
  'plain',
  '',
  'quote " and \\ backslash',
  'line\nfeed\tand \u0000 and \u001b[31m',
  'é 日本 😀 \u2028',
  '\ud800 alone',
  '</script>',
])('any text survives: %j', (text, { expect }) => {
  expect(audit({ Operation: text })['Operation']).toBe(text);
});

test('numbers, booleans and objects keep their type, and null columns are left out', () => {
  const row = audit({
    PromptCount: 3,
    CreditsGross: 0.5,
    IsBackfill: false,
    LLMEventData: { a: [1, null] },
    Scope: null,
  });
  expect(row).toMatchObject({ PromptCount: 3, CreditsGross: 0.5, IsBackfill: false, LLMEventData: { a: [1, null] } });
  expect(row).not.toHaveProperty('Scope');
});

test('further members end it', () => {
  expect(toRowText(copilotHealth, emptyRow(copilotHealth), now, ',"x":1}')).toMatch(/Z","x":1\}$/u);
});
