/** A row of an export -> the audit records in it, whoever wrote it. Pure. */
import type { Element } from '../../contracts.ts';
import { isObject, type RawObject } from '../../records/json-value.ts';
import { isCopilotOperation } from '../../records/operations.ts';
import { toActivityRecord } from './activity-record.ts';

/** Which rows are expected: `auto` takes every known kind; with any other, foreign rows are counted as unparsable. */
export type ExportFormat = 'auto' | RowKind;

/** Kinds of rows: Defender's CloudAppEvents, Sentinel's CopilotActivity, and the audit record itself (Purview, API). */
export type RowKind = 'cloud-app-events' | 'copilot-activity' | 'audit-data';

interface Decoder {
  readonly knows: (row: RawObject) => boolean;
  /** The record; null when the row has none that could be Copilot's. Throws when it should have one. */
  readonly toRecord: (row: RawObject) => unknown;
}

const decoders: Readonly<Record<RowKind, Decoder>> = {
  'cloud-app-events': {
    knows: (row) => 'RawEventData' in row || ('ActionType' in row && 'Application' in row),
    // What Defender adds (country, city, provider, browser) has no column, and its `__UDI_` fields are plumbing.
    toRecord: ({ RawEventData, ActionType }) => {
      const record = fromText(RawEventData, 'RawEventData');
      if (!isObject(record) && isCopilotOperation(ActionType)) throw new Error('RawEventData is no JSON object');
      return record;
    },
  },
  'audit-data': {
    knows: (row) => 'AuditData' in row || 'auditData' in row || ('Id' in row && 'CreationTime' in row),
    toRecord: (row) =>
      'AuditData' in row || 'auditData' in row ? fromText(row['AuditData'] ?? row['auditData'], 'AuditData') : row,
  },
  'copilot-activity': {
    knows: (row) => 'LLMEventData' in row || row['Type'] === 'CopilotActivity',
    toRecord: (row) => toActivityRecord(row, fromText(row['LLMEventData'], 'LLMEventData')),
  },
};

/** The decoders that a format allows, in the order in which they are asked. */
function decodersOf(format: ExportFormat): readonly Decoder[] {
  return format === 'auto' ? Object.values(decoders) : [decoders[format]];
}

/** The audit records of one JSON text. */
export function textToElements(text: string, format: ExportFormat): readonly Element[] {
  try {
    return toElements(JSON.parse(text), format);
  } catch {
    return [{ ok: false, bytes: Buffer.byteLength(text), reason: 'not valid JSON' }];
  }
}

/** The audit records of a row; several when it is a page of rows. Never throws on a JSON value. */
export function toElements(value: unknown, format: ExportFormat): readonly Element[] {
  const rows = isObject(value) ? (value['records'] ?? value['value']) : undefined;
  return (Array.isArray(rows) ? rows : [value]).map((row) => toElement(row, format));
}

function toElement(value: unknown, format: ExportFormat): Element {
  const refused = (reason: string): Element => ({ ok: false, bytes: sizeOf(value), reason });
  try {
    const row = isObject(value) ? unwrapped(value) : undefined;
    const decoder = row && decodersOf(format).find(({ knows }) => knows(row));
    if (row !== undefined && decoder !== undefined) return { ok: true, value: decoder.toRecord(row) };
    // A stranger's row: what selects records finds nothing in it.
    if (format === 'auto') return { ok: true, value: row ?? null };
    return refused(`not a row of ${format}: see STORAGE_EXPORT_FORMAT`);
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error));
  }
}

/** Diagnostic settings and Defender put the row into an envelope, as an object or as its text. */
function unwrapped(row: RawObject): RawObject {
  const isEnvelope = 'properties' in row && ('category' in row || 'operationName' in row);
  const inner = isEnvelope ? fromText(row['properties'], 'properties') : row;
  return isObject(inner) ? inner : row;
}

/** A value that may be sent as its own text, even twice. The parser's own message would quote it. */
function fromText(value: unknown, name: string): unknown {
  let found = value;
  for (let times = 0; times < 2 && typeof found === 'string'; times++) {
    if (found.trim() === '') return null;
    try {
      found = JSON.parse(found);
    } catch {
      throw new Error(`${name} is not valid JSON`);
    }
  }
  return found ?? null;
}

/** Bytes of a value, about; 0 for one that is nested too deep to be written. */
function sizeOf(value: unknown): number {
  try {
    return JSON.stringify(value).length;
  } catch {
    return 0;
  }
}
