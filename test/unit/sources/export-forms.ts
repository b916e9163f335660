/** The same audit records in every form in which somebody exports them. */
import { gzipSync } from 'node:zlib';
import { recordTypeName, toRecordType, userTypeName } from '../../../collector/records/record-types.ts';
import type { HeldBlob } from './memory-container.ts';

/** A raw audit record. */
export type Raw = Readonly<Record<string, unknown>>;

const TENANT = '0a1b2c3d-0000-4000-8000-0000000000ff';
const lines = (rows: readonly unknown[], end = '\n'): string => rows.map((row) => JSON.stringify(row) + end).join('');
const cell = (value: unknown): string => `"${String(value).replaceAll('"', '""')}"`;

/** The audit export of Microsoft Purview: a byte order mark, CRLF, the record as JSON in a column. */
export function toCsv(records: readonly Raw[]): string {
  const columns = ['RecordId', 'CreationDate', 'RecordType', 'Operation', 'UserId', 'AuditData'];
  const rows = records.map((record) =>
    [record.Id, record.CreationTime, record.RecordType, record.Operation, record.UserId, JSON.stringify(record)].map(
      cell,
    ),
  );
  return `\uFEFF${[columns, ...rows].map((row) => row.join(',')).join('\r\n')}\r\n`;
}

const cloudAppEvent = (record: Raw, RawEventData: unknown): Raw => ({
  Timestamp: `${String(record.CreationTime).replace(/Z$/, '')}Z`,
  ActionType: record.Operation,
  Application: 'Microsoft Copilot for Security',
  AccountId: record.UserKey,
  CountryCode: 'DE',
  IsAdminOperation: false,
  __UDI_RequiredFields_TenantId: TENANT,
  RawEventData,
});

const streamed = (category: string, properties: unknown): Raw => ({
  time: '2026-09-01T10:02:00.1234567Z',
  tenantId: TENANT,
  operationName: 'Publish',
  category,
  _TimeReceivedBySvc: '2026-09-01T10:01:00.0000000Z',
  properties,
});

/** A row of `CopilotActivity` as data export of Log Analytics writes it: names of types, event data as text. */
export function activityLine(record: Raw): Raw {
  const { CopilotEventData: event, CopilotSettingsEventData: settings } = record as Record<string, Raw | undefined>;
  const type = toRecordType(record.RecordType);
  return {
    TenantId: TENANT,
    TimeGenerated: `${String(record.CreationTime)}Z`,
    RecordId: record.Id,
    RecordType: type === null ? '' : recordTypeName(type),
    ActorName: record.UserId,
    ActorUserId: record.UserKey,
    ActorUserType: userTypeName(Number(record.UserType)),
    AgentId: '',
    AgentName: '',
    AIModelName: '',
    AppHost: event?.AppHost ?? '',
    AppIdentity: record.AppIdentity,
    ClientRegion: record.ClientRegion ?? '',
    LLMEventData: JSON.stringify(event ?? settings ?? {}),
    OrganizationId: record.OrganizationId,
    SrcIpAddr: record.ClientIP ?? '',
    Version: String(record.Version),
    Workload: record.Workload,
    Type: 'CopilotActivity',
  };
}

const hourly = (rows: readonly unknown[], container: string): HeldBlob => ({
  name: `${container}/tenantId=${TENANT}/y=2026/m=09/d=01/h=09/m=00/PT1H.json`,
  bytes: lines(rows, '\r\n'),
  isAppend: true,
});
const file = (name: string, bytes: string | Buffer): HeldBlob => ({ name, bytes, isAppend: false });

const CLOUD_APPS = 'AdvancedHunting-CloudAppEvents';

/** Files that `import` and a container may hold alike. */
export const files: Readonly<Record<string, (records: readonly Raw[]) => HeldBlob>> = {
  'a JSON array': (records) => file('array.json', JSON.stringify(records)),
  'a JSON array in gzip': (records) => file('array.json.gz', gzipSync(JSON.stringify(records))),
  'JSON Lines': (records) => file('lines.jsonl', lines(records)),
  'JSON Lines in gzip': (records) => file('lines.jsonl.gz', gzipSync(lines(records))),
  'a CSV export of Purview': (records) => file('purview.csv', toCsv(records)),
};

/** A page of an audit query, as somebody may have saved it. */
export const pageFile = (records: readonly Raw[]): HeldBlob =>
  file('page.json', JSON.stringify({ value: records.map((auditData) => ({ id: auditData.Id, auditData })) }));

/** What only a container holds. */
export const blobs: Readonly<Record<string, (records: readonly Raw[]) => HeldBlob>> = {
  'a stream of Defender XDR': (records) =>
    hourly(
      records.map((record) => streamed(CLOUD_APPS, cloudAppEvent(record, record))),
      'streamed',
    ),
  'a stream of Defender XDR with records as text': (records) =>
    hourly(
      records.map((record) => streamed(CLOUD_APPS, cloudAppEvent(record, JSON.stringify(record)))),
      'streamed',
    ),
  'a stream of Defender XDR with records as text of text': (records) =>
    hourly(
      records.map((record) => streamed(CLOUD_APPS, cloudAppEvent(record, JSON.stringify(JSON.stringify(record))))),
      'streamed',
    ),
  'rows whose properties are text': (records) =>
    hourly(
      records.map((record) => streamed(CLOUD_APPS, JSON.stringify(cloudAppEvent(record, record)))),
      'streamed',
    ),
  'rows in one object': (records) =>
    file(
      'records.json',
      JSON.stringify({ records: records.map((record) => streamed(CLOUD_APPS, cloudAppEvent(record, record))) }),
    ),
  'CloudAppEvents of a Log Analytics export': (records) =>
    hourly(
      records.map((record) => ({ ...cloudAppEvent(record, JSON.stringify(record)), Type: 'CloudAppEvents' })),
      'am-cloudappevents',
    ),
};

/** `CopilotActivity` of a Log Analytics export. */
export const activityBlob = (records: readonly Raw[]): HeldBlob =>
  hourly(records.map(activityLine), 'am-copilotactivity');
