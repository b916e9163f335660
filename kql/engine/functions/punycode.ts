/** Punycode (RFC 3492) as Kusto has it: no folding of case, no other preparation of the text. */
import type { ScalarFunction } from '../scope.ts';
import { text, unary } from './define.ts';

// RFC 3492, section 5.
const base = 36;
const lowest = 1;
const highest = 26;
const skew = 38;
const damp = 700;
const firstBias = 72;
const firstPoint = 128;

const digits = 'abcdefghijklmnopqrstuvwxyz0123456789';

function adapt(delta: number, points: number, isFirst: 'first' | 'later'): number {
  let left = isFirst === 'first' ? Math.floor(delta / damp) : delta >> 1;
  left += Math.floor(left / points);
  let bias = 0;
  for (; left > ((base - lowest) * highest) >> 1; bias += base) left = Math.floor(left / (base - lowest));
  return bias + Math.floor(((base - lowest + 1) * left) / (left + skew));
}

const threshold = (place: number, bias: number): number => Math.min(highest, Math.max(lowest, place - bias));

/** A number with variable length: RFC 3492, 3.3. */
function encodeNumber(number: number, bias: number): string {
  let encoded = '';
  let left = number;
  for (let place = base; ; place += base) {
    const limit = threshold(place, bias);
    if (left < limit) return encoded + digits.charAt(left);
    encoded += digits.charAt(limit + ((left - limit) % (base - limit)));
    left = Math.floor((left - limit) / (base - limit));
  }
}

/** Text as punycode, without `xn--`. */
export function encodePunycode(source: string): string {
  const points = Array.from(source, (character) => character.codePointAt(0) ?? 0);
  const basic = points.filter((point) => point < firstPoint);
  let encoded = basic.length === 0 ? '' : `${String.fromCodePoint(...basic)}-`;
  let handled = basic.length;
  let point = firstPoint;
  let delta = 0;
  let bias = firstBias;
  while (handled < points.length) {
    const next = Math.min(...points.filter((candidate) => candidate >= point));
    delta += (next - point) * (handled + 1);
    point = next;
    for (const candidate of points) {
      if (candidate < point) delta += 1;
      if (candidate !== point) continue;
      encoded += encodeNumber(delta, bias);
      bias = adapt(delta, handled + 1, handled === basic.length ? 'first' : 'later');
      delta = 0;
      handled += 1;
    }
    delta += 1;
    point += 1;
  }
  return encoded;
}

/** Punycode, without `xn--`, as text; null for what is none. */
export function decodePunycode(source: string): string | null {
  const end = source.lastIndexOf('-');
  const points = Array.from(source.slice(0, Math.max(0, end)), (character) => character.codePointAt(0) ?? 0);
  let at = end < 0 ? 0 : end + 1;
  let point = firstPoint;
  let index = 0;
  let bias = firstBias;
  while (at < source.length) {
    const before = index;
    let weight = 1;
    for (let place = base; ; place += base) {
      const digit = digits.indexOf(source.charAt(at).toLowerCase());
      if (at >= source.length || digit < 0) return null;
      at += 1;
      index += digit * weight;
      const limit = threshold(place, bias);
      if (digit < limit) break;
      weight *= base - limit;
    }
    bias = adapt(index - before, points.length + 1, before === 0 ? 'first' : 'later');
    point += Math.floor(index / (points.length + 1));
    if (point > 0x10_ffff) return null;
    index %= points.length + 1;
    points.splice(index, 0, point);
    index += 1;
  }
  return points.map((each) => String.fromCodePoint(each)).join('');
}

const isAscii = (label: string): boolean => Buffer.byteLength(label) === label.length;

const encodeDomain = (domain: string): string =>
  domain
    // The full stops of RFC 3490, 3.1.
    .split(/[.\u3002\uFF0E\uFF61]/)
    .map((label) => (isAscii(label) ? label : `xn--${encodePunycode(label)}`))
    .join('.');

const decodeDomain = (domain: string): string =>
  domain
    .split('.')
    .map((label) => (/^xn--/i.test(label) ? (decodePunycode(label.slice(4)) ?? label) : label))
    .join('.');

/** In the functions for whole domains, `from` and `to` are the other way round: measured. */
export const punycodeFunctions: Readonly<Record<string, ScalarFunction>> = {
  punycode_from_string: unary(text, 'string', encodePunycode),
  punycode_to_string: unary(text, 'string', (source) => decodePunycode(source) ?? ''),
  punycode_domain_from_string: unary(text, 'string', decodeDomain),
  punycode_domain_to_string: unary(text, 'string', encodeDomain),
};
