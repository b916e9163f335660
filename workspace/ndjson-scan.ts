/** Reads chosen members of the objects in an NDJSON file without parsing the rest of them. */
import { closeSync, openSync, readSync } from 'node:fs';

/** Told of a line: where in the file it starts, and its length, both in bytes. */
type OnLine = (start: number, length: number) => void;
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

/** The index behind the UTF-8 byte order mark that some editors put before a file. */
const afterMark = (bytes: Buffer): number => (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0);

const buckets = 1024;

/** Finds a name by its bytes: length, first and last byte choose the candidates, a comparison confirms one. */
function memberFinder(names: readonly string[]): (bytes: Buffer, start: number, end: number) => number {
  const found: { readonly name: Buffer; readonly member: number }[][] = Array.from({ length: buckets }, () => []);
  const bucketOf = (bytes: Buffer, start: number, end: number): number =>
    ((end - start) * 61 + (bytes[start] ?? 0) * 7 + (bytes[end - 1] ?? 0)) % buckets;
  for (const [member, text] of names.entries()) {
    const name = Buffer.from(text);
    found[bucketOf(name, 0, name.length)]?.push({ name, member });
  }
  return (bytes, start, end) => {
    for (const { name, member } of found[bucketOf(bytes, start, end)] ?? []) {
      if (name.length !== end - start) continue;
      let index = 0;
      while (index < name.length && name[index] === bytes[start + index]) index += 1;
      if (index === name.length) return member;
    }
    return -1;
  };
}

/** Why a line is no row. */
export class LineError extends Error {
  override readonly name = 'LineError';
}

/** The text of a name that is written with escapes; undefined for what is no JSON. */
function unescaped(bytes: Buffer, start: number, end: number): string | undefined {
  try {
    return String(JSON.parse(bytes.toString('utf8', start, end)));
  } catch {
    return undefined;
  }
}

/**
 * Reads a file from its start to its last LF and tells of each line and then of its members that are named; of a member
 * that comes twice, twice. A line without LF at the end is one that is being written: it is left out. Blank lines are
 * skipped.
 * @param until Bytes of the file that are read, for one that has grown since. Default all.
 * @returns bytes up to the last LF
 * @throws LineError naming file and line for a line that is no JSON object, or whose value a callback cannot read
 */
export function scanNdjson(
  path: string,
  names: readonly string[],
  onLine: OnLine,
  onMember: OnMember,
  until = Number.POSITIVE_INFINITY,
): number {
  const find = memberFinder(names);
  let line = 0;
  // By member: the last line that had it, so that one that comes twice counts once.
  const seen = new Float64Array(names.length);
  const fail = (cause?: unknown): never => {
    throw new LineError(`${path}, line ${line}: not a JSON object; remove the line or mend it`, { cause });
  };

  const scanLine = (bytes: Buffer, start: number, end: number, offset: number): void => {
    let at = start + 1;
    let left = names.length;
    for (;;) {
      while (isBlank(bytes[at]) || bytes[at] === comma) at += 1;
      if (bytes[at] === closeBrace) return;
      if (at >= end || bytes[at] !== quote) fail();
      const nameStart = at;
      let isEscaped = false;
      at += 1;
      while (at < end && bytes[at] !== quote) {
        if (bytes[at] === backslash) {
          isEscaped = true;
          at += 1;
        }
        at += 1;
      }
      at += 1;
      const member = isEscaped
        ? names.indexOf(unescaped(bytes, nameStart, at) ?? fail())
        : find(bytes, nameStart + 1, at - 1);
      while (isBlank(bytes[at])) at += 1;
      if (bytes[at] !== colon) fail();
      at += 1;
      while (isBlank(bytes[at])) at += 1;
      const behind = skipValue(bytes, at, end);
      // The object's own brace must follow.
      if (behind >= end) fail();
      if (member >= 0) {
        try {
          onMember(member, bytes, at, behind, offset);
        } catch (error) {
          if (!(error instanceof SyntaxError)) throw error;
          fail(error);
        }
        if (seen[member] !== line) left -= 1;
        seen[member] = line;
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
      const wanted = Math.min(bytes.length - held, until - heldStart - held);
      const read = wanted <= 0 ? 0 : readSync(file, bytes, held, wanted, heldStart + held);
      if (read === 0) return heldStart;
      const filled = held + read;
      let start = 0;
      for (;;) {
        const end = bytes.indexOf(lineFeed, start);
        if (end < 0 || end >= filled) break;
        line += 1;
        let first = heldStart + start === 0 ? afterMark(bytes) : start;
        while (first < end && isBlank(bytes[first])) first += 1;
        if (first < end) {
          if (bytes[first] !== openBrace) fail();
          onLine(heldStart + first, end - first);
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
