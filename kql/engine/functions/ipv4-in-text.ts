/** Functions that look for IPv4 addresses in text: `has_ipv4` and its kin. */
import { parseIpv4 } from '../ip-ranges.ts';
import type { ScalarFunction, Site } from '../scope.ts';
import { isArray, type Value } from '../values/types.ts';
import { any, binary, text, variadic } from './define.ts';

const addressAt = /\d{1,3}(?:\.\d{1,3}){3}(?![\dA-Za-z]|\.\d)/y;
const joins = /[\dA-Za-z.]/;

/** Whether an address that begins like this stands in the text, between characters that are no letters or digits. */
function hasAddress(source: string, start: string, fits: (address: string) => boolean): boolean {
  for (let at = source.indexOf(start); at >= 0; at = source.indexOf(start, at + 1)) {
    if (at > 0 && joins.test(source.charAt(at - 1))) continue;
    addressAt.lastIndex = at;
    const [address] = addressAt.exec(source) ?? [];
    if (address !== undefined && fits(address) && parseIpv4(address) !== null) return true;
  }
  return false;
}

const hasIpv4 = (source: string, address: string): boolean =>
  /^[\d.]+$/.test(address) && hasAddress(source, address, (found) => found === address);

/** A prefix is a whole address or ends with a dot: `127.0` is none. */
const hasIpv4Prefix = (source: string, prefix: string): boolean =>
  /^[\d.]+$/.test(prefix) && hasAddress(source, prefix, (found) => prefix.endsWith('.') || found === prefix);

const inAny =
  (has: (source: string, sought: string) => boolean) =>
  ([source = null, ...sought]: readonly Value[], { scope }: Site): Value =>
    typeof source === 'string' &&
    sought
      .flatMap((value) => (isArray(value) ? value : [value]))
      .some((value) => {
        scope.run.budget.visit(1 + Math.floor(source.length / 64));
        return typeof value === 'string' && has(source, value);
      });

export const ipv4InTextFunctions: Readonly<Record<string, ScalarFunction>> = {
  has_ipv4: binary(text, text, 'bool', hasIpv4),
  has_ipv4_prefix: binary(text, text, 'bool', hasIpv4Prefix),
  has_any_ipv4: variadic(any, 'bool', inAny(hasIpv4)),
  has_any_ipv4_prefix: variadic(any, 'bool', inAny(hasIpv4Prefix)),
};
