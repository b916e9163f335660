/** Tells rows of others from rows that may hold a Copilot record, without parsing them: most rows are of others. */
import { plainText, stringEnd, valueEnd } from '../../records/json-bytes.ts';
import { isSignOfCopilot } from '../../records/may-be-copilot.ts';
import { isCopilotOperation } from '../../records/operations.ts';
import type { RecordTypeOptions } from '../../records/record-types.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const OPEN = 0x7b;
const CLOSE = 0x7d;

// Row, its properties, and the record in these; whatever is nested deeper is left to the parser.
const MAX_LEVELS = 3;
const MAYBE = -1;

/** What a key of a row means: where rows and records are nested, and what says by itself that it may be ours. */
type Meaning = 'row' | 'record' | 'rows' | 'action' | 'ours' | 'nothing';

const meanings: readonly (readonly [string, Meaning])[] = [
  ['properties', 'row'],
  ['RawEventData', 'record'],
  ['AuditData', 'record'],
  ['auditData', 'record'],
  ['records', 'rows'],
  ['value', 'rows'],
  ['ActionType', 'action'],
  ['LLMEventData', 'ours'],
];
const byLength: readonly (readonly { readonly codes: Uint8Array; readonly meaning: Meaning }[])[] = Array.from(
  { length: 1 + Math.max(...meanings.map(([name]) => name.length)) },
  (_, length) =>
    meanings
      .filter(([name]) => name.length === length)
      .map(([name, meaning]) => ({ codes: Buffer.from(name), meaning })),
);

function meaningOf(bytes: Uint8Array, from: number, to: number): Meaning {
  const candidates = byLength[to - from];
  if (candidates === undefined) return 'nothing';
  for (const { codes, meaning } of candidates) {
    let same = 0;
    while (same < codes.length && bytes[from + same] === codes[same]) same++;
    if (same === codes.length) return meaning;
  }
  return 'nothing';
}

/**
 * True when a row of an export, as bytes, may hold a Copilot record or may have something to tell that it cannot be read:
 * whenever `toElements` finds either in the parsed row, this is true. False may stand for a row that is broken somewhere,
 * but begins and ends like an object and has no sign of Copilot.
 */
export function mayHoldCopilot(row: Uint8Array, options: RecordTypeOptions = {}): boolean {
  let from = 0;
  let to = row.length;
  while (from < to && isSpace(row[from])) from++;
  while (to > from && isSpace(row[to - 1])) to--;
  return row[from] !== OPEN || members(row, from, to, 1, options) !== to;
}

const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0d || byte === 0x0a || byte === 0x09;

/** Index after the object that begins at `from`, or MAYBE. */
function members(bytes: Uint8Array, from: number, to: number, level: number, options: RecordTypeOptions): number {
  if (level > MAX_LEVELS) return MAYBE;
  let i = from + 1;
  for (;;) {
    // Between values: a quote opens the next key, because whatever stood before it was skipped.
    while (i < to && bytes[i] !== QUOTE && bytes[i] !== CLOSE) i++;
    if (i >= to) return MAYBE;
    if (bytes[i] === CLOSE) return i + 1;
    const keyFrom = i + 1;
    const keyTo = stringEnd(bytes, keyFrom, to);
    for (let k = keyFrom; k < keyTo; k++) if (bytes[k] === BACKSLASH) return MAYBE;
    let valueFrom = keyTo + 1;
    while (valueFrom < to && (isSpace(bytes[valueFrom]) || bytes[valueFrom] === COLON)) valueFrom++;
    const meaning = meaningOf(bytes, keyFrom, keyTo);
    const first = bytes[valueFrom];
    if (first === OPEN && (meaning === 'row' || meaning === 'record')) {
      i = members(bytes, valueFrom, to, level + 1, options);
      if (i === MAYBE) return MAYBE;
      continue;
    }
    i = valueEnd(bytes, valueFrom, to);
    const isSign =
      meaning === 'nothing'
        ? isSignOfCopilot(bytes, { keyFrom, keyTo, valueFrom, valueTo: i }, options)
        : saysMaybe(meaning, bytes.subarray(valueFrom, i), level, options);
    if (isSign) return MAYBE;
  }
}

/** True when the value of a key with a meaning may be ours. */
function saysMaybe(meaning: Meaning, value: Uint8Array, level: number, options: RecordTypeOptions): boolean {
  const first = value[0];
  if (meaning === 'ours') return true;
  if (meaning === 'rows') return first === OPEN_LIST;
  if (first !== QUOTE) return false;
  if (meaning === 'row' || meaning === 'record') return textMayHold(value, level, options);
  const text = plainText(value, 0, value.length)?.trim().slice(1, -1);
  return text === undefined || isCopilotOperation(text);
}

/** Rows and records may be sent as their own text. */
function textMayHold(value: Uint8Array, level: number, options: RecordTypeOptions): boolean {
  try {
    const inner: unknown = JSON.parse(Buffer.from(value).toString('utf8'));
    if (typeof inner !== 'string') return true;
    const text = Buffer.from(inner.trim());
    return text.length > 0 && (text[0] !== OPEN || members(text, 0, text.length, level + 1, options) !== text.length);
  } catch {
    return true;
  }
}
