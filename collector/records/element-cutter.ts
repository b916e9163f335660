import { MalformedBody } from './malformed-body.ts';

/** What the cutter reports, in the order of the array. */
export interface ElementCutterOptions {
  /** One complete element. The bytes are valid only during the call. */
  readonly onElement: (element: Uint8Array) => void;
  /** An element longer than `maxElementBytes` was skipped; `bytes` is its length. */
  readonly onOversize?: (bytes: number) => void;
  /** Default 4 MiB: a thousand times a usual record. */
  readonly maxElementBytes?: number;
}

/** Cuts the elements of a JSON array out of a byte stream. */
export interface ElementCutter {
  /** Takes the next bytes, of any length. Throws MalformedBody. */
  readonly push: (chunk: Uint8Array) => void;
  /** Says that the stream has ended. Throws MalformedBody when the array has not. */
  readonly end: () => void;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
// Bit 0x20 tells `[` from `{` and `]` from `}`, and no other byte shares the rest.
const CASE_BIT = 0x20;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const BOM = [0xef, 0xbb, 0xbf];

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

type Phase = 'start' | 'first' | 'next' | 'container' | 'scalar' | 'after' | 'done';

/** The kind of a byte, never the text it begins: a body may be anybody's. */
const kindOf = (byte: number | undefined): string => {
  if (byte === 0x3c) return '"<", as pages do';
  if (byte === OPEN) return '"{"';
  return byte === QUOTE ? 'a string' : 'another character';
};

/**
 * A cutter for one body. Holds no more than the unfinished element; checks the array itself and nothing inside elements,
 * so an element may still be invalid JSON.
 */
export function elementCutter({
  onElement,
  onOversize,
  maxElementBytes = 4 * 1024 * 1024,
}: ElementCutterOptions): ElementCutter {
  let phase: Phase = 'start';
  let bomBytes = 0;
  let depth = 0;
  let inString = false;
  let escaped = false;
  // The part of the unfinished element that earlier chunks held; past the maximum only its length is kept.
  let carry = new Uint8Array(0);
  let carried = 0;

  function keep(part: Uint8Array): void {
    const length = carried + part.length;
    if (length > maxElementBytes) carry = new Uint8Array(0);
    else {
      if (length > carry.length) {
        const grown = new Uint8Array(Math.max(length, 2 * carry.length, 4096));
        grown.set(carry.subarray(0, carried));
        carry = grown;
      }
      carry.set(part, carried);
    }
    carried = length;
  }

  function hand(part: Uint8Array): void {
    const length = carried + part.length;
    phase = 'after';
    if (length > maxElementBytes) {
      carried = 0;
      carry = new Uint8Array(0);
      onOversize?.(length);
    } else if (carried === 0) onElement(part);
    else {
      keep(part);
      carried = 0;
      onElement(carry.subarray(0, length));
    }
  }

  /** Index after the last byte of the object or array, or -1 when the chunk ends inside it. */
  function skipContainer(bytes: Uint8Array, from: number): number {
    const to = bytes.length;
    let i = from;
    let level = depth;
    let quoted = inString;
    if (escaped && i < to) {
      i++;
      escaped = false;
    }
    while (i < to) {
      let byte = bytes[i++] ?? 0;
      if (!quoted) {
        // Other bytes (names, numbers, commas) say nothing about where the element ends.
        const folded = byte | CASE_BIT;
        if (folded === OPEN) level++;
        else if (folded === CLOSE && --level === 0) {
          depth = 0;
          inString = false;
          return i;
        }
        if (byte !== QUOTE) continue;
        quoted = true;
        if (i === to) break;
        byte = bytes[i++] ?? 0;
      }
      while (byte !== QUOTE && byte !== BACKSLASH && i < to) byte = bytes[i++] ?? 0;
      if (byte === QUOTE) quoted = false;
      else if (byte === BACKSLASH && i++ === to) escaped = true;
    }
    depth = level;
    inString = quoted;
    return -1;
  }

  function skipScalar(bytes: Uint8Array, from: number): number {
    for (let i = from; i < bytes.length; i++) {
      const byte = bytes[i] ?? 0;
      if (escaped) escaped = false;
      else if (inString) {
        if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
      } else if (byte === QUOTE) inString = true;
      else if (byte === COMMA || byte === CLOSE_LIST || isSpace(byte)) return i;
    }
    return -1;
  }

  function start(chunk: Uint8Array, at: number): number {
    const byte = chunk[at] ?? 0;
    if (bomBytes < BOM.length && byte === BOM[bomBytes]) bomBytes++;
    else if (byte === OPEN_LIST) phase = 'first';
    else if (!isSpace(byte)) {
      throw new MalformedBody('not-an-array', `body is not a JSON array: it starts with ${kindOf(byte)}`);
    } else bomBytes = BOM.length;
    return at + 1;
  }

  /** The bytes between elements: one at a time, for they are few. */
  function between(chunk: Uint8Array, at: number): number {
    const byte = chunk[at] ?? 0;
    if (isSpace(byte)) return at + 1;
    if (phase === 'done') {
      throw new MalformedBody('trailing-bytes', `body goes on after its array with ${kindOf(byte)}`);
    }
    if (byte === CLOSE_LIST && phase !== 'next') {
      phase = 'done';
      return at + 1;
    }
    if (phase === 'after' && byte === COMMA) {
      phase = 'next';
      return at + 1;
    }
    if (phase === 'after' || byte === COMMA || (byte | CASE_BIT) === CLOSE) {
      throw new MalformedBody('syntax', `body is not a JSON array: an element is followed by ${kindOf(byte)}`);
    }
    phase = (byte | CASE_BIT) === OPEN ? 'container' : 'scalar';
    return at;
  }

  function push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (phase === 'container' || phase === 'scalar') {
        const stop = phase === 'container' ? skipContainer(chunk, at) : skipScalar(chunk, at);
        if (stop === -1) {
          keep(chunk.subarray(at));
          return;
        }
        hand(chunk.subarray(at, stop));
        at = stop;
      } else at = phase === 'start' ? start(chunk, at) : between(chunk, at);
    }
  }

  function end(): void {
    if (phase === 'done') return;
    if (phase === 'start') throw new MalformedBody('not-an-array', 'body is not a JSON array: it is empty');
    throw new MalformedBody('truncated', `body is truncated: it ends ${carried} bytes into an element or before "]"`);
  }

  return { push, end };
}
