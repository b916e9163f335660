import { ContainerClient } from '@azure/storage-blob';
import { describe, expect, test, vi } from 'vitest';
import { TakenError } from '../../../collector/state/place.ts';
import { blobRig, hour, opened, pass, segment } from './blob-rig.ts';
import { everyContract } from './every-contract.ts';
import { guid } from './state-dump.ts';
import type { StorageCall } from '../../storage-proxy.ts';

const all = blobRig();
everyContract('in Blob Storage', all.freshBench);

const isPut = ({ method, path }: StorageCall): boolean =>
  method === 'PUT' && /\/checkpoint\.json(?:\?timeout=\d+)?$/.test(path);
const isAppend = ({ path }: StorageCall): boolean => path.includes('comp=appendblock');
const isLease = ({ path }: StorageCall): boolean => path.includes('comp=lease');
const action = ({ headers }: StorageCall): string => String(headers['x-ms-lease-action']);

describe('the lease', () => {
  test('holds beyond its term while it is renewed, and ends by itself when it is not', async () => {
    const kept = await all.rig();
    const failing = await all.rig();
    const troubles: Error[] = [];
    const keeper = kept.place({ leaseSeconds: 15, renewEveryMs: 500 });
    const quiet = failing.place({ leaseSeconds: 15, renewEveryMs: 500, onTrouble: (error) => troubles.push(error) });
    const [keptLost, failingLost] = [await keeper.open(), await quiet.open()];
    all.proxy.decide((seen) =>
      seen.path.includes(failing.container) && isLease(seen) && action(seen) === 'renew'
        ? { kind: 'answer', status: 500, code: 'InternalError' }
        : pass,
    );
    const wasLost = new Promise<void>((resolve) => failingLost.addEventListener('abort', () => resolve()));
    const other = failing.bench.place();
    await vi.waitFor(() => other.open(), { timeout: 25_000, interval: 250 });
    // The one that could not renew knew before anybody else could get in.
    expect(failingLost.aborted).toBe(true);
    await wasLost;
    expect(failingLost.reason).toBeInstanceOf(TakenError);
    expect(String(failingLost.reason)).toMatch(/the lease may be over, it could not be renewed in time/);
    expect(troubles.length).toBeGreaterThan(1);
    expect(troubles[0]?.message).toMatch(
      /^state: https:.*\/state\/checkpoint\.json: InternalError \(500\): it is tried/,
    );
    await expect(quiet.replaceCheckpoint('late')).rejects.toBe(failingLost.reason);
    // The other one was taken earlier, and would be over by now.
    expect(keptLost.aborted).toBe(false);
    await expect(kept.bench.place().open()).rejects.toThrow(TakenError);
    await keeper.replaceCheckpoint('still ours');
    await other.close();
  }, 40_000);

  test('a failed renewal is tried again', async () => {
    const { place } = await all.rig();
    const troubles: Error[] = [];
    all.once((seen) => action(seen) === 'renew', { kind: 'reset' });
    const from = all.proxy.seen.length;
    const lost = await place({ renewEveryMs: 20, onTrouble: (error) => troubles.push(error) }).open();
    const renewals = (): number => all.proxy.seen.slice(from).filter((seen) => action(seen) === 'renew').length;
    await vi.waitFor(() => expect(renewals()).toBeGreaterThan(2), { timeout: 20_000 });
    expect(troubles.map(({ message }) => message)).toEqual([expect.stringMatching(/ECONNRESET|REQUEST_SEND_ERROR/)]);
    expect(lost.aborted).toBe(false);
  });

  test('that somebody broke and took is known at the next renewal, and nothing is saved', async () => {
    const { bench, place } = await all.rig();
    const { store, held } = await opened(place({ renewEveryMs: 300 }));
    held.records.add(guid(1), hour);
    await store.save(held);
    const before = await bench.files();
    await bench.restart();
    const other = bench.place();
    await other.open();
    await vi.waitFor(() => expect(held.lost.aborted).toBe(true), { timeout: 10_000 });
    expect(String(held.lost.reason)).toMatch(
      /the lease was taken from this process \(Lease\w+\), nothing more is saved/,
    );
    held.records.add(guid(2), hour);
    const from = all.proxy.seen.length;
    await expect(store.save(held)).rejects.toBe(held.lost.reason);
    expect(all.proxy.seen.slice(from)).toEqual([]);
    expect(await bench.files()).toEqual(before);
    await store.close();
    await expect(bench.place().open()).rejects.toThrow(TakenError);
    await other.close();
  });

  test('a process that stood still for longer than its lease knows before it asks anybody', async () => {
    const { place } = await all.rig();
    let now = 1_000_000;
    const still = place({ now: () => now });
    const lost = await still.open();
    await still.append(segment, 0, Buffer.from('abc'));
    now += 54_000;
    await still.replaceCheckpoint('in time');
    now += 1000;
    const from = all.proxy.seen.length;
    await expect(still.append(segment, 3, Buffer.from('def'))).rejects.toThrow('stood still for too long');
    await expect(still.replaceCheckpoint('late')).rejects.toThrow(TakenError);
    await expect(still.remove(segment)).rejects.toThrow(TakenError);
    expect(all.proxy.seen.slice(from)).toEqual([]);
    expect(lost.aborted).toBe(true);
  });

  test('is not one process alone when two come at once to a container that is empty', async () => {
    const { bench } = await all.rig();
    const places = Array.from({ length: 4 }, () => bench.place());
    const outcomes = await Promise.allSettled(places.map((place) => place.open()));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(TakenError);
  });

  test('that cannot be released is told of and ends by itself', async () => {
    const { place } = await all.rig();
    const troubles: Error[] = [];
    const open = place({ onTrouble: (error) => troubles.push(error) });
    await open.open();
    all.once((seen) => action(seen) === 'release', { kind: 'answer', status: 503, code: 'ServerBusy' });
    await open.close();
    expect(troubles.map(({ message }) => message)).toEqual([expect.stringContaining('ServerBusy (503)')]);
  });
});

