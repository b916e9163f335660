/** Files that end badly: what came whole before the break is given, then the reason. */
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decode, foreign } from '../../../collector/formats/decode.ts';

/** The ids that were read, and the error that ended it. */
async function read(bytes: Buffer, chunk = 16 * 1024) {
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, n) =>
    bytes.subarray(n * chunk, (n + 1) * chunk),
  );
  const ids: unknown[] = [];
  try {
    for await (const element of decode(Readable.from(chunks)))
      ids.push(element.ok ? (element.value as { Id: number }).Id : element.reason);
  } catch (error) {
    return { ids, error: String(error) };
  }
  return { ids, error: undefined };
}
const count = 5000;
// Noise, so that a compressed file is long enough to be cut in many places.
const record = (Id: number): string => JSON.stringify({ Id, noise: `${Math.sin(Id)}${Math.cos(Id)}${Math.tan(Id)}` });
const lines = Array.from({ length: count }, (_, n) => `${record(n)}\n`).join('');
const first = (length: number): number[] => Array.from({ length }, (_, n) => n);

describe('a file that ends badly', () => {
  it.for([1, 8, 5000, 70_000])('gives all whole lines of a gzip that lacks its last %i bytes', async (missing) => {
    const gzip = gzipSync(lines);
    const { ids, error } = await read(gzip.subarray(0, gzip.length - missing));
    expect(error).toContain('unexpected end of file');
    // The last line that came is cut, unless only the checksum is missing.
    const whole = ids.filter((id) => typeof id === 'number');
    expect(whole).toEqual(first(whole.length));
    expect(whole.length).toBeGreaterThanOrEqual(
      missing <= 8 ? count : Math.floor(count * (1 - (missing * 1.2) / gzip.length)),
    );
    if (missing > 8) expect(whole.length).toBeLessThan(count);
  });

  it('gives what could be inflated before bytes that are no gzip', async () => {
    const gzip = gzipSync(lines);
    const broken = Buffer.from(gzip);
    broken.fill(0xff, 60_000, 60_200);
    const { ids, error } = await read(broken);
    expect(error).toMatch(/invalid|incorrect/);
    expect(ids.filter((id) => typeof id === 'number').length).toBeGreaterThan((count * 50_000) / gzip.length);
  });

  it('gives every member of a gzip of several, and does not mind what follows them', async () => {
    const members = Buffer.concat([gzipSync(`${record(0)}\n`), gzipSync(record(1))]);
    expect(await read(members)).toEqual({ ids: [0, 1], error: undefined });
    expect(await read(Buffer.concat([members, Buffer.alloc(20_000)]), 4000)).toEqual({ ids: [0, 1], error: undefined });
  });

  it.for([1, 40, 900])('gives the %i rows of a CSV before one whose quoting is broken', async (rows) => {
    const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    const good = first(rows).map((n) => `${n},${cell(record(n))}\n`);
    const csv = `RecordId,AuditData\n${good.join('')}x,"a"b\ny,${cell(record(7))}\n`;
    const { ids, error } = await read(Buffer.from(csv));
    expect(ids).toEqual(first(rows));
    expect(error).toContain(`it breaks at line ${rows + 2} (CSV_INVALID_CLOSING_QUOTE)`);
  });

  it.for([
    ['a,AuditData\nx,invented-secret "of somebody"\n', 'line 2 (INVALID_OPENING_QUOTE)'],
    ['a,AuditData\nx,y\nx,"invented-secret', 'line 3 (CSV_QUOTE_NOT_CLOSED)'],
    ['a,AuditData\nx,"invented-secret"z\n', 'line 2 (CSV_INVALID_CLOSING_QUOTE)'],
    ['invented-secret,"of\n', 'line 1 (CSV_QUOTE_NOT_CLOSED)'],
  ] as const)('says where a CSV breaks and how, and quotes nothing of it: %s', async ([csv, where]) => {
    const { error } = await read(Buffer.from(csv));
    expect(error).toContain(`it breaks at ${where}`);
    expect(error).not.toContain('invented-secret');
  });

  it('gives the records of an array before its break', async () => {
    const { ids, error } = await read(Buffer.from(`[${first(900).map(record).join(',')},{"Id":`));
    expect(ids).toEqual(first(900));
    expect(error).toMatch(/truncated/);
  });

  it.for([5000, 200_000])('has nothing when it is %i spaces', async (length) => {
    expect(await read(Buffer.alloc(length, ' '))).toEqual({ ids: [], error: undefined });
  });

  it('that broke off on its way says so, whatever the form', async () => {
    for (const start of ['[{"Id":1},', '{"Id":1}\n', 'a,AuditData\n', '\u001f', ' ']) {
      async function* bytes() {
        yield Buffer.from(start);
        throw new Error('socket hang up');
      }
      await expect(Array.fromAsync(decode(bytes())), start).rejects.toThrow('socket hang up');
    }
  });
});

it('objects of others are not parsed, in arrays and lines', async () => {
  const isForeign = (object: Uint8Array): boolean => Buffer.from(object).includes('"x"');
  for (const text of ['[{"x":1},{"Id":1}]', '{"x":broken}\n{"Id":1}'])
    expect(await Array.fromAsync(decode(Readable.from([Buffer.from(text)]), { isForeign })), text).toEqual([
      foreign,
      { ok: true, value: { Id: 1 } },
    ]);
});
