import { expect, test } from 'vitest';
import { copilotAudit, emptyRow, type Row } from '../../../collector/schema/index.ts';
import { jsonBytes } from '../../../collector/sinks/fit-json.ts';
import { sizedRow } from '../../../collector/sinks/sized-row.ts';
import { stamp } from '../../../collector/sinks/wire-row.ts';

const noon = Date.parse('2026-10-03T12:00:00.000Z');
const dayMs = 86_400_000;

test.for([
  ['young', '2026-10-03T11:00:00Z'],
  ['with ticks', '2026-10-03T11:00:00.1234567Z'],
  ['far ahead, with ticks', '2026-10-06T11:00:00.1234567Z'],
  ['old', '2026-09-01T00:00:00Z'],
  ['unknown', null],
] as const)('a row that is %s never grows beyond its size, whenever it is stamped', ([, EventTime], { expect }) => {
  const row: Row = { ...emptyRow(copilotAudit), EventTime, Operation: 'é"' };
  const sized = sizedRow(copilotAudit, row, noon, 1000);
  if (typeof sized === 'string') throw new Error(sized);
  for (const days of [0, 1, 2.5, 5]) {
    stamp(copilotAudit, sized.wire, row, noon + days * dayMs);
    expect(jsonBytes(sized.wire)).toBeLessThanOrEqual(sized.bytes);
  }
});

test('a row that cannot be cut to the limit says so', () => {
  const row: Row = { ...emptyRow(copilotAudit), Operation: 'x'.repeat(900) };
  expect(sizedRow(copilotAudit, row, noon, 500)).toMatch(
    /^\d+ bytes after cutting: more than the 500 bytes of a request$/,
  );
});
