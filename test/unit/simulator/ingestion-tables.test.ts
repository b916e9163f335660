import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Simulator, SimulatorOptions } from '../../../simulator/simulator.ts';
import { audit, send, streams, table, toRows } from './ingestion-harness.ts';
import { now, started } from './server-harness.ts';

const running: Simulator[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((sim) => sim.close()));
});
async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  const sim = await started({ streams, ...options });
  running.push(sim);
  return sim;
}
const dayMs = 86_400_000;

test('undeclared columns are dropped and counted by name, or kept in an overflow column', async () => {
  const rows = [...toRows(2, { Surprise: 1, Other: 'x' }), { Surprise: null, RecordId: 'c' }];
  const sim = await start();
  await send(sim, { rows });
  expect(sim.report().ingestion.columnsDropped).toEqual({ Surprise: 3, Other: 2 });
  expect(sim.stored(table).every((row) => !('Surprise' in row || 'Other' in row || '_Overflow' in row))).toBe(true);
  const overflow = await start({ switches: { undeclared: 'overflow' } });
  await send(overflow, { rows });
  expect(overflow.stored(table)[0]).toMatchObject({ _Overflow: { Surprise: 1, Other: 'x' } });
});

const good: readonly (readonly [string, unknown, unknown])[] = [
  ['Text', 'a', 'a'],
  ['Text', 5, '5'],
  ['Text', { a: 1 }, '{"a":1}'],
  ['Small', 5, 5],
  ['Small', '5', 5],
  ['Small', -2_147_483_648, -2_147_483_648],
  ['Large', 2_147_483_648, 2_147_483_648],
  ['Share', '0.5', 0.5],
  ['IsTest', false, false],
  ['IsTest', 'True', true],
  ['When', '2026-11-20T12:00:00Z', '2026-11-20T12:00:00Z'],
  ['Data', [1, { a: null }], [1, { a: null }]],
  ['Data', 'text', 'text'],
];
test.for(good)('a column %s takes %j as %j', async ([name, sent, stored]) => {
  const sim = await start();
  await send(sim, { rows: [{ [name]: sent }] });
  expect(sim.stored(table)[0]?.[name]).toEqual(stored);
  expect(sim.report().ingestion.valuesNulled).toBe(0);
});

const bad: readonly (readonly [string, unknown])[] = [
  ['Small', 2_147_483_648],
  ['Small', 0.5],
  ['Small', 'five'],
  ['Small', true],
  ['Large', 1e19],
  ['Large', ''],
  ['Share', 'half'],
  ['IsTest', 1],
  ['IsTest', 'yes'],
  ['When', 'yesterday'],
  ['When', 1_700_000_000],
  ['When', '2026-13-45'],
];
test.for(bad)('a column %s that gets %j is null, or the row is dropped', async ([name, sent]) => {
  const sim = await start();
  await send(sim, { rows: [{ RecordId: 'a', [name]: sent }] });
  expect(sim.stored(table)[0]).toMatchObject({ RecordId: 'a' });
  expect(sim.stored(table)[0]).not.toHaveProperty(name);
  expect(sim.report().ingestion).toMatchObject({ valuesNulled: 1, rowsDropped: 0 });
  const strict = await start({ switches: { typeMismatch: 'row-dropped' } });
  await send(strict, { rows: [{ RecordId: 'a', [name]: sent }, { RecordId: 'b' }] });
  expect(strict.stored(table)).toMatchObject([{ RecordId: 'b' }]);
  expect(strict.report().ingestion).toMatchObject({ valuesNulled: 0, rowsDropped: 1, rowsAccepted: 2 });
});

test('values above 65,536 bytes are cut between characters; a dynamic one is no longer JSON', async () => {
  const sim = await start();
  const texts = ['x'.repeat(65_536), 'x'.repeat(65_537), `${'x'.repeat(65_535)}€`];
  for (const Text of texts) await send(sim, { rows: [{ Text }] });
  expect(sim.stored(table).map((row) => String(row['Text']).length)).toEqual([65_536, 65_536, 65_535]);
  expect(sim.report().ingestion.valuesCut).toBe(2);
  const fits = { text: 'x'.repeat(65_536 - '{"text":""}'.length) };
  await send(sim, { rows: [{ Data: fits }, { Data: { text: `${fits.text}x` } }] });
  const [whole, cut] = sim.stored(table).slice(3);
  expect(whole?.['Data']).toEqual(fits);
  expect(cut?.['Data']).toBe(`{"text":"${fits.text}x"`);
  expect(sim.report().ingestion.valuesCut).toBe(3);
});

