import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { copilotAudit, copilotHealth, emptyRow, type Row } from '../../../collector/schema/index.ts';
import { fileSink, type Repair } from '../../../collector/sinks/file.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'file-sink-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const never = new AbortController().signal;
const noon = Date.parse('2026-10-03T12:00:00.000Z');
const row = (RecordId: string): Row => ({ ...emptyRow(copilotAudit), RecordId, EventTime: '2026-10-03T11:00:00Z' });
const file = (day = '2026-10-03', table = 'CopilotAudit_CL') => join(directory, table, `${day}.ndjson`);

async function idsIn(path: string): Promise<readonly unknown[]> {
  const text = await readFile(path, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => {
      const written: Row = JSON.parse(line);
      return written['RecordId'];
    });
}

describe('file sink', () => {
  test('writes each row as a line, stamped, with the time of receipt', async () => {
    const sink = fileSink(directory, { now: () => noon });
    expect(await sink.write(copilotAudit, [row('a'), row('b\n"ä')], never)).toEqual([]);
    const [first, second, rest] = (await readFile(file(), 'utf8')).split('\n');
    // Columns that are null are left out.
    expect(JSON.parse(first ?? '')).toEqual({
      RecordId: 'a',
      EventTime: '2026-10-03T11:00:00Z',
      TimeGenerated: '2026-10-03T11:00:00Z',
      TimeClamped: false,
      _TimeReceived: '2026-10-03T12:00:00.000Z',
    });
    expect(JSON.parse(second ?? '')).toMatchObject({ RecordId: 'b\n"ä' });
    expect(rest).toBe('');
  });

  test('shares a directory with another writer: no row of either is lost or torn', async () => {
    const sinks = [fileSink(directory, { now: () => noon }), fileSink(directory, { now: () => noon, repairs: 'no' })];
    const rows = 60;
    await Promise.all(
      sinks.map(async (sink, writer) => {
        for (let n = 0; n < rows; n++) await sink.write(copilotAudit, [row(`${writer}.${n}`)], never);
      }),
    );
    const lines = (await readFile(file(), 'utf8')).trim().split('\n');
    const ids = lines.map((line) => (JSON.parse(line) as { RecordId: string }).RecordId);
    expect(new Set(ids).size).toBe(2 * rows);
  });

  test('stamps again at every try', async () => {
    let nowMs = noon;
    const sink = fileSink(directory, { now: () => nowMs });
    await sink.write(copilotAudit, [row('a')], never);
    nowMs += 2 * 86_400_000;
    await sink.write(copilotAudit, [row('a')], never);
    const line: unknown = JSON.parse(await readFile(file('2026-10-05'), 'utf8'));
    expect(line).toMatchObject({ TimeGenerated: '2026-10-05T12:00:00.000Z', TimeClamped: true });
  });

  test('a file is a UTC day of receipt of one table', async () => {
    let nowMs = Date.parse('2026-10-03T23:59:59.999Z');
    const sink = fileSink(directory, { now: () => nowMs });
    await sink.write(copilotAudit, [row('a')], never);
    nowMs++;
    await sink.write(copilotAudit, [row('b')], never);
    await sink.write(copilotHealth, [emptyRow(copilotHealth)], never);
    expect(await idsIn(file('2026-10-03'))).toEqual(['a']);
    expect(await idsIn(file('2026-10-04'))).toEqual(['b']);
    expect(await readdir(join(directory, 'CopilotHealth_CL'))).toEqual(['2026-10-04.ndjson']);
  });

  test('no rows make no file', async () => {
    await fileSink(directory).write(copilotAudit, [], never);
    expect(await readdir(directory)).toEqual([]);
  });

  test('writes at the same time do not mix', async () => {
    const sink = fileSink(directory, { now: () => noon });
    const writes = Array.from({ length: 20 }, (_, n) =>
      sink.write(
        copilotAudit,
        Array.from({ length: 50 }, (__, i) => row(`${n}-${i}`)),
        never,
      ),
    );
    await sink.close();
    const ids = await idsIn(file());
    await Promise.all(writes);
    expect(ids).toEqual(Array.from({ length: 1000 }, (_, n) => `${Math.trunc(n / 50)}-${n % 50}`));
  });

  test.skipIf(process.platform === 'win32')('files are for their user only', async () => {
    await fileSink(join(directory, 'new'), { now: () => noon }).write(copilotAudit, [row('a')], never);
    const table = join(directory, 'new', 'CopilotAudit_CL');
    expect((await stat(table)).mode & 0o777).toBe(0o700);
    expect((await stat(join(table, '2026-10-03.ndjson'))).mode & 0o777).toBe(0o600);
  });

  test.for([
    ['short', 10],
    ['longer than one look', 200_000],
    ['exactly one look', 65_536],
  ] as const)('a torn last line that is %s is cut off at the next start, and said', async ([, bytes], { expect }) => {
    await fileSink(directory, { now: () => noon }).write(copilotAudit, [row('a'), row('b')], never);
    await writeFile(file(), 'x'.repeat(bytes), { flag: 'a' });
    await mkdir(join(directory, 'CopilotHealth_CL'));
    await writeFile(file('2026-09-01', 'CopilotHealth_CL'), '{"torn and nothing else');
    const repairs: Repair[] = [];
    const sink = fileSink(directory, { now: () => noon + 86_400_000, onRepair: (repair) => repairs.push(repair) });
    await sink.write(copilotAudit, [row('c')], never);
    await sink.write(copilotAudit, [row('d')], never);
    expect(await idsIn(file())).toEqual(['a', 'b']);
    expect(await idsIn(file('2026-10-04'))).toEqual(['c', 'd']);
    expect(repairs.toSorted((a, b) => a.bytes - b.bytes)).toEqual(
      [
        { path: file(), bytes },
        { path: file('2026-09-01', 'CopilotHealth_CL'), bytes: 23 },
      ].toSorted((a, b) => a.bytes - b.bytes),
    );
  });

  test('a line that a failed write has torn is repaired before the next one', async () => {
    const repairs: Repair[] = [];
    const sink = fileSink(directory, { now: () => noon, onRepair: (repair) => repairs.push(repair) });
    await sink.write(copilotAudit, [row('a')], never);
    const handle = await open(file(), 'a');
    const prototype: typeof handle = Object.getPrototypeOf(handle);
    await handle.close();
    const sync = vi
      .spyOn(prototype, 'sync')
      .mockRejectedValueOnce(Object.assign(new Error('EIO: i/o error'), { code: 'EIO' }));
    const truncate = vi.spyOn(prototype, 'truncate').mockImplementationOnce(async () => {
      await writeFile(file(), '{"torn', { flag: 'a' });
    });
    await expect(sink.write(copilotAudit, [row('b')], never)).rejects.toThrow(
      /^file sink: .*2026-10-03\.ndjson: EIO: i\/o error/,
    );
    sync.mockRestore();
    truncate.mockRestore();
    await sink.write(copilotAudit, [row('b')], never);
    expect(await idsIn(file())).toEqual(['a', 'b', 'b']);
    expect(repairs).toEqual([{ path: file(), bytes: 6 }]);
  });

  test('a write resolves only after its bytes are synced', async () => {
    const handle = await open(join(directory, 'probe'), 'w');
    const prototype: typeof handle = Object.getPrototypeOf(handle);
    await handle.close();
    const sync = vi.spyOn(prototype, 'sync');
    const sink = fileSink(directory, { now: () => noon });
    await sink.write(copilotAudit, [row('a')], never);
    sync.mockClear();
    await sink.write(copilotAudit, [row('b'), row('c')], never);
    expect(sync).toHaveBeenCalledTimes(1);
    sync.mockRestore();
  });

  test.skipIf(process.platform !== 'linux')(
    'a full disk is an error with a remedy, and the next write works',
    async () => {
      await mkdir(join(directory, 'CopilotAudit_CL'));
      // Every write to this device fails as one to a full disk does.
      await symlink('/dev/full', file());
      const sink = fileSink(directory, { now: () => noon });
      await expect(sink.write(copilotAudit, [row('a')], never)).rejects.toThrow(
        `file sink: ${file()}: ENOSPC: no space left on device, write: free space on the disk, or point INGESTION_URL elsewhere`,
      );
      await rm(file());
      await sink.write(copilotAudit, [row('a')], never);
      expect(await idsIn(file())).toEqual(['a']);
    },
  );

  test('an aborted write writes nothing and does not hold up others', async () => {
    const sink = fileSink(directory, { now: () => noon });
    await expect(sink.write(copilotAudit, [row('a')], AbortSignal.abort())).rejects.toThrow('abort');
    await sink.write(copilotAudit, [row('b')], never);
    expect(await idsIn(file())).toEqual(['b']);
  });

  /** Holds up the first sync of any file until told; counts all of them. */
  async function heldSync() {
    const handle = await open(join(directory, 'probe'), 'w');
    const prototype: typeof handle = Object.getPrototypeOf(handle);
    await handle.close();
    const held = Promise.withResolvers<void>();
    const sync = vi.spyOn(prototype, 'sync').mockImplementationOnce(() => held.promise);
    return { sync, ...held };
  }

  test('writes that come while one is on its way share the next append, in their order', async () => {
    const sink = fileSink(directory, { now: () => noon, repairs: 'no' });
    await sink.write(copilotAudit, [row('0')], never);
    const { sync, resolve } = await heldSync();
    const done: string[] = [];
    const writes = ['a', 'b', 'c'].map((id) => sink.write(copilotAudit, [row(id)], never).then(() => done.push(id)));
    await vi.waitFor(() => expect(sync).toHaveBeenCalledTimes(1));
    expect(done).toEqual([]);
    resolve();
    await Promise.all(writes);
    expect(done).toEqual(['a', 'b', 'c']);
    expect(sync).toHaveBeenCalledTimes(2);
    sync.mockRestore();
    expect(await idsIn(file())).toEqual(['0', 'a', 'b', 'c']);
  });

  test('a failed append fails each write whose bytes were in it, and no other', async () => {
    const sink = fileSink(directory, { now: () => noon });
    await sink.write(copilotAudit, [row('0')], never);
    const { sync, reject } = await heldSync();
    const first = sink.write(copilotAudit, [row('a')], never);
    const later = ['b', 'c'].map((id) => sink.write(copilotAudit, [row(id)], never));
    await vi.waitFor(() => expect(sync).toHaveBeenCalledTimes(1));
    reject(Object.assign(new Error('EIO: i/o error'), { code: 'EIO' }));
    await expect(first).rejects.toThrow('EIO');
    await Promise.all(later);
    sync.mockRestore();
    expect(await idsIn(file())).toEqual(['0', 'b', 'c']);

    const again = await heldSync();
    const before = sink.write(copilotAudit, [row('d')], never);
    await vi.waitFor(() => expect(again.sync).toHaveBeenCalledTimes(1));
    const together = ['e', 'f'].map((id) => sink.write(copilotAudit, [row(id)], never));
    again.sync.mockRejectedValueOnce(Object.assign(new Error('ENOSPC: full'), { code: 'ENOSPC' }));
    again.resolve();
    await before;
    for (const write of together) await expect(write).rejects.toThrow(/ENOSPC/);
    again.sync.mockRestore();
    await sink.write(copilotAudit, [row('g')], never);
    expect(await idsIn(file())).toEqual(['0', 'b', 'c', 'd', 'g']);
  });

  test('what is aborted before its append begins is taken out; the others stay whole', async () => {
    const sink = fileSink(directory, { now: () => noon });
    await sink.write(copilotAudit, [row('0')], never);
    const { sync, resolve } = await heldSync();
    const first = sink.write(copilotAudit, [row('a')], never);
    const stop = new AbortController();
    const others = ['b', 'x', 'c', 'y', 'd'].map((id) =>
      sink.write(copilotAudit, [row(id), row(`${id}2`)], id > 'w' ? stop.signal : never),
    );
    await vi.waitFor(() => expect(sync).toHaveBeenCalledTimes(1));
    stop.abort();
    resolve();
    await first;
    const outcomes = await Promise.allSettled(others);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    sync.mockRestore();
    expect(await idsIn(file())).toEqual(['0', 'a', 'b', 'b2', 'c', 'c2', 'd', 'd2']);
  });

  test('a row that is no JSON fails its own write only', async () => {
    const sink = fileSink(directory, { now: () => noon });
    const broken = { ...row('x'), LLMEventData: { n: 1n } } as unknown as Row;
    const writes = [[row('a')], [row('b'), broken], [row('c')]].map((rows) => sink.write(copilotAudit, rows, never));
    await expect(writes[1]).rejects.toThrow(TypeError);
    await Promise.all([writes[0], writes[2]]);
    expect(await idsIn(file())).toEqual(['a', 'c']);
  });

  test('many writes of any size to several tables at once all arrive, each file in order', async () => {
    const sink = fileSink(directory, { now: () => noon });
    const long = 'ü'.repeat(700_000);
    const writes = Array.from({ length: 60 }, (_, n) => {
      const reason = n % 20 === 7 ? long : 'short';
      return n % 3 === 0
        ? sink.write(copilotHealth, [{ ...emptyRow(copilotHealth), ItemId: `${n}`, Reason: reason }], never)
        : sink.write(copilotAudit, [{ ...row(`${n}`), Operation: reason }], never);
    });
    await Promise.all(writes);
    const numbers = Array.from({ length: 60 }, (_, n) => n);
    expect(await idsIn(file())).toEqual(numbers.filter((n) => n % 3 !== 0).map(String));
    const health = (await readFile(file('2026-10-03', 'CopilotHealth_CL'), 'utf8')).trim().split('\n');
    expect(health.map((line) => (JSON.parse(line) as Row)['ItemId'])).toEqual(
      numbers.filter((n) => n % 3 === 0).map(String),
    );
  });
});
