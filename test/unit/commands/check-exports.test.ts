import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { exportLines } from '../../../collector/commands/check-exports.ts';
import { SourceError } from '../../../collector/contracts.ts';
import type { ExportBlob, ExportContainer, Opened } from '../../../collector/sources/storage-export/blobs.ts';

const url = 'https://logs.blob.core.windows.net/dump';
const blob = (name: string, rest: Partial<ExportBlob> = {}): ExportBlob => ({
  id: `${url}/${name}`,
  key: name,
  name,
  isAppend: true,
  length: 10,
  etag: 'e',
  isArchived: false,
  modifiedMs: 0,
  ...rest,
});
const bytes = (): Opened => ({ ok: true, bytes: Readable.from([Buffer.from('{')]), etag: 'e' });
const container = (blobs: readonly ExportBlob[], open: () => Opened = bytes): ExportContainer => ({
  url,
  async *list() {
    yield* blobs;
  },
  open: async () => open(),
});
const { signal } = new AbortController();

it('a container is listed and the first bytes of a blob are read', async () => {
  const asked: unknown[] = [];
  const good = container([blob('empty', { length: 0 }), blob('old', { isArchived: true }), blob('a.json'), blob('b')]);
  const open: ExportContainer['open'] = async ({ name }, range) => {
    asked.push([name, range]);
    return bytes();
  };
  expect(await exportLines([{ ...good, open }], signal)).toEqual([
    { level: 'pass', text: `storage export: ${url}: listed, and a.json can be read` },
  ]);
  expect(asked).toEqual([['a.json', { offset: 0, count: 16 }]]);
});

it('one that may be listed and not read fails with the role, and so does one that may not be listed', async () => {
  const refuse = (): never => {
    throw new SourceError('403: grant the role Storage Blob Data Reader');
  };
  const shut: ExportContainer = { ...container([]), list: refuse };
  for (const each of [container([blob('a')], refuse), shut])
    expect(await exportLines([each], signal)).toEqual([
      { level: 'FAIL', text: 'storage export: 403: grant the role Storage Blob Data Reader' },
    ]);
});

it('one without a blob is no failure, but says that reading was not tried', async () => {
  const [line] = await exportLines([container([])], signal);
  expect(line).toMatchObject({ level: 'warn', text: expect.stringContaining('reading was not tried') as string });
});

it('a blob that cannot be read, whoever asks, fails with the reason', async () => {
  const [line] = await exportLines([container([blob('a')], () => ({ ok: false, reason: 'it is gone' }))], signal);
  expect(line).toEqual({ level: 'FAIL', text: `storage export: ${url}/a: it is gone` });
});

it('without the source there is no line', async () => {
  expect(await exportLines([], signal)).toEqual([]);
});
