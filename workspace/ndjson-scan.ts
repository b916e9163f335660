/** Reads chosen members of the objects in an NDJSON file without parsing the rest of them. */
import { closeSync, openSync, readSync } from 'node:fs';

/** Told of a wanted member: which one, where the bytes of its value lie, and where in the file `bytes[0]` is. */
type OnMember = (member: number, bytes: Buffer, start: number, end: number, offset: number) => void;

const chunkBytes = 8 * 1024 * 1024;
const lineFeed = 10;
const quote = 34;
const comma = 44;
const colon = 58;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;

const isBlank = (byte: number | undefined): boolean => byte === 32 || byte === 9 || byte === 13;

/** The index behind the closing quote of a string that starts at `at`. */
function skipString(bytes: Buffer, at: number, end: number): number {
  let index = at + 1;
  while (index < end) {
    const byte = bytes[index];
    if (byte === quote) return index + 1;
    index += byte === backslash ? 2 : 1;
  }
  return end;
}

/** The index behind the value that starts at `at`. */
function skipValue(bytes: Buffer, at: number, end: number): number {
  const first = bytes[at];
  if (first === quote) return skipString(bytes, at, end);
  let index = at;
  if (first !== openBrace && first !== openBracket) {
    while (index < end && bytes[index] !== comma && bytes[index] !== closeBrace) index += 1;
    return index;
  }
  let depth = 0;
  while (index < end) {
    const byte = bytes[index];
    if (byte === quote) {
      index = skipString(bytes, index, end);
      continue;
    }
    if (byte === openBrace || byte === openBracket) depth += 1;
    else if (byte === closeBrace || byte === closeBracket) depth -= 1;
    index += 1;
    if (depth === 0) return index;
  }
  return end;
}

/** Finds a name by its bytes: length, first and last byte choose the candidate, a comparison confirms it. */
function memberFinder(names: readonly string[]): (bytes: Buffer, start: number, end: number) => number {
  const byShape = new Map<number, { readonly name: Buffer; readonly member: number }[]>();
  const shape = (bytes: Buffer, start: number, end: number): number =>
    ((end - start) << 16) | ((bytes[start] ?? 0) << 8) | (bytes[end - 1] ?? 0);
  for (const [member, text] of names.entries()) {
    const name = Buffer.from(text);
    const key = shape(name, 0, name.length);
    byShape.set(key, [...(byShape.get(key) ?? []), { name, member }]);
  }
  return (bytes, start, end) => {
    const candidates = byShape.get(shape(bytes, start, end));
    if (candidates === undefined) return -1;
    for (const { name, member } of candidates) if (bytes.compare(name, 0, name.length, start, end) === 0) return member;
    return -1;
  };
}

/** Why a line is no row. */
export class LineError extends Error {
  override readonly name = 'LineError';
}

/**
 * Reads a file from its start to its last LF and tells of each line and then of its members that are named. A line without LF at the
 * end is one that is being written: it is left out. Blank lines are skipped.
 * @throws LineError naming file and line for a line that is no JSON object
 */
export function scanNdjson(path: string, names: readonly string[], onLine: () => void, onMember: OnMember): void {
  const find = memberFinder(names);
  let line = 0;
  const fail = (): never => {
    throw new LineError(`${path}, line ${line}: not a JSON object; remove the line or mend it`);
  };

  const scanLine = (bytes: Buffer, start: number, end: number, offset: number): void => {
    let at = start + 1;
    let left = names.length;
    for (;;) {
      while (isBlank(bytes[at]) || bytes[at] === comma) at += 1;
      if (bytes[at] === closeBrace) return;
      if (at >= end || bytes[at] !== quote) fail();
      const behindName = skipString(bytes, at, end);
      const member = find(bytes, at + 1, behindName - 1);
      at = behindName;
      while (isBlank(bytes[at])) at += 1;
      if (bytes[at] !== colon) fail();
      at += 1;
      while (isBlank(bytes[at])) at += 1;
      const behind = skipValue(bytes, at, end);
      if (member >= 0) {
        onMember(member, bytes, at, behind, offset);
        left -= 1;
        // What follows is not asked for.
        if (left === 0) return;
      }
      at = behind;
    }
  };

  const file = openSync(path, 'r');
  try {
    let bytes = Buffer.allocUnsafe(chunkBytes);
    let held = 0;
    let heldStart = 0;
    for (;;) {
      if (held === bytes.length) bytes = Buffer.concat([bytes], 2 * bytes.length);
      const read = readSync(file, bytes, held, bytes.length - held, heldStart + held);
      if (read === 0) return;
      const filled = held + read;
      let start = 0;
      for (;;) {
        const end = bytes.indexOf(lineFeed, start);
        if (end < 0 || end >= filled) break;
        line += 1;
        let first = start;
        while (first < end && isBlank(bytes[first])) first += 1;
        if (first < end) {
          if (bytes[first] !== openBrace) fail();
          onLine();
          if (names.length > 0) scanLine(bytes, first, end, heldStart);
        }
        start = end + 1;
      }
      bytes.copyWithin(0, start, filled);
      held = filled - start;
      heldStart += start;
    }
  } finally {
    closeSync(file);
  }
}
