import { describe, expect, it } from 'vitest';
import type { Collector } from '../../../collector/commands/collector.ts';
import { replay } from '../../../collector/commands/replay.ts';
import type { DeadLetter, Refusal, Sink } from '../../../collector/contracts.ts';
import { silentLog } from '../../../collector/log.ts';
import { copilotAudit, copilotUsage, emptyRow, type Row } from '../../../collector/schema/index.ts';
import { state, type State } from '../../../collector/state/state.ts';
import { memoryPlace } from '../state/memory-place.ts';
import { offlinePipeline } from '../offline-pipeline.ts';

const now = Date.parse('2026-11-18T12:00:00Z');
const idOf = (n: number): string => `0c0c0c0c-0000-4000-8000-00000000000${n}`;
const created = '2026-11-18T10:15:00.000Z';

const record = (n: number): object => ({
  Id: idOf(n),
  CreationTime: '2026-11-18T09:00:00',
  RecordType: 261,
  Operation: 'CopilotInteraction',
  Workload: 'Copilot',
  CopilotEventData: { AppHost: 'Word' },
});
const row = (n: number): Row => ({ ...emptyRow(copilotAudit), RecordId: idOf(n), ContentCreated: created });
const letter = (n: number, kind: DeadLetter['kind']): DeadLetter => ({
  id: kind === 'rejected' ? `sha256:${n}` : idOf(n),
  source: 'activity-feed',
  time: '2026-11-17T00:00:00.000Z',
  kind,
  reason: 'then',
  contentCreated: created,
  record: kind === 'rejected' ? record(n) : row(n),
});

/** Replays letters over a sink that answers as told, and returns what was sent and what waits afterwards. */
async function replayed(letters: readonly DeadLetter[], answer: (row: Row) => Refusal['kind'] | undefined) {
  const place = memoryPlace();
  const store: State = state(place, { now: () => now });
  const held = await store.load();
  for (const one of letters) held.putAside(one);
  await store.save(held);
  await store.close();
  const sent: string[] = [];
  const tables = new Set<string>();
  const sink: Sink = {
    async write(table, rows) {
      if (rows.length > 0) tables.add(table.name);
      sent.push(...rows.map(({ RecordId }) => JSON.stringify(RecordId).slice(1, -1)));
      return rows.flatMap((one): Refusal[] => {
        const kind = answer(one);
        return kind === undefined ? [] : [{ kind, row: one, reason: 'now' }];
      });
    },
    close: async () => undefined,
  };
  const collector: Collector = {
    sources: [],
    state: store,
    sink,
    log: silentLog(),
    heartbeat: { last: now },
    clockSkewMs: () => 0,
    pipeline: { ...offlinePipeline(() => now), state: store, sink },
  };
  const signal = new AbortController().signal;
  const summary = await replay(collector, { reading: signal, writing: signal });
  await store.load();
  const left = (await store.deadLetters()).map(({ id, kind, table, record: kept }) => ({ id, kind, table, kept }));
  await store.close();
  return { sent, tables: [...tables], summary, left };
}

describe('replay', () => {
  it('sends what was rejected or refused, and forgets what is accepted', async () => {
    const { sent, summary, left } = await replayed([letter(1, 'rejected'), letter(2, 'refused')], () => undefined);
    expect(sent).toEqual([idOf(1), idOf(2)]);
    expect(summary).toMatchObject({ selected: 2, accepted: 2, deadLettered: 0 });
    expect(left).toEqual([]);
  });

  it('sends a row of an older version, which lacks a column', async () => {
    const { AppHost: _newer, ...older } = row(1);
    const { summary, left } = await replayed([{ ...letter(1, 'refused'), record: older }], () => undefined);
    expect(summary).toMatchObject({ accepted: 1 });
    expect(left).toEqual([]);
  });

  it('keeps what is refused again', async () => {
    const { summary, left } = await replayed([letter(1, 'refused'), letter(2, 'refused')], ({ RecordId }) =>
      RecordId === idOf(1) ? 'refused' : undefined,
    );
    expect(summary).toMatchObject({ accepted: 1, deadLettered: 1 });
    expect(left).toMatchObject([{ id: idOf(1), kind: 'refused' }]);
  });

  it('leaves oversize letters alone: their rows were accepted, and hold less than they do', async () => {
    const { sent, summary, left } = await replayed([letter(1, 'oversize')], () => 'oversize');
    expect(sent).toEqual([]);
    expect(summary).toMatchObject({ selected: 0, accepted: 0, deadLettered: 0 });
    expect(left).toMatchObject([{ id: idOf(1), kind: 'oversize' }]);
  });

  it.for(['rejected', 'refused'] as const)(
    'keeps a %s record whole when its row is now accepted, cut',
    async (kind) => {
      const { summary, left } = await replayed([letter(1, kind)], () => 'oversize');
      expect(summary).toMatchObject({ accepted: 1, deadLettered: 0 });
      expect(left).toMatchObject([{ id: idOf(1), kind: 'oversize', kept: { RecordId: idOf(1) } }]);
    },
  );

  describe('with a row of another table', () => {
    const usage = (n: number): DeadLetter => ({
      ...letter(n, 'refused'),
      table: copilotUsage.name,
      record: { ...emptyRow(copilotUsage), RecordId: idOf(n), ReportKind: 'user' },
    });

    it('sends it to that table, and forgets it', async () => {
      const { sent, tables, summary, left } = await replayed([usage(1)], () => undefined);
      expect([sent, tables]).toEqual([[idOf(1)], [copilotUsage.name]]);
      expect(summary).toMatchObject({ selected: 1, accepted: 1, deadLettered: 0 });
      expect(left).toEqual([]);
    });

    it('sends it beside rows of CopilotAudit_CL', async () => {
      const { tables, summary, left } = await replayed([usage(1), letter(2, 'refused')], () => undefined);
      expect(tables.toSorted()).toEqual([copilotAudit.name, copilotUsage.name]);
      expect(summary).toMatchObject({ accepted: 2 });
      expect(left).toEqual([]);
    });

    it('keeps it, and its table, when it is refused again', async () => {
      const { summary, left } = await replayed([usage(1)], () => 'refused');
      expect(summary).toMatchObject({ accepted: 0, deadLettered: 1 });
      expect(left).toMatchObject([{ id: idOf(1), kind: 'refused', table: copilotUsage.name }]);
    });

    it.for([
      ['of a table that this version does not know', { ...usage(1), table: 'CopilotElsewhere_CL' }],
      ['that is none of its table', { ...usage(1), record: { RecordId: 7 } }],
    ] as const)('keeps a row %s, and does not send it', async ([, one]) => {
      const { sent, summary, left } = await replayed([one], () => undefined);
      expect(sent).toEqual([]);
      expect(summary).toMatchObject({ selected: 1, accepted: 0, deadLettered: 1 });
      expect(left).toMatchObject([{ id: idOf(1) }]);
    });
  });
});
