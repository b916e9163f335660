/** Internet addresses with prefixes, as Kusto's functions read them, and a fast look-up of many ranges. */
import ipaddr from 'ipaddr.js';

/** An IPv4 address as an unsigned number and its prefix, 32 where the text has none. */
export interface Ipv4 {
  readonly address: number;
  /** Bits, 0 to 32. */
  readonly prefix: number;
}

/** An IPv6 address as four unsigned 32-bit words and its prefix, 128 where the text has none. */
export interface Ipv6 {
  readonly words: readonly [number, number, number, number];
  /** Bits, 0 to 128. */
  readonly prefix: number;
}

// Logs repeat their addresses; more than this many different ones are read again.
const rememberedTexts = 20_000;

function remembering<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= rememberedTexts) known.clear();
    const value = read(text);
    known.set(text, value);
    return value;
  };
}

const fourParts = /^\s*(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?\s*$/;

/** Reads `a.b.c.d` or `a.b.c.d/bits`; null for anything else. */
export const parseIpv4 = remembering((text: string): Ipv4 | null => {
  const parts = fourParts.exec(text)?.slice(1).map(Number);
  if (parts === undefined) return null;
  const [a = 0, b = 0, c = 0, d = 0, suffix = 32] = parts;
  const prefix = Number.isNaN(suffix) ? 32 : suffix;
  if (a > 255 || b > 255 || c > 255 || d > 255 || prefix > 32) return null;
  return { address: ((a << 24) | (b << 16) | (c << 8) | d) >>> 0, prefix };
});

/** The last four bytes in hexadecimal groups: ipaddr.js takes `::a.b.c.d` for `::ffff:a.b.c.d`, Kusto does not. */
function toHex(tail: string): string {
  const v4 = parseIpv4(tail);
  return v4 === null ? tail : `${(v4.address >>> 16).toString(16)}:${(v4.address & 0xffff).toString(16)}`;
}

function parseWords(address: string): Ipv6['words'] | null {
  const bare = address
    .replace(/%.*$/, '')
    .replace(/(?<=:)[\d.]+$/, (tail) => (tail.includes('.') ? toHex(tail) : tail));
  if (!bare.includes(':') || !ipaddr.IPv6.isValid(bare)) return null;
  const { parts } = ipaddr.IPv6.parse(bare);
  const word = (index: number): number => (((parts[index] ?? 0) << 16) | (parts[index + 1] ?? 0)) >>> 0;
  return [word(0), word(2), word(4), word(6)];
}

/**
 * Reads an IPv6 address, or an IPv4 one as `::ffff:a.b.c.d`; null for anything else. The prefix of text in the
 * notation with dots counts from the 96th bit.
 */
export const parseIpv6 = remembering((text: string): Ipv6 | null => {
  const v4 = parseIpv4(text);
  if (v4 !== null) return { words: [0, 0, 0xffff, v4.address], prefix: 96 + v4.prefix };
  const [address = '', suffix, ...rest] = text.trim().split('/');
  if (rest.length > 0 || (suffix !== undefined && !/^\d{1,3}$/.test(suffix))) return null;
  const words = parseWords(address);
  const prefix = suffix === undefined ? 128 : Number(suffix) + (address.includes('.') ? 96 : 0);
  return words === null || prefix > 128 ? null : { words, prefix };
});

/** An IPv4 address without its bits after the prefix. */
export const maskIpv4 = (address: number, prefix: number): number =>
  prefix <= 0 ? 0 : prefix >= 32 ? address : (address & (-1 << (32 - prefix))) >>> 0;

/** IPv6 words without their bits after the prefix. */
export function maskIpv6([a, b, c, d]: Ipv6['words'], prefix: number): Ipv6['words'] {
  if (prefix >= 128) return [a, b, c, d];
  return [maskIpv4(a, prefix), maskIpv4(b, prefix - 32), maskIpv4(c, prefix - 64), maskIpv4(d, prefix - 96)];
}

interface Family<A> {
  readonly parse: (text: string) => { readonly value: A; readonly prefix: number } | null;
  readonly key: (value: A, prefix: number) => number | string;
  readonly bits: number;
}

const ipv4: Family<number> = {
  parse: (text) => {
    const found = parseIpv4(text);
    return found === null ? null : { value: found.address, prefix: found.prefix };
  },
  key: maskIpv4,
  bits: 32,
};
const ipv6: Family<Ipv6['words']> = {
  parse: (text) => {
    const found = parseIpv6(text);
    return found === null ? null : { value: found.words, prefix: found.prefix };
  },
  key: (words, prefix) => maskIpv6(words, prefix).join(':'),
  bits: 128,
};

function matcher<A>({ parse, key, bits }: Family<A>, ranges: readonly string[]): (address: string) => number[] {
  const parsed = ranges.map(parse);
  const byPrefix = new Map<number, Map<number | string, number[]>>();
  for (const [index, range] of parsed.entries()) {
    if (range === null) continue;
    const byNetwork = byPrefix.get(range.prefix) ?? new Map<number | string, number[]>();
    byPrefix.set(range.prefix, byNetwork);
    const network = key(range.value, range.prefix);
    const indices = byNetwork.get(network);
    if (indices === undefined) byNetwork.set(network, [index]);
    else indices.push(index);
  }
  return (address) => {
    const found = parse(address);
    if (found === null) return [];
    const { value, prefix } = found;
    // An address with a prefix of its own matches by the shorter of the two; that is too rare for a table.
    if (prefix < bits)
      return [...parsed.keys()].filter((index) => {
        const range = parsed[index];
        if (range === null || range === undefined) return false;
        const shorter = Math.min(prefix, range.prefix);
        return key(value, shorter) === key(range.value, shorter);
      });
    const indices: number[] = [];
    for (const [length, byNetwork] of byPrefix) {
      const matching = byNetwork.get(key(value, length));
      if (matching !== undefined) indices.push(...matching);
    }
    return byPrefix.size > 1 ? indices.sort((left, right) => left - right) : indices;
  };
}

/**
 * Makes a look-up of ranges (`192.0.2.0/24`; IPv4 text counts as mapped in family `ipv6`): for an address, the indices
 * of the ranges that contain it, in order. Text that is no range contains nothing; text that is no address is in none.
 */
export const rangeMatcher = (
  ranges: readonly string[],
  family: 'ipv4' | 'ipv6',
): ((address: string) => readonly number[]) => (family === 'ipv4' ? matcher(ipv4, ranges) : matcher(ipv6, ranges));
