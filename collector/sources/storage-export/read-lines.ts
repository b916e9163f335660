/** JSON Lines that may still be growing. */
import type { Element } from '../../contracts.ts';
import { type ExportFormat, textToElements } from './rows.ts';

/** Some lines: their records, and how many bytes from the beginning all lines so far take. */
export interface Part {
  readonly elements: readonly Element[];
  readonly bytes: number;
}

/** How lines are read. */
export interface LinesOptions {
  readonly format: ExportFormat;
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
  { format, tail }: LinesOptions,
): AsyncGenerator<Part, void> {
  let elements: Element[] = [];
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
    const part = { elements, bytes };
    elements = [];
    taken = bytes;
    return part;
  };
  function endLine(): void {
    if (heldBytes > MAX_LINE_BYTES) elements.push({ ok: false, bytes: heldBytes, reason: 'too long to be a record' });
    else {
      const [only = Buffer.alloc(0)] = held;
      // `trim` takes a byte order mark off as well.
      const text = (held.length > 1 ? Buffer.concat(held) : only).toString('utf8').trim();
      if (text !== '') elements.push(...textToElements(text, format));
    }
    bytes += heldBytes;
    held = [];
    heldBytes = 0;
  }

  let failure: unknown;
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
    failure = error;
  }
  if (failure === undefined && tail === 'take' && heldBytes > 0) endLine();
  if (bytes > taken) yield take();
  if (failure !== undefined) throw failure;
}
