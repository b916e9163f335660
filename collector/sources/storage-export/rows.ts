/** A row of an export -> the audit records in it, whoever wrote it. Pure. */
import type { Element } from '../../contracts.ts';
import { isObject, type RawObject } from '../../records/json-value.ts';
import { isCopilotOperation } from '../../records/operations.ts';
import type { RecordTypeOptions } from '../../records/record-types.ts';
import { toActivityRecord } from './activity-record.ts';
import type { ExportFormat, RowKind } from './formats.ts';
import { mayHoldCopilot } from './may-hold-copilot.ts';

interface Decoder {
  readonly knows: (row: RawObject) => boolean;
  /** The record; null when the row has none that could be Copilot's. Throws when it should have one. */
  readonly toRecord: (row: RawObject) => unknown;
}

const decoders: Readonly<Record<RowKind, Decoder>> = {
  'cloud-app-events': {
    knows: (row) => 'RawEventData' in row || ('ActionType' in row && 'Application' in row),
    // Its other fields repeat the record or rate it; those named `__UDI_` are plumbing.
    toRecord: (row) => {
      const record = fromText(row['RawEventData'], 'RawEventData');
      if (isObject(record)) return { ...record, ...contextOf(row) };
      if (isCopilotOperation(row['ActionType'])) throw new Error('RawEventData is no JSON object');
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

const CONTEXT = ['CountryCode', 'City', 'ISP', 'UserAgent', 'IsExternalUser'] as const;

/** What Defender found out about the request, where it found anything. */
function contextOf(row: RawObject): RawObject {
  const known = CONTEXT.filter((name) => row[name] !== undefined && row[name] !== null && row[name] !== '');
  return known.length === 0 ? {} : { CloudAppContext: Object.fromEntries(known.map((name) => [name, row[name]])) };
}

/** How rows of one format are read. */
export interface Rows {
  /** True for the bytes of a row that is somebody else's: it need not be parsed, only counted. */
  readonly isForeign: (row: Uint8Array) => boolean;
  /** The audit records of one JSON text. */
  readonly textToElements: (text: string) => readonly Element[];
  /** The audit records of a row; several when it is a page of rows. Never throws on a JSON value. */
  readonly toElements: (value: unknown) => readonly Element[];
}

/** Rows of a format. */
export function rowsOf(format: ExportFormat, options: RecordTypeOptions = {}): Rows {
  return {
    // Of a format that was chosen, rows that are of another are told.
    isForeign:
      format === 'auto'
        ? (row) => !mayHoldCopilot(row, options)
        : format === 'cloud-app-events'
          ? (row) => hasRawEventData(row) && !mayHoldCopilot(row, options)
          : () => false,
    textToElements: (text) => textToElements(text, format),
    toElements: (value) => toElements(value, format),
  };
}

const hasRawEventData = (row: Uint8Array): boolean =>
  Buffer.from(row.buffer, row.byteOffset, row.length).includes('"RawEventData"');

/** The decoders that a format allows, in the order in which they are asked. */
function decodersOf(format: ExportFormat): readonly Decoder[] {
  return format === 'auto' ? Object.values(decoders) : [decoders[format]];
}

function textToElements(text: string, format: ExportFormat): readonly Element[] {
  try {
    return toElements(JSON.parse(text), format);
  } catch {
    return [{ ok: false, bytes: Buffer.byteLength(text), reason: 'not valid JSON' }];
  }
}

function toElements(value: unknown, format: ExportFormat): readonly Element[] {
  const rows = isObject(value) ? (value['records'] ?? value['value']) : value;
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
