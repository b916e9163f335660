/** Finding one's way in the bytes of JSON without parsing it. Bytes that are no JSON give some answer, never an error. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
// Bit 0x20 tells `[` from `{` and `]` from `}`, and no other byte shares the rest.
const CASE_BIT = 0x20;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** The bytes as ASCII text; null when a byte is an escape or not ASCII, so that its meaning is not plain. */
export function plainText(bytes: Uint8Array, from: number, to: number): string | null {
  let text = '';
  for (let i = from; i < to; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === BACKSLASH || byte > 0x7e) return null;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** Index of the closing quote of a string whose content starts at `from`; `to` when there is none. */
export function stringEnd(bytes: Uint8Array, from: number, to: number): number {
  let i = from;
  while (i < to) {
    const byte = bytes[i] ?? 0;
    if (byte === QUOTE) return i;
    i += byte === BACKSLASH ? 2 : 1;
  }
  return to;
}

/** Index of the comma or bracket that ends the value of a key; `to` when there is none. */
export function valueEnd(bytes: Uint8Array, from: number, to: number): number {
  let level = 0;
  let i = from;
  while (i < to) {
    const byte = bytes[i] ?? 0;
    if (byte === QUOTE) {
      i++;
      while (i < to) {
        const inner = bytes[i] ?? 0;
        if (inner === QUOTE) break;
        i += inner === BACKSLASH ? 2 : 1;
      }
    } else {
      const folded = byte | CASE_BIT;
      if (folded === OPEN) level++;
      else if (folded === CLOSE) {
        if (level-- === 0) return i;
      } else if (byte === COMMA && level === 0) return i;
    }
    i++;
  }
  return to;
}
