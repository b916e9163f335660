/** A workspace whose rows the collector's own code made from raw audit records, and the stored functions over it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseRecord } from '../../../../collector/records/parse-record.ts';
import { toAuditRow } from '../../../../collector/rows/to-audit-row.ts';
import type { Engine } from '../../../../kql/engine/engine.ts';
import { fromJsonRows, type JsonRow } from '../../../../kql/engine/json-rows.ts';
import type { TableRows } from '../../../../kql/engine/table-reader.ts';
import { formatJson } from '../../../../kql/engine/values/json.ts';
import { Datetime, type Value } from '../../../../kql/engine/values/types.ts';
import { schemaOf, workspaceEngine } from '../../../../workspace/workspace.ts';

/** The clock of every query. */
export const now = new Date('2026-09-02T12:00:00Z');
/** When events of the fixtures happened. */
export const eventTime = '2026-09-01T09:30:00Z';

const kql = workspaceEngine();
const fixtures = fileURLToPath(new URL('../../../fixtures/records/', import.meta.url));

type Raw = Readonly<Record<string, unknown>>;

/** A raw audit record of `test/fixtures/records` with some fields of its own. */
export function fixture(name: string, changes: Raw = {}): Raw {
  return { ...(JSON.parse(readFileSync(`${fixtures}${name}.json`, 'utf8')) as Raw), ...changes };
}

/** A raw interaction: `id` counts up the last digits of a GUID; `event` is CopilotEventData. */
export function interaction(id: number, event: Raw = {}, changes: Raw = {}): Raw {
  const raw = {
    CreationTime: '2026-09-01T09:30:00',
    Id: `e0e0e0e0-0000-4000-8000-${String(id).padStart(12, '0')}`,
    Operation: 'CopilotInteraction',
    OrganizationId: '0a1b2c3d-0000-4000-8000-0000000000ff',
    RecordType: 261,
    UserKey: '3e3e3e3e-0000-4000-8000-000000000001',
    UserType: 0,
    UserId: 'megan@contoso.example',
    Workload: 'Copilot',
    CopilotEventData: { AppHost: 'Word', ThreadId: `19:thread-${id}@thread.v2`, Messages: [], ...event },
    ...changes,
  };
  // What is undefined is not there, as on the wire.
  return JSON.parse(JSON.stringify(raw)) as Raw;
}

/** The id that `interaction(id)` has in rows. */
export const idOf = (id: number): string => `e0e0e0e0-0000-4000-8000-${String(id).padStart(12, '0')}`;

export interface Arrival {
  /** When the row reached the workspace; a minute after the event by default. */
  readonly received?: string;
  /** Columns that enrichment would have filled. */
  readonly columns?: JsonRow;
}

/** The row of `CopilotAudit_CL` that the collector sends for a raw record. */
export function auditRow(raw: Raw, { received, columns = {} }: Arrival = {}): JsonRow {
  const parsed = parseRecord(raw, { contentFields: 'drop' });
  if (!parsed.ok) throw new Error(parsed.reason);
  const { eventTime: happened } = parsed.record;
  const arrived = received ?? new Date(Date.parse(happened) + 60_000).toISOString();
  const row = toAuditRow(parsed.record, { source: 'activity-feed', contentCreated: happened, collectedTime: arrived });
  const isLate = Date.parse(arrived) - Date.parse(happened) > 46 * 3_600_000;
  const sent = { ...row, TimeGenerated: isLate ? arrived : happened, TimeClamped: isLate, _TimeReceived: arrived };
  return { ...(JSON.parse(JSON.stringify(sent)) as JsonRow), ...columns };
}

/** When Microsoft's tables have a record that happened at `time`: some minutes later. */
const laterThan = (time: unknown): string =>
  new Date(Date.parse(`${String(time).replace(/Z$/, '')}Z`) + 7 * 60_000).toISOString();