const clock = Date.parse('2026-11-20T12:00:00.000Z');
const iso = (ms: number): string => new Date(ms).toISOString();
test.for([
  ['two days old', clock - 2 * dayMs, false, 0],
  ['a millisecond older', clock - 2 * dayMs - 1, true, 1],
  ['a day ahead', clock + dayMs, false, 0],
  ['a millisecond further', clock + dayMs + 1, true, 0],
] as const)('a TimeGenerated %s is kept or replaced, or drops the row', async ([, ms, isReplaced, older]) => {
  const rows = [{ RecordId: 'a', TimeGenerated: iso(ms) }];
  const sim = await start({ ingestionClock: () => clock });
  await send(sim, { rows });
  expect(sim.stored(table)[0]).toMatchObject({
    TimeGenerated: isReplaced ? iso(clock) : iso(ms),
    _TimeReceived: iso(clock),
    ...(isReplaced && { _TimeGeneratedSent: iso(ms) }),
  });
  const figures = { timeGeneratedReplaced: isReplaced ? 1 : 0, olderThan48hAtReceipt: older };
  expect(sim.report().ingestion).toMatchObject(figures);
  const strict = await start({ ingestionClock: () => clock, switches: { oldTime: 'row-dropped' } });
  await send(strict, { rows });
  expect(strict.stored(table)).toHaveLength(isReplaced ? 0 : 1);
  expect(strict.report().ingestion).toMatchObject({ rowsDropped: isReplaced ? 1 : 0, timeGeneratedReplaced: 0 });
});

test('an absent TimeGenerated is the time of receipt, and every row gets the columns of the service', async () => {
  const sim = await start({ ingestionClock: () => clock });
  await send(sim, { rows: [{ RecordId: 'a' }, { RecordId: 'b', Text: null }] });
  const [first, second] = sim.stored(table);
  expect(first).toEqual({
    RecordId: 'a',
    TimeGenerated: iso(clock),
    _TimeReceived: iso(clock),
    _ItemId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    Type: table,
    TenantId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    _BilledSize: '{"RecordId":"a"}'.length,
    _IsBillable: true,
  });
  expect(second?.['_ItemId']).not.toBe(first?.['_ItemId']);
  expect(first?.['TenantId']).not.toBe(sim.tenantId);
  expect(sim.report().ingestion.timeGeneratedReplaced).toBe(0);
});

test('rows of each stream are in a table of their own', async () => {
  const sim = await start();
  await send(sim, { rows: toRows(2) });
  await send(sim, { rows: [{ Text: 'a' }], stream: 'Custom-Other_CL' });
  expect([sim.stored(table).length, sim.stored('Other_CL').length, sim.stored('None_CL').length]).toEqual([2, 1, 0]);
  expect(sim.report().ingestion.rowsByStream).toEqual({ [audit]: 2, 'Custom-Other_CL': 1 });
});

test('rows are also written to a file a day, with what was sent and the time of receipt', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'rows-'));
  const sim = await start({ rowsDirectory: directory, ingestionClock: () => now, switches: { keepRows: 'ids' } });
  const TimeGenerated = new Date(now - 1000).toISOString();
  await send(sim, {
    rows: [
      { RecordId: 'a', TimeGenerated, Data: { a: 1 } },
      { RecordId: 'b', TimeGenerated },
    ],
  });
  await send(sim, { rows: [{ RecordId: 'c', TimeGenerated }] });
  const text = await readFile(join(directory, table, '2026-11-20.ndjson'), 'utf8');
  const received = { TimeGenerated, _TimeReceived: '2026-11-20T12:00:00.000Z' };
  expect(text.endsWith('}\n')).toBe(true);
  expect(
    text
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line)),
  ).toEqual([
    { RecordId: 'a', Data: { a: 1 }, ...received },
    { RecordId: 'b', ...received },
    { RecordId: 'c', ...received },
  ]);
  await rm(directory, { recursive: true });
});
