import { plainText, stringEnd, valueEnd } from './json-bytes.ts';
import { isCopilotOperation, isCopilotWorkload } from './operations.ts';
import { isCopilotRecordType, type RecordTypeOptions } from './record-types.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const CASE_BIT = 0x20;
const OPEN = 0x7b;

const names = ['workload', 'operation', 'recordtype', 'copiloteventdata', 'copilotsettingseventdata'] as const;
type Name = (typeof names)[number];

const candidates = names.map((name) => ({ name, codes: Uint8Array.from(name, (letter) => letter.charCodeAt(0)) }));

/** The name that the bytes spell in any casing of ASCII letters, or null. */
function interestingName(bytes: Uint8Array, from: number, to: number): Name | null {
  for (const { name, codes } of candidates) {
    if (codes.length !== to - from) continue;
    let same = 0;
    while (same < codes.length && ((bytes[from + same] ?? 0) | CASE_BIT) === codes[same]) same++;
    if (same === codes.length) return name;
  }
  return null;
}

/** Where a member of an object lies: its key without quotes, and its value. */
export interface Member {
  readonly keyFrom: number;
  readonly keyTo: number;
  readonly valueFrom: number;
  readonly valueTo: number;
}

/** True when a member may make its object a Copilot record. A key with an escape is not looked into. */
export function isSignOfCopilot(bytes: Uint8Array, member: Member, options: RecordTypeOptions): boolean {
  const name = interestingName(bytes, member.keyFrom, member.keyTo);
  return name !== null && maySelect(name, bytes, member.valueFrom, member.valueTo, options);
}

function maySelect(name: Name, bytes: Uint8Array, from: number, to: number, options: RecordTypeOptions): boolean {
  if (name === 'copiloteventdata' || name === 'copilotsettingseventdata') return true;
  const text = plainText(bytes, from, to)?.trim();
  if (text === undefined) return true;
  const isString = text.startsWith('"');
  const value = isString ? text.slice(1, -1) : text;
  // Neither a string nor a number: not JSON, which is found out by parsing it.
  if (name === 'recordtype' && !isString && Number.isNaN(Number(value))) return true;
  if (name === 'recordtype') return isCopilotRecordType(isString ? value : Number(value), options);
  return isString && (name === 'workload' ? isCopilotWorkload(value) : isCopilotOperation(value));
}

/**
 * True when an element of a body may be a Copilot record, without parsing it: whenever `isCopilotRecord` says true of the
 * parsed element, this does too. Looks at top-level keys only; a key or value with an escape counts as a maybe.
 */
export function mayBeCopilot(element: Uint8Array, options: RecordTypeOptions = {}): boolean {
  const to = element.length;
  let i = 0;
  while (i < to && (element[i] ?? 0) <= 0x20) i++;
  if (element[i] !== OPEN) return false;
  while (i < to) {
    // Between values: the next quote opens a key, because whatever stood before it was skipped.
    while (i < to && element[i] !== QUOTE) i++;
    const keyStart = i + 1;
    const keyEnd = stringEnd(element, keyStart, to);
    if (keyEnd >= to) return false;
    let colon = keyEnd + 1;
    while (colon < to && (element[colon] ?? 0) <= 0x20) colon++;
    const end = valueEnd(element, colon + 1, to);
    for (let k = keyStart; k < keyEnd; k++) if (element[k] === BACKSLASH) return true;
    const name = interestingName(element, keyStart, keyEnd);
    if (name !== null && maySelect(name, element, colon + 1, end, options)) return true;
    i = end + 1;
  }
  return false;
}
