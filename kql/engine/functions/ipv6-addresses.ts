/** Functions of IPv6 addresses; IPv4 text counts as `::ffff:a.b.c.d`. Text that is no address makes them null ('' for text). */
import { type Ipv6, maskIpv6, parseIpv6 } from '../ip-ranges.ts';
import type { ScalarFunction } from '../scope.ts';
import { any, binary, integer, optional, ternary, text, unary, variadic } from './define.ts';
import { matcherOf } from './ipv4-addresses.ts';

const isPrefix = (bits: number): boolean => bits >= 0 && bits <= 128;

const formatIpv6 = (words: Ipv6['words']): string =>
  words
    .map((word) => word.toString(16).padStart(8, '0'))
    .map((word) => `${word.slice(0, 4)}:${word.slice(4)}`)
    .join(':');

// `::192.168.1.1` is written out with zeros by parse_ipv6, yet compares equal to `192.168.1.1`.
const comparable = (address: string): Ipv6 | null => parseIpv6(address.replace(/^\s*::(?=\d+\.)/, '::ffff:'));

function compareIpv6(first: string, second: string, bits: number): number | null {
  const left = comparable(first);
  const right = comparable(second);
  if (left === null || right === null || !isPrefix(bits)) return null;
  const prefix = Math.min(left.prefix, right.prefix, bits);
  const rightWords = maskIpv6(right.words, prefix);
  for (const [index, word] of maskIpv6(left.words, prefix).entries()) {
    const sign = Math.sign(word - (rightWords[index] ?? 0));
    if (sign !== 0) return sign;
  }
  return 0;
}

const isMatch = (first: string, second: string, bits: number): boolean | null => {
  const compared = compareIpv6(first, second, bits);
  return compared === null ? null : compared === 0;
};

function masked(address: string, bits: number): string {
  const found = isPrefix(bits) ? parseIpv6(address) : null;
  return found === null ? '' : formatIpv6(maskIpv6(found.words, Math.min(found.prefix, bits)));
}

export const ipv6AddressFunctions: Readonly<Record<string, ScalarFunction>> = {
  parse_ipv6: unary(text, 'string', (address) => masked(address, 128)),
  parse_ipv6_mask: binary(text, integer, 'string', masked),
  ipv6_compare: ternary(text, text, optional(integer, 128), 'long', compareIpv6),
  ipv6_is_match: ternary(text, text, optional(integer, 128), 'bool', isMatch),
  ipv6_is_in_range: binary(text, text, 'bool', (address, range) => isMatch(address, range, 128)),
  ipv6_is_in_any_range: variadic(any, 'bool', ([address = null, ...ranges]) => {
    if (typeof address !== 'string' || parseIpv6(address) === null) return null;
    if (ranges.every((range) => typeof range === 'string')) return ranges.some((range) => isMatch(address, range, 128));
    return matcherOf(ranges, 'ipv6')(address).length > 0;
  }),
};
