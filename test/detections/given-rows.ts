/** One row of a case: a base, what differs, and when it happened and came in. */
import { parseRecord } from '../../collector/records/parse-record.ts';
import { toAuditRow } from '../../collector/rows/to-audit-row.ts';
import type { Json } from '../../collector/schema/index.ts';
import { timeStamps } from '../../collector/sinks/stamp-time.ts';
import type { Given } from '../../kql/content/rule-tests.ts';
import { removeField, setField } from './field-path.ts';
import { filled, isoOf, type Moment } from './times.ts';

const AT = -10 * 60_000;
const LAG = 5 * 60_000;
const AUDIT = 'CopilotAudit_CL';
const OWN = /^Copilot\w+_CL$/;

/** A row as it lies in a table. */
export type StoredRow = Readonly<Record<string, Json>>;

/** When something happened, and when it came in: milliseconds since 1970. */
export interface Times {
  readonly at: number;
  readonly ingested: number;
}

function isJson(value: unknown): value is Json {
  if (Array.isArray(value)) return value.every(isJson);
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isJson);
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** As it comes over the wire: what is undefined is not there. @throws Error naming a field that is no JSON value */
export function toStoredRow(fields: object): StoredRow {
  const row: Record<string, Json> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (!isJson(value)) throw new Error(`${name}: no JSON value`);
    row[name] = value;
  }
  return row;
}

/** The times of one of the copies that a case asks for. `run` and `late` in milliseconds. */
export function timesOf(given: Given, index: number, run: number, late: number): Times {
  const at = run + (given.at ?? AT) + index * given.every;
  const isOurs = given.record !== undefined || OWN.test(given.row ?? '');
  const lag = given.row !== undefined && isOurs ? 0 : LAG;
  const ingested = given.ingested === undefined ? Math.min(at + lag, Math.max(run, at)) : run + given.ingested;
  // Only what the collector sends comes late: other tables had their rows in time.
  return { at: at - late, ingested: isOurs ? ingested : ingested - late };
}

/** A base with the changes of a case. */
export function changed(base: Record<string, unknown>, given: Given, moment: Moment): Record<string, unknown> {
  const fields = Object.fromEntries(Object.entries(base).map(([name, value]) => [name, filled(value, moment)]));
  for (const [path, value] of Object.entries(given.set)) setField(fields, path, filled(structuredClone(value), moment));
  for (const path of given.unset) removeField(fields, path);
  return fields;
}

/** The row that the collector sends for a raw record. @throws Error where the record is none */
export function auditRow(raw: unknown, ingested: number, columns: StoredRow): StoredRow {
  const parsed = parseRecord(raw, { contentFields: 'drop' });
  if (!parsed.ok) throw new Error(`record: ${parsed.reason}`);
  const received = isoOf(ingested);
  const row = toAuditRow(parsed.record, { source: 'activity-feed', contentCreated: received, collectedTime: received });
  return arrivedAt(AUDIT, toStoredRow({ ...row, ...columns }), ingested);
}

/** A row of a table of ours with the stamps of its sending; a row of another table with the time of receipt. */
export function arrivedAt(table: string, row: StoredRow, ingested: number): StoredRow {
  const received = { ...row, _TimeReceived: isoOf(ingested) };
  if (!OWN.test(table)) return received;
  const { timeGenerated, timeClamped } = timeStamps(row, ingested);
  return { ...received, TimeGenerated: timeGenerated, ...(table === AUDIT ? { TimeClamped: timeClamped } : {}) };
}

/** The same row delivered once more: an audit record is stamped anew by the sink, others are as they were. */
export const arrivedAgain = (table: string, row: StoredRow, ingested: number): StoredRow =>
  table === AUDIT ? arrivedAt(table, row, ingested) : { ...row, _TimeReceived: isoOf(ingested) };
