import { describe, expect, it } from 'vitest';
import { archive } from '../../../collector/archive/archive.ts';
import { ArchiveError } from '../../../collector/archive/place.ts';
import { blobOf, foreign, idOf, idsOf, nowMs, record, rejected, rig, textOf } from './archive-rig.ts';

describe('a collector with an archive', () => {
  it('archives every record that it selects, those without a row included, and no other', async () => {
    const { place, pass, sink } = await rig();
    const { summary } = await pass(blobOf([record(1), foreign, rejected(2), record(3), record(1)]));
    expect(summary).toMatchObject({ seen: 5, foreign: 1, selected: 4, duplicate: 1, deadLettered: 1, accepted: 2 });
    const text = await textOf(place);
    expect(idsOf(text)).toEqual([idOf(1), idOf(2), idOf(3)]);
    expect(text).not.toContain(idOf(900));
    expect(text).not.toContain('MailItemsAccessed');
    expect(sink.rows.length).toBe(2);
  });

  it('keeps a record as it was sent, with what a replay needs to know', async () => {
    const { place, pass } = await rig();
    const sent = record(1, { copilotLogVersion: '1.0', Unknown: { a: [1, null, 'x'] } });
    await pass(blobOf([sent]), { contentFields: 'keep' });
    expect(JSON.parse(await textOf(place))).toEqual({
      id: idOf(1),
      source: 'activity-feed',
      contentCreated: '2026-11-18T10:15:00.000Z',
      collectedTime: new Date(nowMs).toISOString(),
      record: sent,
    });
  });

  it('archives no text that people wrote, unless it is told to keep it', async () => {
    const dropping = await rig();
    await dropping.pass(blobOf([record(1), { ...rejected(2), CopilotEventData: { Text: 'the-secret-plan' } }]));
    expect(await textOf(dropping.place)).not.toContain('the-secret-plan');
    const keeping = await rig();
    await keeping.pass(blobOf([record(1)]), { contentFields: 'keep' });
    expect(await textOf(keeping.place)).toContain('the-secret-plan');
  });

  it('archives before the position moves: a crash in between repeats, and loses nothing', async () => {
    const { place, pass, pipeline, loaded } = await rig();
    const dying = {
      ...pipeline.state,
      save: async () => {
        expect(idsOf(await textOf(place))).toEqual([idOf(1), idOf(2)]);
        throw new Error('the power is off');
      },
    };
    await expect(pass(blobOf([record(1), record(2)]), { state: dying })).rejects.toThrow('the power is off');
    expect(await loaded((held) => held.source('activity-feed').cursor)).toBeUndefined();
    await pass(blobOf([record(1), record(2)]));
    expect(new Set(idsOf(await textOf(place)))).toEqual(new Set([idOf(1), idOf(2)]));
    expect(await loaded((held) => held.source('activity-feed').cursor)).toBe('after b');
  });

  it('does not move the position while the archive cannot be written, and says so in health', async () => {
    let isFull = true;
    const { place, pass, sink, loaded } = await rig({
      place: (inner) => ({
        ...inner,
        put: (...given) =>
          isFull ? Promise.reject(new ArchiveError('archive: /a: no space: free some')) : inner.put(...given),
      }),
    });
    const source = blobOf([record(1), rejected(2)]);
    await expect(pass(source)).rejects.toThrow('no space');
    // Each pass until then would send it once more.
    expect(sink.rows).toEqual([]);
    expect(await loaded((held) => [held.source('activity-feed').cursor, held.records.size])).toEqual([undefined, 0]);
    expect(sink.health.filter(({ HealthKind }) => HealthKind === 'source-error')).toMatchObject([
      { Source: 'activity-feed', ItemId: 'archive', Reason: expect.stringContaining('no space: free some') as string },
    ]);
    isFull = false;
    const { summary } = await pass(source);
    expect(summary).toMatchObject({ accepted: 1, deadLettered: 1 });
    expect(idsOf(await textOf(place))).toEqual([idOf(1), idOf(2)]);
  });

  it('archives what was sent when the sink fails, and once more when the pass is repeated', async () => {
    const { place, pass, sink } = await rig();
    const away = { ...sink, write: () => Promise.reject(new Error('the sink is away')) };
    await expect(pass(blobOf([record(1)]), { sink: away })).rejects.toThrow('the sink is away');
    await pass(blobOf([record(1)]));
    expect(idsOf(await textOf(place))).toEqual([idOf(1)]);
  });

  it('archives nothing where none is wished', async () => {
    const { place, pass } = await rig();
    await pass(blobOf([record(1)]), { archive: undefined });
    expect(await place.list(new AbortController().signal)).toEqual([]);
  });

  it('archives thousands of records in one pass, in bounded memory and none twice', async () => {
    const { place, pass, pipeline } = await rig();
    let largest = 0;
    const watched = archive(place, { now: () => nowMs });
    const records = Array.from({ length: 3000 }, (_, n) => record(n + 1));
    const source = blobOf(records);
    const inParts = {
      ...source,
      async *read(...given: Parameters<typeof source.read>) {
        for await (const batch of source.read(...given)) {
          if (batch.kind !== 'records') yield batch;
          else
            for (let at = 0; at < records.length; at += 100)
              yield { ...batch, seen: 100, elements: [...batch.elements].slice(at, at + 100) };
        }
      },
    };
    await pass(inParts, {
      ...pipeline,
      archive: {
        ...watched,
        add: (given, until) => {
          largest = Math.max(largest, given.length);
          return watched.add(given, until);
        },
      },
    });
    const ids = idsOf(await textOf(place));
    expect([ids.length, new Set(ids).size]).toEqual([3000, 3000]);
    expect(largest).toBeLessThan(700);
  });
});
