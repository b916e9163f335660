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
});
