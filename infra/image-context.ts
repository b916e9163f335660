/** What a registry task builds the image from: one archive, whose bytes follow from the files' contents alone. */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { imageFiles } from '../scripts/image.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Where the archive holds the Dockerfile. */
export const DOCKERFILE = 'collector/Dockerfile';

/** A file of the context. */
export interface ContextFile {
  /** As the Dockerfile names it: relative, with slashes, at most 100 bytes. */
  readonly path: string;
  readonly content: Uint8Array;
}

/** A build context. */
export interface ImageContext {
  /** A .tar.gz. */
  readonly bytes: Buffer;
  /** First 16 hex digits of the archive's SHA-256: tag of the image. */
  readonly tag: string;
}

/**
 * Packs files as .tar.gz: same paths and contents, same bytes, in any order and on every machine. Throws for a path that
 * a tar header does not hold, and for one that comes twice.
 */
export function toImageContext(files: readonly ContextFile[]): ImageContext {
  const byPath = new Map(files.map((file) => [file.path, file]));
  if (byPath.size !== files.length)
    throw new Error('image context: a path comes twice: each file may stand in it once');
  const sorted = [...byPath.keys()].toSorted().flatMap((path) => byPath.get(path) ?? []);
  const bytes = toGzip(Buffer.concat([...sorted.flatMap(toTarEntry), Buffer.alloc(2 * BLOCK)]));
  return { bytes, tag: createHash('sha256').update(bytes).digest('hex').slice(0, 16) };
}

/** Bundles the collector and packs what `collector/Dockerfile` copies. Takes seconds; writes to a temporary directory. */
export async function readImageContext(): Promise<ImageContext> {
  const built = await mkdtemp(join(tmpdir(), 'copilot-sentinel-image-'));
  try {
    await imageFiles(built);
    const places: Readonly<Record<string, string>> = {
      [DOCKERFILE]: join(ROOT, DOCKERFILE),
      LICENSE: join(ROOT, 'LICENSE'),
      'dist/THIRD-PARTY-NOTICES.txt': join(built, 'THIRD-PARTY-NOTICES.txt'),
      'dist/sbom.cdx.json': join(built, 'sbom.cdx.json'),
      'dist/collector.mjs': join(built, 'collector.mjs'),
    };
    const read = Object.entries(places).map(async ([path, from]) => ({ path, content: await readFile(from) }));
    return toImageContext(await Promise.all(read));
  } catch (cause) {
    const remedy = 'run npm ci and try again, or set image.ref to an image that exists';
    throw new Error(`image context: the collector could not be bundled: ${remedy}`, { cause });
  } finally {
    await rm(built, { recursive: true, force: true });
  }
}

const BLOCK = 512;

// POSIX.1-1988 ustar: fields as [offset, text]. Owner 0, mode 0644 and time 0, so that nothing of this machine is in it.
function toTarEntry({ path, content }: ContextFile): readonly Buffer[] {
  if (path.startsWith('/') || Buffer.byteLength(path) > 100)
    throw new Error(`image context: "${path}" must be relative and of at most 100 bytes`);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
  const header = Buffer.alloc(BLOCK);
  const fields: readonly (readonly [number, string])[] = [
    [0, path],
    [100, '0000644\0'],
    [108, '0000000\0'],
    [116, '0000000\0'],
    [124, `${octal(content.length, 11)}\0`],
    [136, `${octal(0, 11)}\0`],
    // The checksum counts itself as spaces.
    [148, ' '.repeat(8)],
    [156, '0'],
    [257, 'ustar\x0000'],
  ];
  for (const [offset, text] of fields) header.write(text, offset, 'utf8');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148, 'latin1');
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
  return [header, Buffer.from(content), padding];
}

// Deflate's stored blocks hold at most this (RFC 1951, 3.2.4).
const STORED_MAX = 0xffff;

// Stored, not compressed: what zlib makes of the same bytes differs between its versions and processors.
function toGzip(data: Buffer): Buffer {
  // RFC 1952: magic, deflate, no flags, no time, no hint, system unknown.
  const parts: Uint8Array[] = [Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])];
  for (let at = 0; at < data.length; at += STORED_MAX) {
    const stored = data.subarray(at, at + STORED_MAX);
    const head = Buffer.alloc(5);
    head.writeUInt8(at + STORED_MAX >= data.length ? 1 : 0, 0);
    head.writeUInt16LE(stored.length, 1);
    head.writeUInt16LE(stored.length ^ 0xffff, 3);
    parts.push(head, stored);
  }
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(crc32(data), 0);
  tail.writeUInt32LE(data.length, 4);
  return Buffer.concat([...parts, tail]);
}
