import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diskPlace } from '../../../collector/state/disk-place.ts';
import { state } from '../../../collector/state/state.ts';
import { deadLetter, dump, guid, note } from './state-dump.ts';

const hour = 497_000;
const segment = join('records', `${new Date(hour * 3_600_000).toISOString().slice(0, 13)}.ids`);
let root = '';
let directory = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'state-'));
  directory = join(root, 'deep', '.state');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const opened = async () => {
  const store = state(diskPlace(directory));
  return { store, held: await store.load() };
};

async function saveOne(): Promise<void> {
  const { store, held } = await opened();
  held.records.add(guid(1), hour);
  await store.save(held);
  await store.close();
}

describe('state on disk', () => {
  test('comes back in another process, in the documented files', async () => {
    const { store, held } = await opened();
    held.records.add(guid(1), hour);
    held.source('activity-feed').blobs.add('blob', hour);
    held.putAside(deadLetter('a'));
    await store.save(held);
    const saved = await dump(store, held, ['activity-feed']);
    await store.close();
    const back = await opened();
    expect(await dump(back.store, back.held, ['activity-feed'])).toBe(saved);
    expect((await readdir(directory)).toSorted()).toEqual([
      'activity-feed.blobs',
      'checkpoint.json',
      'dead-letters',
      'lock',
      'records',
    ]);
    expect((await readFile(join(directory, segment))).length).toBe(16);
    await back.store.close();
    expect(await readdir(directory)).not.toContain('lock');
  });

  test.skipIf(process.platform === 'win32')('is readable by its user only', async () => {
    await saveOne();
    const modes = [directory, join(directory, 'records'), join(directory, 'checkpoint.json'), join(directory, segment)];
    expect(await Promise.all(modes.map(async (path) => ((await stat(path)).mode & 0o777).toString(8)))).toEqual([
      '700',
      '700',
      '600',
      '600',
    ]);
  });

  test('ignores what a save that was cut short left, and no longer adds to it', async () => {
    await saveOne();
    await writeFile(join(directory, segment), Buffer.alloc(9, 1), { flag: 'a' });
    await writeFile(join(directory, 'checkpoint.json.tmp'), '{"format":1,"cr');
    await writeFile(join(directory, 'records', '2026-01-01T00.ids'), Buffer.alloc(16));
    const { store, held } = await opened();
    expect(held.records.size).toBe(1);
    held.records.add(guid(2), hour);
    await store.save(held);
    await store.close();
    expect(await readdir(join(directory, 'records'))).toEqual([segment.slice(8, -4) + '.2.ids', segment.slice(8)]);
    const { held: back, store: last } = await opened();
    expect([back.records.has(guid(1)), back.records.has(guid(2)), back.records.size]).toEqual([true, true, 2]);
    await last.close();
  });

  test('never touches files that are not its own', async () => {
    const others = [
      'notes.txt',
      join('records', 'notes.txt'),
      join('Pictures.blobs', 'a.ids'),
      join('photos', 'a.ids'),
    ];
    for (const other of others) {
      await mkdir(join(directory, other, '..'), { recursive: true });
      await writeFile(join(directory, other), 'mine');
    }
    await saveOne();
    await saveOne();
    for (const other of others) expect(await readFile(join(directory, other), 'utf8')).toBe('mine');
  });

  test('is for one process at a time', async () => {
    const { store } = await opened();
    await expect(opened()).rejects.toThrow(
      `${directory} is in use by process ${process.pid}: stop that process, or point STATE_URL elsewhere`,
    );
    await store.close();
    await (await opened()).store.close();
  });

  test.for([
    ['a process that has ended', { pid: 2 ** 22 + 1, started: '1', token: 'x' }],
    ['a process that has ended on a system without start times', { pid: 2 ** 22 + 1, started: '', token: 'x' }],
    ['a process whose pid another one has now', { pid: process.pid, started: '1', token: 'x' }],
    ['a process that died while locking', ''],
  ] as const)('takes over from %s', async ([, holder], { expect }) => {
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'lock'), holder === '' ? '' : JSON.stringify(holder));
    const { store, held } = await opened();
    await store.save(held);
    await store.close();
    expect(await readdir(directory)).not.toContain('lock');
  });

  test('saves nothing once another process has taken over, and leaves that one its lock', async () => {
    const { store, held } = await opened();
    held.records.add(guid(1), hour);
    const other = JSON.stringify({ pid: 1, started: '', token: 'other' });
    await writeFile(join(directory, 'lock'), other);
    const before = await readFile(join(directory, 'checkpoint.json'), 'utf8');
    await expect(store.save(held)).rejects.toThrow('taken over by another process, nothing was saved');
    await store.close();
    expect(await readFile(join(directory, 'checkpoint.json'), 'utf8')).toBe(before);
    expect(await readFile(join(directory, 'lock'), 'utf8')).toBe(other);
  });

  test.skipIf(process.platform !== 'linux')(
    'a full disk is an error with a remedy, and the save works once there is room',
    async () => {
      const { store, held } = await opened();
      held.records.add(guid(1), hour);
      await mkdir(join(directory, 'records'), { recursive: true });
      // Every write to this device fails as one to a full disk does.
      await symlink('/dev/full', join(directory, segment));
      await expect(store.save(held)).rejects.toThrow(
        new RegExp(
          `^state: ${directory}/${segment}: ENOSPC: .*: free space on the disk, or point STATE_URL elsewhere$`,
        ),
      );
      held.records.add(guid(2), hour);
      await store.save(held);
      await store.close();
      const { held: back, store: last } = await opened();
      expect(back.records.size).toBe(2);
      await last.close();
    },
  );

  test('a file where the directory should be is an error with a remedy', async () => {
    await writeFile(join(root, 'deep'), '');
    await expect(opened()).rejects.toThrow(/^state: .*\.state: ENOTDIR: .*: remove the file that stands in the way/);
  });

  test('survives kill -9 in the middle of saves', async () => {
    const writer = fileURLToPath(new URL('./saving-process.ts', import.meta.url));
    let saved = 0;
    for (let kill = 0; kill < 4; kill++) {
      const child = spawn(process.execPath, [writer, directory, String(hour)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const wanted = 3 + kill * 4;
      let lines = 0;
      for await (const line of createInterface(child.stdout)) {
        saved = Math.max(saved, Number(line));
        if (++lines === wanted) child.kill('SIGKILL');
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      expect(child.signalCode).toBe('SIGKILL');

      const { store, held } = await opened();
      const cursor = Number(held.source('activity-feed').cursor);
      expect(cursor).toBeGreaterThanOrEqual(saved);
      // Cursor, ids, letters and notes are of the same save.
      expect(held.records.size).toBe(cursor * 10);
      for (let n = 0; n < cursor * 10; n++) expect(held.records.has(guid(n))).toBe(true);
      expect(await store.deadLetters()).toHaveLength(cursor);
      expect(held.entities.size).toBe(cursor);
      expect(held.entities.get('file', `file ${cursor}`)).toEqual(note(cursor));
      await store.close();
    }
    expect(saved).toBeGreaterThan(30);
  });
});
