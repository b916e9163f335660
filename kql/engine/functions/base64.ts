/** Functions of base64. */
import type { ScalarFunction } from '../scope.ts';
import type { Value } from '../values/types.ts';
import { array, present, text, unary } from './define.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes as text; null where they are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** The bytes of base64 text; null for other text. */
export const fromBase64 = (source: string): Buffer | null =>
  /^[A-Za-z0-9+/]*={0,2}$/.test(source) ? Buffer.from(source, 'base64') : null;

const decodeText = (source: string): string => {
  const bytes = fromBase64(source);
  return bytes === null ? '' : (fromUtf8(bytes) ?? '');
};

const encodeText = (source: string): string => Buffer.from(source).toString('base64');

/** '' where the bytes are no text in UTF-8: measured. */
function encodeBytes(values: readonly Value[]): string {
  const numbers = values.filter((value) => typeof value === 'number' && value >= 0 && value <= 255);
  if (numbers.length !== values.length) return '';
  const bytes = Buffer.from(numbers.map(Number));
  return fromUtf8(bytes) === null ? '' : bytes.toString('base64');
}

// A guid's first three groups are numbers, stored with the lowest byte first.
const guidOrder = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
const inGuidOrder = (bytes: Buffer): Buffer => Buffer.from(guidOrder.map((index) => bytes[index] ?? 0));

function toGuid(source: string): string | null {
  const bytes = fromBase64(source);
  if (bytes?.length !== 16) return null;
  const digits = inGuidOrder(bytes).toString('hex');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export const base64Functions: Readonly<Record<string, ScalarFunction>> = {
  base64_encode_tostring: unary(text, 'string', encodeText),
  base64_encodestring: unary(text, 'string', encodeText),
  /** '' where the bytes are no text in UTF-8. */
  base64_decode_tostring: unary(text, 'string', decodeText),
  base64_decodestring: unary(text, 'string', decodeText),
  base64_decode_toarray: unary(text, 'dynamic', (source) => {
    const bytes = fromBase64(source);
    return bytes === null ? null : [...bytes];
  }),
  base64_encode_fromarray: unary(array, 'string', encodeBytes),
  base64_encode_fromguid: unary(present, 'string', (guid) =>
    typeof guid === 'string' ? inGuidOrder(Buffer.from(guid.replaceAll('-', ''), 'hex')).toString('base64') : '',
  ),
  base64_decode_toguid: unary(text, 'guid', toGuid),
};
