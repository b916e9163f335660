/** Functions of IPv4 addresses and their prefixes. Text that is no address makes them null ('' for text). */
import { maskIpv4, parseIpv4, rangeMatcher } from '../ip-ranges.ts';
import type { ScalarFunction } from '../scope.ts';
import { asLong } from '../values/convert.ts';
import { isArray, type Type, type Value } from '../values/types.ts';
import { any, binary, integer, optional, ternary, text, unary, variadic } from './define.ts';

const isPrefix = (bits: number): boolean => bits >= 0 && bits <= 32;

const formatIpv4 = (address: number): string =>
  `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;

/** Negative, 0 or positive by the bits that both prefixes cover; null where one is no address. */
function compareIpv4(first: string, second: string, bits: number): number | null {
  const left = parseIpv4(first);
  const right = parseIpv4(second);
  if (left === null || right === null || !isPrefix(bits)) return null;
  const prefix = Math.min(left.prefix, right.prefix, bits);
  return Math.sign(maskIpv4(left.address, prefix) - maskIpv4(right.address, prefix));
}

const isMatch = (first: string, second: string, bits: number): boolean | null => {
  const compared = compareIpv4(first, second, bits);
  return compared === null ? null : compared === 0;
};

// RFC 1918.
const isPrivate = rangeMatcher(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'], 'ipv4');

function masked(value: Value, type: Type, bits: number): { readonly address: number; readonly prefix: number } | null {
  if (!isPrefix(bits)) return null;
  const number = type === 'string' ? null : asLong(value);
  const found =
    number === null
      ? typeof value === 'string'
        ? parseIpv4(value)
        : null
      : { address: Number(BigInt.asUintN(32, BigInt(number))), prefix: 32 };
  if (found === null) return null;
  const prefix = Math.min(found.prefix, bits);
  return { address: maskIpv4(found.address, prefix), prefix };
}

/** `format(address [, bits])`, where the address is text or a number. */
const formatting = (format: (address: number, prefix: number) => string): ScalarFunction =>
  variadic(any, 'string', ([value = null, bits = 32], _site, [type = 'dynamic']) => {
    const prefix = asLong(bits);
    const found = prefix === null ? null : masked(value, type, Number(prefix));
    return found === null ? '' : format(found.address, found.prefix);
  });

/** Texts of arguments of which each is one or an array of them. */
const flatTexts = (values: readonly Value[]): string[] =>
  values.flatMap((value) => (isArray(value) ? value : [value])).filter((value) => typeof value === 'string');

const matchers = { ipv4: new WeakMap<object, Matcher>(), ipv6: new WeakMap<object, Matcher>() };
type Matcher = (address: string) => readonly number[];

/** A matcher for the ranges of a call; an array that is the same in every row is read once. */
export function matcherOf(values: readonly Value[], family: 'ipv4' | 'ipv6'): Matcher {
  const [only] = values;
  if (values.length !== 1 || only === undefined || !isArray(only)) return rangeMatcher(flatTexts(values), family);
  const known = matchers[family].get(only) ?? rangeMatcher(flatTexts(values), family);
  matchers[family].set(only, known);
  return known;
}

/** The smallest list of prefixes that covers the addresses from first to last. */
function toPrefixes(first: number, last: number): string[] {
  const prefixes: string[] = [];
  for (let at = first; at <= last;) {
    let size = 1;
    while (size < 2 ** 32 && at % (size * 2) === 0 && at + size * 2 - 1 <= last) size *= 2;
    prefixes.push(`${formatIpv4(at)}/${32 - Math.log2(size)}`);
    at += size;
  }
  return prefixes;
}

export const ipv4AddressFunctions: Readonly<Record<string, ScalarFunction>> = {
  parse_ipv4: unary(text, 'long', (address) => {
    const found = parseIpv4(address);
    return found === null ? null : maskIpv4(found.address, found.prefix);
  }),
  parse_ipv4_mask: binary(text, integer, 'long', (address, bits) => masked(address, 'string', bits)?.address ?? null),
  ipv4_is_private: unary(text, 'bool', (address) =>
    parseIpv4(address) === null ? null : isPrivate(address).length > 0,
  ),
  ipv4_is_in_range: binary(text, text, 'bool', (address, range) => isMatch(address, range, 32)),
  ipv4_is_in_any_range: variadic(any, 'bool', ([address = null, ...ranges]) => {
    if (typeof address !== 'string' || parseIpv4(address) === null) return null;
    if (ranges.every((range) => typeof range === 'string')) return ranges.some((range) => isMatch(address, range, 32));
    return matcherOf(ranges, 'ipv4')(address).length > 0;
  }),
  ipv4_is_match: ternary(text, text, optional(integer, 32), 'bool', isMatch),
  ipv4_compare: ternary(text, text, optional(integer, 32), 'long', compareIpv4),
  ipv4_netmask_suffix: unary(text, 'long', (address) => parseIpv4(address)?.prefix ?? null),
  ipv4_range_to_cidr_list: binary(text, text, 'dynamic', (start, end) => {
    const first = parseIpv4(start);
    const last = parseIpv4(end);
    return first === null || last === null || first.address > last.address
      ? null
      : toPrefixes(first.address, last.address);
  }),
  format_ipv4: formatting(formatIpv4),
  format_ipv4_mask: formatting((address, prefix) => `${formatIpv4(address)}/${prefix}`),
};
