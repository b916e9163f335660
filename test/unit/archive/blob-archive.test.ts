import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { archive } from '../../../collector/archive/archive.ts';
import { blobArchive } from '../../../collector/archive/blob-archive.ts';
import { objectName } from '../../../collector/archive/place.ts';
import { readArchive } from '../../../collector/archive/read-archive.ts';
import { blobRig, pass } from '../state/blob-rig.ts';
import { idOf, nowMs, record, signal } from './archive-rig.ts';

const storage = blobRig();
const isPut = ({ method }: { readonly method: string }): boolean => method === 'PUT';

/** An archive in a folder of a container of its own, behind the proxy. */
async function place(options: { readonly container?: string } = {}) {
  const container = options.container ?? `c-${randomUUID()}`;
  if (options.container === undefined) await storage.storage.container(container);
  return blobArchive({
    containerUrl: `${storage.proxy.url}/${container}/raw copies`,
    credential: storage.storage.credential,
    retryDelayMs: 1,
  });
}
const kept = (n: number) => ({
  id: idOf(n),
  source: 'activity-feed',
  contentCreated: null,
  collectedTime: '2026-11-18T12:00:00.000Z',
  record: record(n),
});
const read = async (from: Awaited<ReturnType<typeof place>>): Promise<readonly string[]> => {
  const parts = await Array.fromAsync(readArchive(from, { fromMs: -Infinity, toMs: Infinity }, signal));
  return parts.flatMap(({ records }) => records.map(({ id }) => id));
};

describe('an archive in Blob Storage', () => {
  it('gives back what was written, in the order of its hours', async () => {
    const at = await place();
    for (const hours of [1, 0, 2]) {
      const made = archive(at, { now: () => nowMs + hours * 3_600_000 });
      await made.add([kept(hours)], signal);
      await made.save(signal);
    }
    expect(await read(at)).toEqual([0, 1, 2].map(idOf));
    const [first = ''] = await at.list(signal);
    const bytes = Buffer.concat(await Array.fromAsync(at.read(first, signal)));
    expect(gunzipSync(bytes).toString()).toBe(`${JSON.stringify(kept(0))}\n`);
  });

  it('writes each object by one request that fails where one exists, and never changes or removes one', async () => {
    const at = await place();
    storage.proxy.seen.length = 0;
    const made = archive(at, { now: () => nowMs });
    await made.add([kept(1)], signal);
    await made.save(signal);
    await read(at);
    const changing = storage.proxy.seen.filter(({ method }) => method !== 'GET' && method !== 'HEAD');
    expect(
      changing.map(({ method, headers, path }) => [
        method,
        headers['if-none-match'],
        headers['x-ms-blob-type'],
        path.includes('comp='),
      ]),
    ).toEqual([['PUT', '*', 'BlockBlob', false]]);
  });

  it.for([
    ['cut after the write', { kind: 'lose the answer' }],
    [
      'refused by a retention policy, because the try before came through',
      { kind: 'answer', status: 409, code: 'BlobImmutableDueToPolicy' },
    ],
  ] as const)('takes an answer that was %s for what it is', async ([, fate]) => {
    const at = await place();
    const bytes = Buffer.from(fate.kind);
    const name = objectName(bytes, nowMs);
    if (fate.kind === 'answer') await at.put(name, bytes, signal);
    storage.once(isPut, fate);
    await at.put(name, bytes, signal);
    expect(Buffer.concat(await Array.fromAsync(at.read(name, signal)))).toEqual(bytes);
  });

  it('does not replace an object', async () => {
    const at = await place();
    const name = objectName(Buffer.from('one'), nowMs);
    await at.put(name, Buffer.from('one'), signal);
    await expect(at.put(name, Buffer.from('another'), signal)).rejects.toThrow(/BlobAlreadyExists/);
    expect(Buffer.concat(await Array.fromAsync(at.read(name, signal))).toString()).toBe('one');
  });

  it('does not take it for written that a policy refuses what is not there', async () => {
    const at = await place();
    storage.once(isPut, { kind: 'answer', status: 409, code: 'BlobImmutableDueToPolicy' });
    const name = objectName(Buffer.from('one'), nowMs);
    await expect(at.put(name, Buffer.from('one'), signal)).rejects.toThrow(/BlobImmutableDueToPolicy.*ARCHIVE_URL/);
    await at.put(name, Buffer.from('one'), signal);
  });

  it('says which container is missing, which role, and which setting names it', async () => {
    const none = await place({ container: 'nowhere' });
    await expect(none.list(signal)).rejects.toThrow(/^archive: .*nowhere.*ContainerNotFound.*or correct ARCHIVE_URL/);
    await expect(none.put('a', Buffer.from('a'), signal)).rejects.toThrow(/ContainerNotFound/);
    const at = await place();
    storage.once(isPut, { kind: 'answer', status: 403, code: 'AuthorizationPermissionMismatch' });
    await expect(at.put('a', Buffer.from('a'), signal)).rejects.toThrow(/Storage Blob Data Contributor/);
    storage.proxy.decide(() => pass);
  });
});
