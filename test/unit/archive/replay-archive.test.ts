import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { archive } from '../../../collector/archive/archive.ts';
import { type ArchivedRecord, toLine } from '../../../collector/archive/archived-record.ts';
import { replayArchive } from '../../../collector/commands/replay-archive.ts';
import { otherTenants } from '../../../collector/other-tenants.ts';
import type { Row } from '../../../collector/schema/index.ts';
import { blobOf, idOf, keepingSink, nowMs, record, rejected, rig, type Rig, signal } from './archive-rig.ts';

const always = { fromMs: -Infinity, toMs: Infinity };
const silent = { show: () => undefined, end: () => undefined };

/** Replays the archive of a rig into a sink of its own, some hours after it was collected. */
async function replayed(
  { place, pipeline }: Rig,
  options: { readonly hours?: number; readonly span?: typeof always; readonly refuses?: readonly string[] } = {},
) {
  const { hours = 1, span = always, refuses } = options;
  const sink = keepingSink(refuses);
  const { log } = pipeline;
  const later = { ...pipeline, sink, now: () => nowMs + hours * 3_600_000 };
  const result = await replayArchive(
    { sink, log, pipeline: later },
    { place, span },
    { reading: signal, writing: signal },
    silent,
  );
  return { ...result, rows: sink.rows };
}
const archived = (n: number): ArchivedRecord => ({
  id: idOf(n),
  source: 'activity-feed',
  contentCreated: null,
  collectedTime: '2026-11-18T12:00:00.000Z',
  record: record(n),
});
const ids = (rows: readonly Row[]): readonly unknown[] => rows.map(({ RecordId }) => RecordId);

