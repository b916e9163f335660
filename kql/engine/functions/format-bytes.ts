/** `format_bytes`: sizes as people read them. */
import { KqlError } from '../errors.ts';
import type { ScalarFunction, Site } from '../scope.ts';
import { asLong, asReal, asString } from '../values/convert.ts';
import type { Value } from '../values/types.ts';
import { any, variadic } from './define.ts';

const units = ['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'];

function unitOf(name: string, site: Site): number {
  const index = units.indexOf(name);
  if (index >= 0) return index;
  throw new KqlError(`format_bytes: no unit ${name}, only ${units.join(', ')}`, {
    code: 'runtime',
    position: site.node.position,
  });
}

/** `format_bytes(size [, digits [, unit [, base]]])`, base 2 (1 KB = 1024 bytes) or 10. */
function formatBytes([size = null, digits = 0, unit = '', base = 2]: readonly Value[], site: Site): string {
  const bytes = asReal(size);
  if (bytes === null) return '';
  const step = Number(asLong(base) ?? 2) === 10 ? 1000 : 1024;
  const name = asString(unit);
  let index = 0;
  if (name === '') while (Math.abs(bytes) / step ** index >= step && index < units.length - 1) index += 1;
  else index = unitOf(name, site);
  const scaled = bytes / step ** index;
  return `${Number(scaled.toFixed(Number(asLong(digits) ?? 0)))} ${units[index]}`;
}

export const formatBytesFunctions: Readonly<Record<string, ScalarFunction>> = {
  format_bytes: variadic(any, 'string', formatBytes),
};
