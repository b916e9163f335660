/** Hash functions. */
import { createHash } from 'node:crypto';
import { UnsupportedError } from '../errors.ts';
import type { ScalarFunction, Site } from '../scope.ts';
import { asLong, asString } from '../values/convert.ts';
import { toBigInt, toLong } from '../values/numbers.ts';
import { Datetime, Timespan, type Type, type Value } from '../values/types.ts';
import { any, variadic } from './define.ts';
import { xxHash64 } from './xxhash64.ts';

function eightBytes(number: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(number);
  return bytes;
}

/** How the engine lays a value out in memory; other types than these are not known. */
function toBytes(value: Value, type: Type, site: Site): Buffer {
  if (typeof value === 'string' && type === 'string') return Buffer.from(value);
  if (value instanceof Datetime || value instanceof Timespan) return eightBytes(value.ticks);
  if (type === 'long' && (typeof value === 'number' || typeof value === 'bigint')) return eightBytes(toBigInt(value));
  throw new UnsupportedError(`${site.name} of a ${type} (hash its tostring() instead)`, site.node.position);
}

/** `hash(value [, modulus])`. */
const hash = variadic(any, 'long', ([value = null, modulus], site, [type = 'dynamic']) => {
  if (value === null) return null;
  const hashed = xxHash64(toBytes(value, type, site));
  if (modulus === undefined) return toLong(hashed);
  const divisor = asLong(modulus);
  return divisor === null || Number(divisor) === 0 ? null : toLong(hashed % toBigInt(divisor));
});

const digest = (algorithm: 'md5' | 'sha1' | 'sha256'): ScalarFunction =>
  variadic(any, 'string', ([value = null], _site, [type]) =>
    createHash(algorithm).update(asString(value, type)).digest('hex'),
  );

export const hashFunctions: Readonly<Record<string, ScalarFunction>> = {
  hash,
  hash_xxhash64: hash,
  hash_md5: digest('md5'),
  hash_sha1: digest('sha1'),
  hash_sha256: digest('sha256'),
};