describe('replay --from archive', () => {
  it('sends every record once, as it was collected, though the archive has it twice', async () => {
    const one = await rig();
    const failing = { ...one.pipeline.state, save: () => Promise.reject(new Error('the power is off')) };
    await expect(one.pass(blobOf([record(1), record(2)]), { state: failing })).rejects.toThrow('power is off');
    await one.pass(blobOf([record(1), record(2), record(3)]));
    const { rows, summary, isComplete } = await replayed(one);
    expect(ids(rows)).toEqual([1, 2, 3].map(idOf));
    expect(summary).toMatchObject({ seen: 5, selected: 5, duplicate: 2, accepted: 3, deadLettered: 0, gaps: 0 });
    expect(isComplete).toBe(true);
    expect(rows[0]).toMatchObject({
      Source: 'activity-feed',
      ContentCreated: '2026-11-18T10:15:00.000Z',
      CollectedTime: new Date(nowMs).toISOString(),
      IsBackfill: false,
    });
    // The same row as the pass sent.
    expect(rows).toEqual(one.sink.rows.filter((row, n, all) => ids(all).lastIndexOf(row['RecordId']) === n));
  });

  it('leaves out what another tenant owns: the address may be that of another archive', async () => {
    const [ours, theirs] = ['a1', 'b2'].map((end) => `00000000-0000-4000-8000-0000000000${end}`);
    const one = await rig();
    await one.pass(blobOf([record(1, { OrganizationId: ours }), record(2, { OrganizationId: theirs })]));
    const { rows, summary } = await replayed({ ...one, pipeline: { ...one.pipeline, others: otherTenants(ours) } });
    expect(ids(rows)).toEqual([idOf(1)]);
    expect(summary).toMatchObject({ seen: 2, foreign: 1, selected: 1, accepted: 1 });
  });

  it('leaves position, seen ids, ledger and dead letters of the sources as they are', async () => {
    const one = await rig();
    await one.pass(blobOf([record(1), rejected(2)]));
    const look = () =>
      one.loaded((held) => [
        held.source('activity-feed').cursor,
        held.records.size,
        JSON.stringify(held.source('activity-feed').ledger.toJSON()),
      ]);
    const before = await look();
    const { summary, isComplete } = await replayed(one);
    expect(summary).toMatchObject({ accepted: 1, deadLettered: 1 });
    expect(isComplete).toBe(false);
    expect(await look()).toEqual(before);
    await one.store.load();
    expect((await one.store.deadLetters()).length).toBe(1);
    await one.store.close();
  });

  it('sends a record that could not be read when it came and can be now', async () => {
    const one = await rig();
    // The archive of a version that took this time for none; today's takes it.
    const made = archive(one.place, { now: () => nowMs });
    await made.add([{ ...archived(7), id: 'sha256:0' }], signal);
    await made.save(signal);
    expect(ids((await replayed(one)).rows)).toEqual([idOf(7)]);
  });

  it('names nobody whom pseudonymisation hides now, though the copies are from before', async () => {
    const one = await rig();
    await one.pass(blobOf([record(1)]));
    const mask = (raw: unknown): unknown => JSON.parse(JSON.stringify(raw).replaceAll('megan', 'p-0'));
    const { rows } = await replayed({ ...one, pipeline: { ...one.pipeline, mask } });
    expect(rows).toMatchObject([{ RecordId: idOf(1), ActorName: 'p-0@contoso.example' }]);
  });

  it('marks what Azure would stamp with the time of the replay, so that no rule takes it for news', async () => {
    const one = await rig();
    await one.pass(blobOf([record(1)]));
    expect((await replayed(one, { hours: 40 })).rows[0]).toMatchObject({ IsBackfill: false });
    expect((await replayed(one, { hours: 50 })).rows[0]).toMatchObject({ IsBackfill: true });
  });

  it('reads the hours of collection that it is told to', async () => {
    const one = await rig();
    await one.pass(blobOf([record(1)]));
    const from = (hours: number) => ({ fromMs: nowMs + hours * 3_600_000, toMs: Infinity });
    expect((await replayed(one, { span: from(0) })).rows.length).toBe(1);
    expect((await replayed(one, { span: from(1) })).rows.length).toBe(0);
  });

  it('counts a row that is refused, and is then not complete', async () => {
    const one = await rig();
    await one.pass(blobOf([record(1), record(2)]));
    const { rows, summary, isComplete } = await replayed(one, { refuses: [idOf(1)] });
    expect([ids(rows), isComplete]).toEqual([[idOf(2)], false]);
    expect(summary).toMatchObject({ selected: 2, accepted: 1, deadLettered: 1 });
  });

  it('counts an object that is not what was written as a gap, sends what can be read of it, and is not complete', async () => {
    const one = await rig();
    await one.pass(blobOf([record(1), record(2)]));
    const [name = ''] = await one.place.list(signal);
    const hour = name.slice(0, name.lastIndexOf('-'));
    await one.place.put(`${hour}-${'0'.repeat(64)}.ndjson.gz`, gzipSync(toLine(archived(3))), signal);
    const { rows, summary, isComplete } = await replayed(one);
    expect(new Set(ids(rows))).toEqual(new Set([1, 2, 3].map(idOf)));
    expect([summary.gaps, isComplete]).toEqual([1, false]);
  });

  it('rejects when the sink cannot go on', async () => {
    const one = await rig();
    await one.pass(blobOf([record(1)]));
    const sink = { ...keepingSink(), write: () => Promise.reject(new Error('the sink is away')) };
    const { log } = one.pipeline;
    await expect(
      replayArchive(
        { sink, log, pipeline: { ...one.pipeline, sink } },
        { place: one.place, span: always },
        { reading: signal, writing: signal },
        silent,
      ),
    ).rejects.toThrow('the sink is away');
  });

  it('ends when it is told to, and is then not complete', async () => {
    const one = await rig();
    await one.pass(blobOf([record(1)]));
    const { log, pipeline } = { log: one.pipeline.log, pipeline: one.pipeline };
    const sink = keepingSink();
    const { isComplete } = await replayArchive(
      { sink, log, pipeline: { ...pipeline, sink } },
      { place: one.place, span: always },
      { reading: AbortSignal.abort(), writing: signal },
      silent,
    );
    expect([isComplete, sink.rows.length]).toEqual([false, 0]);
  });
});