describe('the checkpoint', () => {
  test('that somebody else replaced is not replaced by us', async () => {
    const { bench, container, place } = await all.rig();
    const ours = place();
    const lost = await ours.open();
    await ours.replaceCheckpoint('ours');
    // Nobody can do this without our lease; should somebody all the same, the ETag tells.
    const leaseId = String(all.proxy.seen.findLast(isPut)?.headers['x-ms-lease-id']);
    await new ContainerClient(`${all.storage.url}/${container}`, all.storage.credential)
      .getBlockBlobClient('state/checkpoint.json')
      .upload('theirs', 6, { conditions: { leaseId } });
    await expect(ours.replaceCheckpoint('late')).rejects.toThrow(
      /checkpoint\.json was replaced by another process, nothing was saved/,
    );
    expect(lost.reason).toBeInstanceOf(TakenError);
    expect((await bench.files()).get('checkpoint.json')?.toString()).toBe('theirs');
  });

  test('counts as replaced when only the answer got lost', async () => {
    const { bench, place } = await all.rig();
    const ours = place();
    await ours.open();
    await ours.replaceCheckpoint('before');
    const from = all.proxy.seen.length;
    all.once(isPut, { kind: 'lose the answer' });
    await ours.replaceCheckpoint('first');
    // The try, and its repetition, which the service refuses.
    expect(all.proxy.seen.slice(from).filter(isPut)).toHaveLength(2);
    await ours.replaceCheckpoint('second');
    expect((await bench.files()).get('checkpoint.json')?.toString()).toBe('second');
  });

  test('can be replaced again after a try whose outcome nobody told', async () => {
    const { bench, place } = await all.rig();
    const ours = place({ timeoutMs: 500 });
    const lost = await ours.open();
    await ours.replaceCheckpoint('before');
    all.once(isPut, { kind: 'keep the answer' });
    await expect(ours.replaceCheckpoint('first')).rejects.toThrow('no answer in time');
    expect((await bench.files()).get('checkpoint.json')?.toString()).toBe('first');
    await ours.replaceCheckpoint('second');
    all.once(isPut, { kind: 'hang' });
    await expect(ours.replaceCheckpoint('third')).rejects.toThrow('no answer in time');
    await ours.replaceCheckpoint('fourth');
    expect((await bench.files()).get('checkpoint.json')?.toString()).toBe('fourth');
    expect(lost.aborted).toBe(false);
  });
});

