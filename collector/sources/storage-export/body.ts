/** The bytes of a blob as they come over a network. */
import { addAbortSignal, type Readable } from 'node:stream';

/** The body ended before its end: the network's trouble or the store's, not the file's. */
export class BrokenOff extends Error {
  override readonly name = 'BrokenOff';
}

const STALL_MS = 60_000;

/** A body whose beginning is known. */
export interface Body {
  /** The first bytes; undefined when there are none. */
  readonly head: Buffer | undefined;
  /** All bytes, the first ones too; throws BrokenOff. To be read once. */
  readonly bytes: AsyncIterable<Buffer>;
  /** Ends the answer; what was not read never comes. */
  readonly close: () => void;
}

/** How long to wait. */
export interface BodyOptions {
  readonly signal: AbortSignal;
  /** Longest wait for the next byte; time in which nobody waits does not count. */
  readonly stallMs?: number;
}

/** Looks at the beginning of a body. Throws BrokenOff, also when no byte comes for a minute while one is waited for. */
export async function readBody(stream: Readable, { signal, stallMs = STALL_MS }: BodyOptions): Promise<Body> {
  addAbortSignal(signal, stream);
  const reader: AsyncIterator<unknown> = stream[Symbol.asyncIterator]();

  async function next(): Promise<Buffer | undefined> {
    const timer = setTimeout(() => stream.destroy(new Error(`no byte for ${stallMs} ms`)), stallMs);
    try {
      const { done, value } = await reader.next();
      if (done === true) return undefined;
      if (Buffer.isBuffer(value)) return value;
      throw new Error('a body of text');
    } catch (error) {
      throw new BrokenOff(error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error));
    } finally {
      clearTimeout(timer);
    }
  }

  async function* from(head: Buffer | undefined): AsyncGenerator<Buffer, void> {
    for (let chunk = head; chunk !== undefined; chunk = await next()) yield chunk;
  }

  const head = await next();
  return { head, bytes: from(head), close: () => void stream.destroy() };
}
