/** A disk that is full: said with the remedy, nothing torn, nothing lost, and the rest comes when there is room. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, readFile, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scene, type Ended, type Scene } from './harness.ts';
import { ledgerSummary, leaks, ofTheRecord, outcomeOf, type StoredRow } from './outcome.ts';

const now = Date.parse('2026-11-18T15:00:00Z');

/** A file system of a few MiB in memory, gone after `await using`. */
interface SmallDisk {
  readonly path: string;
  /** Fills it but for `bytes`. */
  leave(bytes: number): Promise<void>;
  /** Takes the filler away. */
  free(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What the system says when it will not mount; undefined when it has. */
function mount(path: string, megabytes: number): string | undefined {
  const done = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { encoding: 'utf8' });
  return done.status === 0 ? undefined : (done.error?.message ?? done.stderr).trim();
}

const unmount = (path: string): void => void spawnSync('umount', [path]);

async function whyNot(): Promise<string | undefined> {
  const path = await mkdtemp(join(tmpdir(), 'copilot-sentinel-mount-'));
  const why = mount(path, 1);
  if (why === undefined) unmount(path);
  await rm(path, { recursive: true });
  return why;
}

async function smallDisk(megabytes: number): Promise<SmallDisk> {
  const path = await mkdtemp(join(tmpdir(), 'copilot-sentinel-disk-'));
  const why = mount(path, megabytes);
  if (why !== undefined) throw new Error(`${path} cannot be mounted: ${why}`);
  const filler = join(path, 'filler');
  const free = (): Promise<void> => rm(filler, { force: true });
  return {
    path,
    free,
    async leave(bytes) {
      await free();
      const { bavail, bsize } = await statfs(path);
      const handle = await open(filler, 'w');
      try {
        await handle.writeFile(Buffer.alloc(Math.max(0, bavail * bsize - bytes)));
      } finally {
        await handle.close();
      }
    },
    async [Symbol.asyncDispose]() {
      unmount(path);
      await rm(path, { recursive: true });
    },
  };
}

/** Every line of the file sink, of which none may be torn. */
async function linesOf(rows: string): Promise<readonly StoredRow[]> {
  const found: StoredRow[] = [];
  if (!existsSync(rows)) return found;
  for (const entry of await readdir(rows, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const text = await readFile(join(entry.parentPath, entry.name), 'utf8');
    expect(text === '' || text.endsWith('\n'), `${entry.name} ends with a whole line`).toBe(true);
    for (const line of text.split('\n').slice(0, -1)) found.push(JSON.parse(line) as StoredRow);
  }
  return found;
}

const auditIds = (lines: readonly StoredRow[]): readonly string[] =>
  lines.flatMap(({ RecordId: id }) => (typeof id === 'string' ? [id] : [])).toSorted();

/** The message of a full disk: what, where, why, and what to do. */
function expectFull({ code, stderr }: Ended, setting: string): void {
  expect(code).toBe(2);
  expect(stderr).toMatch(/ENOSPC: no space left on device/);
  expect(stderr).toContain(`free space on the disk, or point ${setting} elsewhere`);
  expect(stderr).not.toMatch(/\n\s+at /);
}

async function expectWhole(place: Scene, ended: Ended): Promise<readonly string[]> {
  expect(ended.code, ended.stderr).toBe(0);
  const outcome = await outcomeOf(place, ended);
  expect([...new Set(outcome.ids)]).toEqual(outcome.report.ids.expected);
  expect(outcome.ids.length).toBeGreaterThan(500);
  expect(outcome.rowProblems).toEqual([]);
  expect(ledgerSummary(outcome)).toMatchObject({ accepted: outcome.report.ids.expected.length, gaps: 0 });
  expect(outcome.ledger['Pending']).toBe(0);
  expect(await leaks(place, [ended.stdout, ended.stderr])).toEqual([]);
  return outcome.ids;
}

const why = process.platform === 'win32' ? 'no tmpfs on Windows' : await whyNot();
const isImpossible = why !== undefined;
const suffix = why === undefined ? '' : ` (skipped, because no small disk can be mounted: ${why})`;
const timeout = 120_000;
const tenant = { users: 40, days: 3, clock: () => now };

it.skipIf(isImpossible)(
  `rows and state on a full disk: once says so, and completes when there is room${suffix}`,
  { timeout },
  async () => {
    await using disk = await smallDisk(24);
    await using place = await scene(tenant);
    const rows = join(place.directory, 'rows');
    const env = { ...place.tenant.env, INGESTION_URL: join(disk.path, 'rows'), STATE_URL: join(disk.path, 'state') };
    await disk.leave(128 * 1024);
    expectFull(await place.collect(['once'], env), 'INGESTION_URL');
    // The first write did not fit, and left nothing of itself: so nothing comes twice.
    expect(auditIds(await linesOf(join(disk.path, 'rows')))).toEqual([]);

    await disk.free();
    const ended = await place.collect(['once'], env);
    await linesOf(join(disk.path, 'rows'));
    // The scene reads rows where its own environment would have put them.
    spawnSync('cp', ['-r', join(disk.path, 'rows'), rows]);
    const ids = await expectWhole(place, ended);
    expect(ids).toEqual([...new Set(ids)]);
    await place.collect(['once'], env);
    expect(auditIds(await linesOf(join(disk.path, 'rows')))).toEqual(ids);
  },
);

it.skipIf(isImpossible)(
  `rows on a disk that fills up on the way: what was accepted stays whole${suffix}`,
  { timeout },
  async () => {
    await using disk = await smallDisk(24);
    await using place = await scene(tenant);
    const rows = join(disk.path, 'rows');
    const env = { ...place.tenant.env, INGESTION_URL: rows };
    const seen: number[] = [];
    for (const room of [1, 2, 3]) {
      await disk.leave(room * 700 * 1024);
      expectFull(await place.collect(['once'], env), 'INGESTION_URL');
      seen.push(auditIds(await linesOf(rows)).length);
    }
    expect(Math.max(...seen)).toBeGreaterThan(0);

    await disk.free();
    const ended = await place.collect(['once'], env);
    const lines = await linesOf(rows);
    spawnSync('cp', ['-r', rows, join(place.directory, 'rows')]);
    await expectWhole(place, ended);
    // What came again is the same row in all that the record says.
    const copies = Map.groupBy(
      lines.filter(({ RecordId: id }) => id !== undefined),
      ({ RecordId: id }) => id,
    );
    for (const [first, ...others] of copies.values()) {
      for (const other of others) expect(ofTheRecord(other)).toEqual(ofTheRecord(first ?? {}));
    }
  },
);

it.skipIf(isImpossible)(
  `state on a disk that fills up while it is saved: the old state counts${suffix}`,
  { timeout },
  async () => {
    await using disk = await smallDisk(4);
    await using place = await scene(tenant);
    const at = join(disk.path, 'state');
    const env = { ...place.tenant.env, STATE_URL: at };
    await mkdir(at, { mode: 0o700 });
    let failures = 0;
    // From no room for a lock up to room for all but the last file of a save.
    for (const room of [0, 4, 8, 16, 64, 256, 512]) {
      await disk.leave(room * 1024);
      const ended = await place.collect(['once'], env);
      await linesOf(join(place.directory, 'rows'));
      if (ended.code === 0) continue;
      expectFull(ended, 'STATE_URL');
      failures++;
    }
    expect(failures).toBeGreaterThan(3);
    await disk.free();
    await expectWhole(place, await place.collect(['once'], env));
  },
);