describe('segments', () => {
  test('an append that happened although its answer got lost fails, and the next save puts it elsewhere', async () => {
    const { bench, place } = await all.rig();
    const { store, held } = await opened(place());
    held.records.add(guid(1), hour);
    await store.save(held);
    held.records.add(guid(2), hour);
    all.once(isAppend, { kind: 'lose the answer' });
    await expect(store.save(held)).rejects.toThrow(
      `${segment}: AppendPositionConditionNotMet (412): nothing: the next save begins another segment`,
    );
    held.records.add(guid(3), hour);
    await store.save(held);
    await store.close();
    expect([...(await bench.files()).keys()]).toContain(segment.replace('.ids', '.2.ids'));
    const { held: back } = await opened(place());
    expect([1, 2, 3].map((n) => back.records.has(guid(n)))).toEqual([true, true, true]);
    expect(back.records.size).toBe(3);
  });

  test('one that is full is followed by another', async () => {
    const { bench, place } = await all.rig();
    const { store, held } = await opened(place());
    held.records.add(guid(1), hour);
    await store.save(held);
    held.records.add(guid(2), hour);
    all.once(isAppend, { kind: 'answer', status: 409, code: 'BlockCountExceedsLimit' });
    await expect(store.save(held)).rejects.toThrow('BlockCountExceedsLimit (409): nothing: the next save');
    await store.save(held);
    expect([...(await bench.files()).keys()]).toContain(segment.replace('.ids', '.2.ids'));
  });

  test('one whose append had no known end is removed only by who is the owner', async () => {
    const { bench, place } = await all.rig();
    const ours = place({ timeoutMs: 500 });
    const lost = await ours.open();
    all.once(isAppend, { kind: 'keep the answer' });
    await expect(ours.append(segment, 0, Buffer.from('ours'))).rejects.toThrow('no answer in time');
    await ours.remove(segment);
    expect([...(await bench.files()).keys()]).toEqual([]);

    all.once(isAppend, { kind: 'hang' });
    await expect(ours.append(segment, 0, Buffer.from('ours'))).rejects.toThrow('no answer in time');
    await bench.restart();
    const other = bench.place();
    await other.open();
    await bench.put(segment, Buffer.from('theirs'));
    await expect(ours.remove(segment)).rejects.toThrow(TakenError);
    expect(lost.aborted).toBe(true);
    expect((await bench.files()).get(segment)?.toString()).toBe('theirs');
    await other.close();
  });

  test('end where the service says that a range is beyond their end', async () => {
    const { place } = await all.rig();
    const ours = place();
    await ours.open();
    await ours.append(segment, 0, Buffer.from('abc'));
    // Azurite answers 206 and nothing, the real service this.
    all.once(({ method }) => method === 'GET', { kind: 'answer', status: 416, code: 'InvalidRange' });
    expect(await ours.read(segment, 3, Buffer.alloc(4))).toBe(0);
  });

  test('are listed to the last page', async () => {
    const { place } = await all.rig();
    const ours = place();
    await ours.open();
    const names = Array.from({ length: 7 }, (_, n) => `records/2026-10-01T0${n}.ids`);
    for (const name of [...names, 'a.blobs/1.ids', 'b.blobs/1.ids', 'c.blobs/1.ids'])
      await ours.append(name, 0, Buffer.from('a'));
    all.proxy.decide(({ path }) => ({
      kind: 'pass',
      path: path.includes('comp=list') ? `${path}&maxresults=2` : path,
    }));
    const from = all.proxy.seen.length;
    expect((await ours.list()).map(({ name }) => name).toSorted()).toEqual([
      'a.blobs/1.ids',
      'b.blobs/1.ids',
      'c.blobs/1.ids',
      ...names,
    ]);
    expect(all.proxy.seen.length - from).toBeGreaterThan(8);
    // What was listed is known well enough to be removed.
    await ours.remove('a.blobs/1.ids');
    const removal = all.proxy.seen.findLast(({ method }) => method === 'DELETE');
    // Listings have ETags without quotes, conditions need them.
    expect(removal?.headers['if-match']).toMatch(/^"0x\w+"$/);
    expect(await ours.list()).toHaveLength(9);
  });

  test('a save asks for no more than it changes', async () => {
    const { place } = await all.rig();
    const { store, held } = await opened(place());
    const count = async (): Promise<readonly string[]> => {
      const from = all.proxy.seen.length;
      await store.save(held);
      return all.proxy.seen.slice(from).map(({ method, path }) => `${method} ${path.replace(/^.*\/state\//, '')}`);
    };
    held.records.add(guid(1), hour);
    const timeout = 'timeout=30';
    expect(await count()).toEqual([
      `PUT ${segment}?${timeout}`,
      `PUT ${segment}?comp=appendblock&${timeout}`,
      `PUT checkpoint.json?${timeout}`,
    ]);
    held.records.add(guid(2), hour);
    expect(await count()).toEqual([`PUT ${segment}?comp=appendblock&${timeout}`, `PUT checkpoint.json?${timeout}`]);
    expect(await count()).toEqual([`PUT checkpoint.json?${timeout}`]);
    held.records.evictBefore(hour + 1);
    expect(await count()).toEqual([`PUT checkpoint.json?${timeout}`, `DELETE ${segment}?${timeout}`]);
  });
});
