/** Payloads that lie beside the repository on some machines go through the source to the rows that they should be. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { storageExport } from '../../../collector/sources/storage-export/storage-export.ts';
import { collected } from './collected.ts';
import { memoryContainer } from './memory-container.ts';

const samples = new URL('../../../../shared/samples/', import.meta.url);
const isMissing = !existsSync(samples);
if (isMissing) console.warn('skipped: no directory ../shared/samples beside the repository');

const now = Date.parse('2026-07-23T12:00:00Z');
const text = (name: string): string => readFileSync(new URL(name, samples), 'utf8');
/** The one row of a sample, as it lies on a line of a blob. */
const line = (name: string): string => `${JSON.stringify((JSON.parse(text(name)) as { record: unknown }).record)}\r\n`;

const actor = { ActorName: 'adele.vance@contoso.example', ActorUserId: '5b2d1f0a-7f0c-4a51-9d0e-0d9b1a6f1c01' };
const common = {
  ...actor,
  RecordId: '0b7c7b6b-63d1-4d45-9f6a-3c2a9f1e0029',
  RecordType: 'CopilotInteraction',
  RecordTypeCode: 261,
  Operation: 'CopilotInteraction',
  Workload: 'Copilot',
  EventTime: '2026-07-20T14:50:00Z',
  OrganizationId: 'c0ffee00-1111-4222-8333-944455556666',
  ActorUserType: 'Regular',
  SrcIpAddr: '203.0.113.25',
  ClientRegion: 'US',
  AppHost: 'BizChat',
  AppIdentity: 'Copilot.MicrosoftCopilot.BizChat',
  Source: 'storage-export',
  PromptCount: 1,
  UnknownFields: null,
};
const whole = {
  ...common,
  ThreadId: '19:stream0000000000000000000000000000000000001@thread.v2',
  ResponseCount: 1,
  JailbreakDetected: false,
};
const ofDefender = {
  ...whole,
  CloudAppContext: { CountryCode: 'US', City: 'boydton', ISP: 'Contoso ISP', IsExternalUser: false },
  ContentCreated: '2026-07-20T15:00:00.000Z',
};
const hour = 'tenantId=c0ffee00-1111-4222-8333-944455556666/y=2026/m=07/d=20/h=15/m=00/PT1H.json';

it.skipIf(isMissing).for([
  [
    '29a, a row of Defender',
    { name: hour, isAppend: true, bytes: () => line('29a-storage-defender-streaming-row.json') },
    ofDefender,
    0,
  ],
  [
    '29b, one event delivered three times',
    { name: hour, isAppend: true, bytes: () => text('29b-storage-defender-PT1H.json') },
    ofDefender,
    2,
  ],
  [
    '29c, a row of a Log Analytics export',
    {
      name: 'WorkspaceResourceId=/subscriptions/s/y=2026/m=07/d=20/h=15/m=05/PT05M.json',
      isAppend: true,
      bytes: () => line('29c-storage-la-export-row.json'),
    },
    { ...common, LogVersion: '1.0.0.0', ResponseCount: 0, CloudAppContext: null },
    0,
  ],
  [
    '29d, an export of Purview',
    { name: 'audit.csv', isAppend: false, bytes: () => text('29d-purview-export.csv') },
    { ...whole, CloudAppContext: null },
    0,
  ],
] as const)('the sample becomes its row: %s', async ([, { bytes, ...blob }, row, duplicate]) => {
  const container = memoryContainer([{ ...blob, bytes: bytes() }], now - 2 * 86_400_000);
  const { rows, summary } = await collected(storageExport({ containers: [container], now: () => now }), now);
  expect(summary).toMatchObject({ accepted: 1, duplicate, unparsable: 0, deadLettered: 0, foreign: 0, gaps: 0 });
  expect(rows).toMatchObject([row]);
});
