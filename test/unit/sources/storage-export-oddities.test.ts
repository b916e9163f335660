/** What producers of exports do that nobody would expect; each was seen in a real tenant. */
import { expect, it } from 'vitest';
import { storageExport } from '../../../collector/sources/storage-export/storage-export.ts';
import { collected } from './collected.ts';
import { memoryContainer } from './memory-container.ts';
import { idOf, pathOf, record } from './storage-export-rig.ts';

const now = Date.parse('2026-11-18T12:00:00Z');
const raw = (number: number, rest: object = {}): object => ({ ...JSON.parse(record(number)), ...rest });
const row = (rawEventData: object, properties: object = {}, envelope: object = {}): string =>
  `${JSON.stringify({
    time: '2026-11-18T10:02:00.1234567Z',
    tenantId: 'c0ffee00-0000-4000-8000-000000000001',
    operationName: 'Publish',
    category: 'AdvancedHunting-CloudAppEvents',
    _TimeReceivedBySvc: '2026-11-18T10:01:00.7654321Z',
    ...envelope,
    properties: { ActionType: 'CopilotInteraction', Application: 'Copilot', RawEventData: rawEventData, ...properties },
  })}\r\n`;
const activity = (rest: object): string =>
  `${JSON.stringify({ Type: 'CopilotActivity', RecordId: idOf(1), RecordType: 'CopilotInteraction', Workload: 'Copilot', LLMEventData: '{}', ...rest })}\r\n`;
const read = (bytes: string) => {
  const container = memoryContainer([{ name: pathOf(9), isAppend: true, bytes }], now - 3_600_000);
  return collected(storageExport({ containers: [container], now: () => now }), now);
};

it('a row that is delivered four times, each with a fresh envelope, is stored once', async () => {
  const copies = [0, 1, 2, 3].map((n) => row(raw(1), {}, { time: `2026-11-18T10:0${n}:00.0000000Z` }));
  const { rows, summary } = await read([row(raw(2)), ...copies].join(''));
  expect(rows.map((one) => one['RecordId'])).toEqual([idOf(2), idOf(1)]);
  expect(summary).toMatchObject({ seen: 5, selected: 5, duplicate: 3, accepted: 2 });
});

it('the event happened when its record says, not when the envelope was written or received', async () => {
  const { rows } = await read(
    row(raw(1, { CreationTime: '2026-11-17T23:59:59' }), { Timestamp: '2026-11-18T01:00:00Z' }),
  );
  expect(rows[0]).toMatchObject({ EventTime: '2026-11-17T23:59:59Z', ContentCreated: '2026-11-18T09:00:00.000Z' });
});

it.for([
  ['CreationTime of a record', row(raw(1, { CreationTime: '2026-11-18T09:00:00.1234567' }))],
  ['the same with its zone', row(raw(1, { CreationTime: '2026-11-18T09:00:00.1234567Z' }))],
  ['TimeGenerated of CopilotActivity', activity({ TimeGenerated: '2026-11-18T09:00:00.1234567Z' })],
] as const)('a time with seven digits after its seconds is read: %s', async ([, bytes]) => {
  const { rows, summary } = await read(bytes);
  expect(summary).toMatchObject({ accepted: 1, deadLettered: 0 });
  expect(rows[0]?.['EventTime']).toMatch(/^2026-11-18T09:00:00(?:\.123\d*)?Z$/);
});

it('fields of plumbing and ratings leave no trace', async () => {
  const plumbing = {
    __UDI_RequiredFields_TenantId: 'plumbing-1',
    __UDI_RequiredFields_EventTime: '2026-11-18T10:02:00.0000000Z',
    UncommonForUser: ['plumbing-2'],
    ReportId: 'plumbing-3',
  };
  const { rows } = await read(row(raw(1), plumbing));
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ UnknownFields: null });
  expect(JSON.stringify(rows)).not.toMatch(/__UDI|plumbing/);
});

it('what Defender found out about the request is kept, as far as it found anything', async () => {
  const found = {
    CountryCode: 'NL',
    City: 'delft',
    ISP: 'Contoso ISP',
    UserAgent: 'Invented/1.0',
    IsExternalUser: true,
  };
  const nothing = { CountryCode: '', City: null, UserAgent: null };
  const { rows } = await read(
    [row(raw(1), found), row(raw(2), nothing), row(raw(3), { IsExternalUser: false })].join(''),
  );
  expect(rows.map((one) => one['CloudAppContext'])).toEqual([found, null, { IsExternalUser: false }]);
});

it('a record that is sent as text, and as the text of that, is the record', async () => {
  const text = JSON.stringify(raw(1));
  for (const sent of [text, JSON.stringify(text)])
    expect((await read(row(sent as unknown as object))).rows.map((one) => one['RecordId'])).toEqual([idOf(1)]);
});

it('a row of another application is counted and not kept, whatever its action is called', async () => {
  const other = {
    Id: idOf(9),
    CreationTime: '2026-11-18T09:00:00',
    Workload: 'SharePoint',
    Operation: 'FileAccessed',
    RecordType: 6,
  };
  const { rows, summary } = await read(`${row(other, { ActionType: 'FileAccessed' })}${row(raw(1))}`);
  expect(summary).toMatchObject({ seen: 2, foreign: 1, selected: 1, accepted: 1 });
  expect(JSON.stringify(rows)).not.toContain(idOf(9));
});
