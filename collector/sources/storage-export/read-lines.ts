/** JSON Lines that may still be growing. */
import type { Element } from '../../contracts.ts';
import type { Piece } from './read-whole.ts';
import type { Rows } from './rows.ts';

/** Bytes from the beginning up to, and without, another. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Some lines. */
export interface Part extends Piece {
  /** Bytes from the beginning that all lines so far take. */
  readonly bytes: number;
  /** From the first to the last line of these that could not be read; absent when all could. */
  readonly broken?: Range;
}

/** How lines are read. */
export interface LinesOptions {
  readonly rows: Rows;
  /** Takes what follows the last line feed for a line, too; otherwise it waits for its end. */
  readonly tail: 'wait' | 'take';
}

// A thousand times a usual record.
const MAX_LINE_BYTES = 8 * 1024 * 1024;
const PART_BYTES = 256 * 1024;
const LF = 0x0a;

/**
 * Reads lines that end with LF or CRLF; one that is too long is counted and skipped without being held. Rejects with the
 * error of the bytes, after the lines that came before it.
 */
export async function* readLines(
  chunks: AsyncIterable<Buffer>,
  { rows, tail }: LinesOptions,
): AsyncGenerator<Part, void> {
  let elements: Element[] = [];
  let strangers = 0;
  let broken: Range | undefined;
  let bytes = 0;
  let taken = 0;
  let held: Buffer[] = [];
  let heldBytes = 0;

  const keep = (part: Buffer): void => {
    heldBytes += part.length;
    if (heldBytes <= MAX_LINE_BYTES) held.push(part);
    else held = [];
  };
  const take = (): Part => {
    const part = { seen: strangers + elements.length, foreign: strangers, elements, bytes, ...(broken && { broken }) };
    elements = [];
    strangers = 0;
    broken = undefined;
    taken = bytes;
    return part;
  };
  function endLine(): void {
    const before = elements.length;
    const [only] = held;
    if (heldBytes > MAX_LINE_BYTES) elements.push({ ok: false, bytes: heldBytes, reason: 'too long to be a record' });
    else if (only !== undefined) readLine(held.length > 1 ? Buffer.concat(held) : only);
    if (elements.slice(before).some(({ ok }) => !ok)) broken = { from: broken?.from ?? bytes, to: bytes + heldBytes };
    bytes += heldBytes;
    held = [];
    heldBytes = 0;
  }
  function readLine(line: Buffer): void {
    if (rows.isForeign(line)) {
      strangers++;
      return;
    }
    // `trim` takes a byte order mark off as well.
    const text = line.toString('utf8').trim();
    if (text !== '') elements.push(...rows.textToElements(text));
  }

  let failure: { readonly error: unknown } | undefined;
  try {
    for await (const chunk of chunks) {
      let from = 0;
      for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, from)) {
        keep(chunk.subarray(from, end));
        endLine();
        bytes++;
        from = end + 1;
        if (bytes - taken >= PART_BYTES) yield take();
      }
      if (from < chunk.length) keep(chunk.subarray(from));
    }
  } catch (error) {
    failure = { error };
  }
  if (failure === undefined && tail === 'take' && heldBytes > 0) endLine();
  if (bytes > taken) yield take();
  if (failure !== undefined) throw failure.error;
}