/** A row of `CopilotActivity` for a raw record; Microsoft's connector gives it an id of `RecordId`. */
export function activityRow(raw: Raw, columns: JsonRow = {}): JsonRow {
  const event = raw.CopilotEventData as JsonRow | undefined;
  return {
    TimeGenerated: `${String(raw.CreationTime)}Z`,
    _TimeReceived: laterThan(raw.CreationTime),
    RecordId: String(raw.Id),
    RecordType: String(raw.Operation),
    ActorName: String(raw.UserId),
    ActorUserId: String(raw.UserKey),
    ActorUserType: 'Regular',
    AppHost: event?.AppHost ?? null,
    AgentId: (raw.AgentId ?? null) as Value,
    AppIdentity: (raw.AppIdentity ?? null) as Value,
    Workload: String(raw.Workload),
    LLMEventData: (event ?? raw.CopilotSettingsEventData ?? null) as Value,
    ...columns,
  };
}

/** A row of `CloudAppEvents`, which holds the raw record as an object or as text. */
export function cloudAppRow(raw: Raw, form: 'object' | 'text' = 'object', columns: JsonRow = {}): JsonRow {
  return {
    TimeGenerated: `${String(raw.CreationTime)}Z`,
    _TimeReceived: laterThan(raw.CreationTime),
    ActionType: String(raw.Operation),
    RawEventData: form === 'object' ? (raw as JsonRow) : JSON.stringify(raw),
    ...columns,
  };
}

export interface EntityFacts {
  readonly aliases?: readonly string[] | null;
  readonly observed?: string;
}

/** A row of `CopilotEntities_CL`. */
export function entityRow(
  kind: string,
  key: string,
  facts: JsonRow,
  { aliases = [], observed }: EntityFacts = {},
): JsonRow {
  const time = observed ?? '2026-09-01T00:00:00Z';
  return {
    TimeGenerated: time,
    Kind: kind,
    Key: key,
    Aliases: aliases,
    Facts: facts,
    ObservedTime: time,
    FirstSeenTime: '2026-08-01T00:00:00Z',
  };
}

/** Rows by name of table. */
export type Tables = Readonly<Record<string, readonly JsonRow[]>>;
/** A row of an answer; times and nested values as JSON has them. */
export type Answer = Readonly<Record<string, unknown>>;

function plain(value: Value): unknown {
  if (value === null || typeof value !== 'object') return value;
  const json: unknown = JSON.parse(formatJson(value));
  return value instanceof Datetime && typeof json === 'string' ? json.replace(/\.?0*Z$/, 'Z') : json;
}

/** Runs a query over rows. */
export function ask(query: string, tables: Tables = {}, within: Engine = kql): readonly Answer[] {
  const relations: Record<string, TableRows> = {};
  for (const [name, rows] of Object.entries(tables)) relations[name] = fromJsonRows(schemaOf(name), rows);
  const { columns, rows } = within.prepare(query).run({ now, tables: relations });
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, plain(row[index] ?? null)])));
}

/** The types of the columns that a query answers with, by name. */
export function typesOf(query: string, within: Engine = kql): Readonly<Record<string, string>> {
  const { columns } = within.prepare(query).run({ now });
  return Object.fromEntries(columns.map(({ name, type }) => [name, type]));
}

/** One column of an answer, sorted. */
export const valuesOf = (answers: readonly Answer[], column: string): readonly unknown[] =>
  answers.map((answer) => answer[column]).toSorted((a, b) => String(a).localeCompare(String(b)));

/** A raw half of a turn with a Studio agent, some seconds after 09:00. */
export function half(
  role: 'runtime' | 'client',
  id: number,
  seconds: number,
  event: object = {},
  changes: object = {},
) {
  const CreationTime = new Date(Date.parse('2026-09-01T09:00:00Z') + seconds * 1000).toISOString().slice(0, 19);
  const own = role === 'runtime' ? 'studio-runtime-half' : 'studio-client-half';
  const raw = fixture(own);
  return {
    ...raw,
    Id: idOf(id),
    CreationTime,
    ...changes,
    CopilotEventData: { ...(raw.CopilotEventData as object), ...event },
  };
}
