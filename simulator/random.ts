/** Seeded randomness: the same seed and keys give the same numbers on every machine. */

/** A stream of numbers in [0, 1) with 32 bits of resolution. */
export type Random = () => number;

/** A stream by key: `random(seed, 'users', 17)` is independent of `random(seed, 'users', 18)`. */
export function random(seed: string | number, ...keys: readonly (string | number)[]): Random {
  const text = JSON.stringify([String(seed), ...keys]);
  return sfc32(hash(text, 0x9e3779b1), hash(text, 0x85ebca6b), hash(text, 0xc2b2ae35), hash(text, 0x27d4eb2f));
}

/** A 32-bit hash of a text, FNV-1a with a final avalanche; `basis` selects one of many hash functions. */
export function hash(text: string, basis: number): number {
  let value = basis | 0;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x21f0aaad);
  value = Math.imul(value ^ (value >>> 15), 0x735a2d97);
  return (value ^ (value >>> 15)) >>> 0;
}

/** The sfc32 generator from four 32-bit words: different words give different streams. Cheap enough for one per record. */
export function sfc32(first: number, second: number, third: number, fourth: number): Random {
  let a = first | 0;
  let b = second | 0;
  let c = third | 0;
  let counter = fourth | 0;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 4_294_967_296;
  };
  // 15 rounds: fewer leave neighbouring keys visibly correlated.
  for (let round = 0; round < 15; round += 1) next();
  return next;
}

/** A whole number from `least` to `most`, both included. */
export function int(next: Random, least: number, most: number): number {
  return least + Math.floor(next() * (most - least + 1));
}

/** True with the given probability (0 to 1). */
export function chance(next: Random, probability: number): boolean {
  return next() < probability;
}

/** One item, each equally likely; throws when there is none. */
export function pick<T>(next: Random, items: readonly T[]): T {
  return at(items, Math.floor(next() * items.length));
}

/** One item, early ones far more likely than late ones, as popularity goes; throws when there is none. */
export function pickPopular<T>(next: Random, items: readonly T[]): T {
  return at(items, Math.floor(next() ** 2.2 * items.length));
}

/** The value of the first pair whose share covers the draw; shares need not add up to 1. Throws when there is none. */
export function pickWeighted<T>(next: Random, pairs: readonly (readonly [share: number, value: T])[]): T {
  let draw = next() * pairs.reduce((sum, [share]) => sum + share, 0);
  for (const [share, value] of pairs) {
    draw -= share;
    if (draw < 0) return value;
  }
  return at(pairs, pairs.length - 1)[1];
}

/** A whole number around `mean`, spread as counts of independent events are (normal approximation of Poisson). */
export function count(next: Random, mean: number): number {
  const bell = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return Math.max(0, Math.round(mean + bell * Math.sqrt(mean)));
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Hexadecimal digits of 32 random bits. */
export function hex8(next: Random): string {
  const word = Math.floor(next() * 4_294_967_296);
  return `${HEX[word >>> 24]}${HEX[(word >>> 16) & 255]}${HEX[(word >>> 8) & 255]}${HEX[word & 255]}`;
}

/** A GUID that looks like version 4, in lower case. */
export function guid(next: Random): string {
  const middle = hex8(next);
  const variant = '89ab'[Math.floor(next() * 4)];
  const rest = hex8(next);
  return `${hex8(next)}-${middle.slice(0, 4)}-4${middle.slice(5)}-${variant}${rest.slice(0, 3)}-${rest.slice(3, 7)}${hex8(next)}`;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Characters of base64url. */
export function letters(next: Random, length: number): string {
  let text = '';
  while (text.length < length) {
    // Five characters from one draw: 30 of its 32 bits.
    let bits = Math.floor(next() * 1_073_741_824);
    for (let part = 0; part < 5 && text.length < length; part += 1) {
      text += ALPHABET[bits & 63];
      bits >>>= 6;
    }
  }
  return text;
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined)
    throw new RangeError(`random: index ${index} of ${items.length} items: pass a list with items`);
  return item;
}
