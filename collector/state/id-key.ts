import { hash } from 'node:crypto';

// Hex digit by character code; -1 marks everything else, so that one sign check finds a bad digit anywhere.
const digits = new Int8Array(256).fill(-1);
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16);
  digits[digit.charCodeAt(0)] = value;
  digits[digit.toUpperCase().charCodeAt(0)] = value;
}

// Ahead of the hashed string: the hash of an id is then no hash that anybody computes for another purpose,
// so a GUID made from some other hash of the same text does not meet it.
const domain = 'copilot-sentinel seen id 1\0';

const dash = 45;

function digit(id: string, at: number): number {
  return digits[id.charCodeAt(at)] ?? -1;
}

/** Four hex digits as a number, negative when one of them is none. */
function quad(id: string, at: number): number {
  return (digit(id, at) << 12) | (digit(id, at + 1) << 8) | (digit(id, at + 2) << 4) | digit(id, at + 3);
}

function writeGuid(id: string, key: Uint32Array): boolean {
  if (
    id.length !== 36 ||
    id.charCodeAt(8) !== dash ||
    id.charCodeAt(13) !== dash ||
    id.charCodeAt(18) !== dash ||
    id.charCodeAt(23) !== dash
  )
    return false;
  const a = quad(id, 0);
  const b = quad(id, 4);
  const c = quad(id, 9);
  const d = quad(id, 14);
  const e = quad(id, 19);
  const f = quad(id, 24);
  const g = quad(id, 28);
  const h = quad(id, 32);
  if ((a | b | c | d | e | f | g | h) < 0) return false;
  key[0] = (a << 16) | b;
  key[1] = (c << 16) | d;
  key[2] = (e << 16) | f;
  key[3] = (g << 16) | h;
  return true;
}

/**
 * Writes the 128-bit key of an id into four words: the value of a GUID in any case, else half of a SHA-256.
 * Throws for an empty id, which would make unrelated records look alike.
 */
export function writeKey(id: string, key: Uint32Array): void {
  if (writeGuid(id, key)) return;
  if (id === '') throw new Error('seen ids: an empty id cannot be remembered: dead-letter the record instead');
  // UTF-16, because UTF-8 turns every lone surrogate into the same replacement character.
  const digest = hash('sha256', Buffer.from(domain + id, 'utf16le'), 'buffer');
  for (let word = 0; word < 4; word++) key[word] = digest.readUInt32LE(word * 4);
}
