/** Functions that compress text and put it into base64. */
import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import type { ScalarFunction } from '../scope.ts';
import { fromBase64, fromUtf8 } from './base64.ts';
import { text, unary } from './define.ts';

// Kusto's engine stores short text uncompressed in one block. What it does with long text cannot be told from
// outside; stored blocks are always valid and give the same text back.
const stored = { level: 0 } as const;

function gzip(source: string): string {
  const bytes = gzipSync(source, stored);
  // Kusto's header: no extra flags, unknown operating system (RFC 1952, 2.3).
  bytes.writeUInt8(0, 8);
  bytes.writeUInt8(255, 9);
  return bytes.toString('base64');
}

/** '' for text that is not base64, not compressed so, or not UTF-8 inside. */
const decompressing =
  (decompress: (bytes: Buffer) => Buffer) =>
  (source: string): string => {
    const bytes = fromBase64(source);
    if (bytes === null) return '';
    try {
      return fromUtf8(decompress(bytes)) ?? '';
    } catch {
      return '';
    }
  };

export const compressionFunctions: Readonly<Record<string, ScalarFunction>> = {
  gzip_compress_to_base64_string: unary(text, 'string', gzip),
  gzip_decompress_from_base64_string: unary(text, 'string', decompressing(gunzipSync)),
  zlib_compress_to_base64_string: unary(text, 'string', (source) => deflateSync(source, stored).toString('base64')),
  zlib_decompress_from_base64_string: unary(text, 'string', decompressing(inflateSync)),
};
