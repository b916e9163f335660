import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  type Batch,
  type Element,
  type Refusal,
  type Sink,
  type Source,
  SourceError,
} from '../../collector/contracts.ts';
import type { Enrichment, SeenEntity, Trouble } from '../../collector/enrich/contract.ts';
import { noFacts } from '../../collector/enrich/facts.ts';
import { otherTenants } from '../../collector/other-tenants.ts';
import { drain, type PassResult, type PipelineOptions } from '../../collector/pipeline.ts';
import { copilotUsage, emptyRow, type Row, type Table } from '../../collector/schema/index.ts';
import { diskPlace } from '../../collector/state/disk-place.ts';
import type { CollectorState } from '../../collector/state/held-state.ts';
import { state, type State } from '../../collector/state/state.ts';
import { offlinePipeline } from './offline-pipeline.ts';

const hour = Math.floor(Date.parse('2026-11-18T10:00:00Z') / 3_600_000);
const created = '2026-11-18T10:15:00.000Z';
const expires = '2026-12-08T10:15:00.000Z';
const now = (): number => Date.parse('2026-11-18T12:00:00Z');

const idOf = (number: number): string => `0c0c0c0c-0000-4000-8000-${String(number).padStart(12, '0')}`;
const record = (number: number, more: object = {}): object => ({
  Id: idOf(number),
  CreationTime: '2026-11-18T09:00:00',
  RecordType: 261,
  Operation: 'CopilotInteraction',
  Workload: 'Copilot',
  CopilotEventData: { AppHost: 'Word' },
  ...more,
});
/** A copy whose time cannot be read: no row can be made of it. */
const rejected = (number: number): object => record(number, { CreationTime: 'soon' });
const foreign = { Id: idOf(900), Workload: 'Exchange', RecordType: 2, Operation: 'MailItemsAccessed' };

const records = (values: readonly unknown[], item = 'blob-1'): Batch => ({
  kind: 'records',
  item,
  hour,
  contentCreated: created,
  seen: values.length,
  foreign: 0,
  elements: values.map((value): Element =>
    value === 'broken' ? { ok: false, bytes: 12, reason: 'not valid JSON' } : { ok: true, value },
  ),
});
const listed = (count = 1): Batch => ({ kind: 'listed', hour, count, earliestExpiry: expires });
const fetched = (id = 'blob-1'): Batch => ({ kind: 'ended', id, hour, outcome: { kind: 'fetched' } });
const position = (cursor: string): Batch => ({ kind: 'position', cursor, readUpTo: created });
const blob = (values: readonly unknown[], id = 'blob-1'): readonly Batch[] => [
  listed(),
  records(values, id),
  fetched(id),
];

/** A source that yields what the script says; a function in it is called at its place. */
function scripted(script: readonly (Batch | (() => void))[], name = 'activity-feed'): Source {
  async function* read(): AsyncGenerator<Batch, void> {
    for (const step of script) {
      if (typeof step === 'function') step();
      else yield step;
    }
  }
  return { name, read };
}

const idIn = (row: Row): string => JSON.stringify(row['RecordId']).slice(1, -1);

/** A sink that keeps rows, refuses or fails as told, and notes when it was called. */
interface TestSink extends Sink {
  readonly rows: Row[];
  readonly health: Row[];
}
function testSink(how: { readonly refuses?: readonly string[]; readonly fails?: () => boolean } = {}): TestSink {
  const rows: Row[] = [];
  const health: Row[] = [];
  return {
    rows,
    health,
    async write(table: Table, given: readonly Row[]): Promise<readonly Refusal[]> {
      await new Promise((resolve) => setImmediate(resolve));
      if (how.fails?.() === true) throw new Error('the sink is away');
      if (table.name === 'CopilotHealth_CL') {
        health.push(...given);
        return [];
      }
      const isRefused = (row: Row): boolean => how.refuses?.includes(idIn(row)) === true;
      rows.push(...given.filter((row) => !isRefused(row)));
      return given.filter(isRefused).map((row) => ({ kind: 'refused', row, reason: 'too wide for the table' }));
    },
    close: async () => undefined,
  };
}

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'copilot-sentinel-pipeline-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
});

/** What a process does: loads the state, drains, and lets go; `then` sees the state that is in memory. */
async function passOf(
  source: Source,
  sink: Sink,
  more: { readonly options?: Partial<PipelineOptions>; readonly reading?: AbortSignal } = {},
): Promise<PassResult> {
  const store = state(diskPlace(directory), { now });
  try {
    return await drain(source, await store.load(), optionsOf(store, sink, more.options), {
      reading: more.reading ?? new AbortController().signal,
      writing: new AbortController().signal,
    });
  } finally {
    await store.close();
  }
}

const optionsOf = (store: State, sink: Sink, more: Partial<PipelineOptions> = {}): PipelineOptions => ({
  state: store,
  sink,
  ...offlinePipeline(now),
  ...more,
});

/** What a restart finds. */
async function saved<T>(look: (held: CollectorState, store: State) => T | Promise<T>): Promise<T> {
  const store = state(diskPlace(directory), { now });
  try {
    return await look(await store.load(), store);
  } finally {
    await store.close();
  }
}
const savedCursor = (name = 'activity-feed'): Promise<string | undefined> => saved((held) => held.source(name).cursor);
const savedProblems = (): Promise<readonly string[]> => saved((held) => held.source('activity-feed').ledger.problems());
const idsOf = (sink: TestSink): readonly string[] => sink.rows.map(idIn);

/** A log that keeps what it is told. */
function listening(): { readonly log: PipelineOptions['log']; readonly said: string[] } {
  const said: string[] = [];
  const note = (fields: object, message: string): void => void said.push(`${message} ${JSON.stringify(fields)}`);
  return { said, log: { info: note, warn: note, error: note } as PipelineOptions['log'] };
}

describe('health rows', () => {
  it('name no expiry while all that waits can wait for ever', async () => {
    const sink = testSink();
    const first = { ...listed(), earliestExpiry: null } as Batch;
    await passOf(scripted([first, position('one')]), sink);
    expect(sink.health.filter((row) => row['HealthKind'] === 'heartbeat')).toMatchObject([
      { OldestUnfetchedExpiryTime: null },
    ]);
  });
  it('that their table refuses are told by the log, and ledger rows among them are sent again', async () => {
    const sink = testSink();
    let isRefusing = true;
    const picky: Sink = {
      ...sink,
      write: async (table, rows, signal) => {
        if (table.name !== 'CopilotHealth_CL' || !isRefusing) return sink.write(table, rows, signal);
        return rows.map((row) => ({ kind: 'refused', row, reason: 'no such column' }));
      },
    };
    const { log, said } = listening();
    await passOf(scripted([...blob([record(1), rejected(2)]), position('one')]), picky, { options: { log } });
    for (const kind of ['dead-letter', 'heartbeat', 'ledger']) {
      expect(
        said.filter((line) => line.startsWith('a health row was refused') && line.includes(`"${kind}"`)).length,
      ).toBe(1);
    }
    isRefusing = false;
    await passOf(scripted([position('two')]), picky);
    expect(sink.health.filter((row) => row['HealthKind'] === 'ledger')).toMatchObject([
      { Accepted: 1, DeadLettered: 1 },
    ]);
  });
});

describe('records of another tenant', () => {
  const OURS = '00000000-0000-4000-8000-0000000000a1';
  const THEIRS = '00000000-0000-4000-8000-0000000000b2';
  const of = (number: number, OrganizationId: string): object => record(number, { OrganizationId });
  const mixed = [...blob([of(1, OURS), of(2, THEIRS), of(3, OURS), of(4, THEIRS), record(5)]), position('one')];

  it('are in no row and no dead letter, are counted, and are told in health and log', async () => {
    const sink = testSink();
    const { log, said } = listening();
    const options = { log, others: otherTenants(OURS) };
    const { summary } = await passOf(scripted(mixed, 'storage-export'), sink, { options });
    expect(idsOf(sink)).toEqual([1, 3, 5].map(idOf));
    expect(summary).toMatchObject({ seen: 5, foreign: 2, selected: 3, accepted: 3, deadLettered: 0 });
    expect(await saved((held) => held.source('storage-export').ledger.problems())).toEqual([]);
    expect(sink.health.filter((row) => row['HealthKind'] === 'source-error')).toMatchObject([
      { ItemId: 'blob-1', ItemCount: 2, Reason: expect.stringMatching(/another tenant.*OTHER_TENANTS=keep/) as string },
    ]);
    expect(said.filter((line) => line.startsWith('records of another tenant left out'))).toHaveLength(1);
    // Nothing of them is known: with the other setting they are taken when they come again.
    expect(await saved(({ records: seen }) => [2, 4].map((number) => seen.has(idOf(number))))).toEqual([false, false]);
    expect(JSON.stringify([sink.rows, sink.health])).not.toContain(THEIRS);
  });

  it('are told once for a blob, as is what is no JSON, however many parts it comes in', async () => {
    const sink = testSink();
    const { log, said } = listening();
    const part = [of(2, THEIRS), 'broken'];
    const parts = (item: string) => [records(part, item), records([record(1)], item), records(part, item)];
    const script = [listed(2), ...parts('blob-1'), fetched(), ...parts('blob-2'), position('one')];
    await passOf(scripted(script, 'import'), sink, { options: { log, others: otherTenants(OURS) } });
    const told = (kind: string) => sink.health.filter((row) => row['HealthKind'] === kind);
    // The second blob has not ended when the pass does.
    for (const kind of ['source-error', 'unparsable'])
      expect(told(kind), kind).toMatchObject(['blob-1', 'blob-2'].map((ItemId) => ({ ItemId, ItemCount: 2 })));
    expect(told('unparsable')[0]?.['Reason']).toBe('first an element of 12 bytes: not valid JSON');
    expect(said.filter((line) => line.startsWith('records of another tenant left out'))).toHaveLength(2);
  });

  it('are taken where they are wanted', async () => {
    const sink = testSink();
    await passOf(scripted(mixed), sink);
    expect(idsOf(sink)).toEqual([1, 2, 3, 4, 5].map(idOf));
  });

  it.for(['activity-feed', 'audit-query', 'audit-query-backfill'])(
    'are ours after all when %s gives them, which answers a token of our tenant',
    async (name) => {
      const sink = testSink();
      await passOf(scripted(mixed, name), sink, { options: { others: otherTenants(OURS) } });
      expect(idsOf(sink)).toEqual([1, 2, 3, 4, 5].map(idOf));
    },
  );
});

describe('order of writing and saving', () => {
  it('stops the other writes when one fails', async () => {
    const stopped: boolean[] = [];
    const sink = testSink();
    let writes = 0;
    const failing: Sink = {
      ...sink,
      write: (_table, _rows, signal) => {
        if (++writes === 1) return Promise.reject(new Error('the sink is away'));
        // Would otherwise go on trying for minutes.
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            stopped.push(true);
            reject(new Error('stopped'));
          });
        });
      },
    };
    const many = Array.from({ length: 1600 }, (_, n) => record(n));
    await expect(
      passOf(scripted([...blob(many.slice(0, 800)), ...blob(many.slice(800), 'b')]), failing),
    ).rejects.toThrow('the sink is away');
    expect(stopped.length).toBeGreaterThan(0);
  });

  it('saves the cursor, the ids and the blob only after the rows are accepted', async () => {
    const calls: string[] = [];
    const store = state(diskPlace(directory), { now });
    const held = await store.load();
    const sink = testSink();
    const spied: PipelineOptions = optionsOf(
      {
        ...store,
        async save(of) {
          calls.push(`save ${of.source('activity-feed').cursor} with ${sink.rows.length} rows accepted`);
          return store.save(of);
        },
      },
      sink,
    );
    const signals = { reading: new AbortController().signal, writing: new AbortController().signal };
    await drain(scripted([...blob([record(1), record(2)]), position('one')]), held, spied, signals);
    await store.close();
    expect(calls).toEqual(['save one with 2 rows accepted']);
    expect(await savedCursor()).toBe('one');
    expect(await saved((of) => of.source('activity-feed').blobs.has('blob-1'))).toBe(true);
  });

  it('saves in the middle of a pass, too, and never ahead of the rows', async () => {
    const sink = testSink();
    const store = state(diskPlace(directory), { now });
    const held = await store.load();
    let clock = now();
    const savedRows: number[] = [];
    const options = optionsOf(
      {
        ...store,
        async save(of) {
          expect(of.records.size).toBe(sink.rows.length);
          savedRows.push(sink.rows.length);
          return store.save(of);
        },
      },
      sink,
      { now: () => clock },
    );
    const later = (): void => {
      clock += 6000;
    };
    const script = [...blob([record(1)], 'a'), later, ...blob([record(2)], 'b'), later, ...blob([record(3)], 'c')];
    const signals = { reading: new AbortController().signal, writing: new AbortController().signal };
    await drain(scripted([...script, position('end')]), held, options, signals);
    await store.close();
    expect(savedRows.at(-1)).toBe(3);
    expect(savedRows.length).toBeGreaterThan(1);
  });

  it('leaves the old state when the sink fails, and stores everything at the next try', async () => {
    await passOf(scripted([...blob([record(1)], 'blob-0'), position('one')]), testSink());
    const script = [...blob([record(2), record(3)]), position('two')];
    await expect(passOf(scripted(script), testSink({ fails: () => true }))).rejects.toThrow('the sink is away');
    expect(await savedCursor()).toBe('one');
    const known = await saved((held) => [1, 2, 3].map((number) => held.records.has(idOf(number))));
    expect(known).toEqual([true, false, false]);
    expect(await saved((held) => held.source('activity-feed').blobs.has('blob-1'))).toBe(false);

    const sink = testSink();
    const { summary } = await passOf(scripted(script), sink);
    expect(idsOf(sink)).toEqual([idOf(2), idOf(3)]);
    expect(summary).toMatchObject({ accepted: 2, duplicate: 0 });
    expect(await savedCursor()).toBe('two');
    expect(await savedProblems()).toEqual([]);
  });

  it('fails the pass when the state cannot be saved, and repeats the rows at the next', async () => {
    const store = state(diskPlace(directory), { now });
    const held = await store.load();
    const failing = optionsOf({ ...store, save: () => Promise.reject(new Error('the disk is full')) }, testSink());
    const signals = { reading: new AbortController().signal, writing: new AbortController().signal };
    const script = [...blob([record(1)]), position('one')];
    await expect(drain(scripted(script), held, failing, signals)).rejects.toThrow('the disk is full');
    await store.close();
    expect(await savedCursor()).toBe(undefined);
    const sink = testSink();
    await passOf(scripted(script), sink);
    expect(idsOf(sink)).toEqual([idOf(1)]);
  });
});

describe('what becomes of a record', () => {
  it('counts foreign, selected, unparsable, duplicate, dead-lettered and accepted ones so that the sums hold', async () => {
    const sink = testSink({ refuses: [idOf(2)] });
    const values = [record(1), foreign, 'broken', record(1), record(2), rejected(3), rejected(3), record(4), null, 7];
    const { summary, error } = await passOf(scripted([...blob(values), position('one')]), sink);
    expect(error).toBe(undefined);
    expect(summary).toEqual({
      seen: 10,
      foreign: 3,
      selected: 6,
      unparsable: 1,
      duplicate: 2,
      deadLettered: 2,
      accepted: 2,
      gaps: 0,
    });
    expect(await savedProblems()).toEqual([]);
    const snapshot = sink.health.find((row) => row['HealthKind'] === 'ledger');
    expect(snapshot).toMatchObject({ IsBalanced: true, Seen: 10, Accepted: 2, DeadLettered: 2, Duplicate: 2 });
  });

  it('keeps a refused row as a dead letter with the reason, and accepts its neighbours', async () => {
    const sink = testSink({ refuses: [idOf(2)] });
    await passOf(scripted([...blob([record(1), record(2), record(3)]), position('one')]), sink);
    expect(idsOf(sink)).toEqual([idOf(1), idOf(3)]);
    const letters = await saved((_held, store) => store.deadLetters());
    expect(letters).toMatchObject([
      { id: idOf(2), kind: 'refused', reason: 'too wide for the table', contentCreated: created },
    ]);
    expect(sink.health.filter((row) => row['HealthKind'] === 'dead-letter')).toMatchObject([{ ItemId: idOf(2) }]);
  });

  it('does not take a good copy for a duplicate of the copy that could not be read', async () => {
    const sink = testSink();
    await passOf(scripted([...blob([rejected(1)], 'a'), ...blob([record(1)], 'b'), position('one')]), sink);
    expect(idsOf(sink)).toEqual([idOf(1)]);
    expect(await saved((_held, store) => store.deadLetters())).toMatchObject([{ kind: 'rejected' }]);
    expect(await savedProblems()).toEqual([]);
  });

  it('puts the same unreadable record aside once, however often it comes', async () => {
    await passOf(scripted([...blob([rejected(1)], 'a'), position('one')]), testSink());
    const { summary } = await passOf(scripted([...blob([rejected(1)], 'b'), position('two')]), testSink());
    expect(summary).toMatchObject({ duplicate: 1, deadLettered: 0 });
    expect(await saved((_held, store) => store.deadLetters())).toHaveLength(1);
  });

  it('drops content from rows and dead letters alike', async () => {
    const secret = 'canary wren 1234: the merger is called off';
    const sink = testSink({ refuses: [idOf(2)] });
    const more = { PromptText: secret, SomethingNew: secret, CopilotEventData: { AppHost: 'Word', Note: secret } };
    const values = [record(1, more), record(2, more), { ...rejected(3), ...more, CreationTime: 'soon' }];
    await passOf(scripted([...blob(values), position('one')]), sink);
    const letters = await saved((_held, store) => store.deadLetters());
    expect(letters).toHaveLength(2);
    expect(JSON.stringify([sink.rows, sink.health, letters])).not.toContain('canary');
  });

  it('drops duplicates across batches, blobs, sources and restarts', async () => {
    const sink = testSink();
    const first = [listed(2), records([record(1)], 'a'), records([record(1), record(2)], 'a'), fetched('a')];
    await passOf(scripted([...first, records([record(2), record(3)], 'b'), fetched('b'), position('one')]), sink);
    await passOf(scripted([...blob([record(3), record(4)], 'c'), position('two')]), sink);
    await passOf(scripted([...blob([record(1), record(4), record(5)], 'f')], 'import'), sink);
    expect(idsOf(sink)).toEqual([1, 2, 3, 4, 5].map(idOf));
    // GUIDs in another casing are the same GUIDs.
    const upper = { ...record(5), Id: idOf(5).toUpperCase() };
    await passOf(scripted([...blob([upper], 'd'), position('three')]), sink);
    expect(sink.rows).toHaveLength(5);
    expect(await savedProblems()).toEqual([]);
  });

  it('writes more rows than one write takes in several, in order, and each once', async () => {
    const sink = testSink();
    const many = Array.from({ length: 5001 }, (_, number) => record(number + 1));
    const script = [
      listed(),
      ...[0, 1, 2].map((part) => records(many.slice(part * 1667, (part + 1) * 1667))),
      fetched(),
    ];
    const { summary } = await passOf(scripted([...script, position('one')]), sink);
    expect(summary.accepted).toBe(5001);
    expect(idsOf(sink)).toEqual(many.map((_, number) => idOf(number + 1)));
  });

  it('forgets the oldest ids beyond the maximum, and says so', async () => {
    const sink = testSink();
    const old: Batch = { ...records([record(1)], 'a'), hour: hour - 1 } as Batch;
    const script = [listed(2), old, fetched('a'), records([record(2), record(3)], 'b'), fetched('b'), position('one')];
    await passOf(scripted(script), sink, { options: { seenIdsMax: 2 } });
    expect(await saved((held) => [1, 2, 3].map((number) => held.records.has(idOf(number))))).toEqual([
      false,
      true,
      true,
    ]);
    expect(sink.health.filter((row) => row['HealthKind'] === 'seen-evicted')).toMatchObject([{ ItemCount: 1 }]);
  });

  it('says once an hour, and at the end of the pass, how many ids left: not at every save', async () => {
    const sink = testSink();
    let atMs = now();
    // Every save lets one more id go.
    const minute = (n: number) => [
      { ...records([record(n)], `blob-${n}`), hour: hour + n } as Batch,
      () => void (atMs += 360_000),
      position(String(n)),
    ];
    const script = Array.from({ length: 30 }, (_, n) => minute(n + 1)).flat();
    await passOf(scripted(script), sink, { options: { seenIdsMax: 10, now: () => atMs } });
    const told = sink.health.filter((row) => row['HealthKind'] === 'seen-evicted');
    expect(told.reduce((sum, row) => sum + Number(row['ItemCount']), 0)).toBe(20);
    expect(told.length).toBe(3);
  });
});

describe('how a pass ends', () => {
  const away = (): void => {
    throw new SourceError('activity-feed: 403 AF10001: grant ActivityFeed.Read');
  };

  it('keeps what was read before a SourceError, and tells it', async () => {
    const sink = testSink();
    const result = await passOf(scripted([...blob([record(1)]), position('one'), away]), sink);
    expect(result.error?.message).toContain('AF10001');
    expect(idsOf(sink)).toEqual([idOf(1)]);
    expect(await savedCursor()).toBe('one');
    expect(sink.health.filter((row) => row['HealthKind'] === 'source-error')).toMatchObject([
      { Source: 'activity-feed', Reason: expect.stringContaining('grant ActivityFeed.Read') },
    ]);
  });

  it('lists blobs again that were pending when a pass ended early, and the sums hold', async () => {
    await passOf(scripted([listed(3), records([record(1)], 'a'), fetched('a'), away]), testSink());
    expect(await savedProblems()).toEqual([]);
    const sink = testSink();
    const script = [listed(2), records([record(2)], 'b'), fetched('b'), records([record(3)], 'c'), fetched('c')];
    await passOf(scripted([...script, position('one')]), sink);
    expect(idsOf(sink)).toEqual([idOf(2), idOf(3)]);
    expect(await saved((held) => held.source('activity-feed').ledger.totals())).toMatchObject({
      listed: 3,
      fetched: 3,
      pending: 0,
      accepted: 3,
    });
  });

  it('lets an error that is no SourceError fail the pass', async () => {
    const broken = (): void => {
      throw new TypeError('a defect');
    };
    await expect(passOf(scripted([...blob([record(1)]), broken]), testSink())).rejects.toThrow('a defect');
  });

  it('saves what was read when it is told to stop', async () => {
    const stop = new AbortController();
    const abort = (): void => {
      stop.abort();
      throw stop.signal.reason;
    };
    const sink = testSink();
    const script = [...blob([record(1)]), position('one'), listed(), records([record(2)], 'b'), abort];
    const { error } = await passOf(scripted(script), sink, { reading: stop.signal });
    expect(error).toBe(undefined);
    expect(idsOf(sink)).toEqual([idOf(1), idOf(2)]);
    expect(await savedCursor()).toBe('one');
    // The second blob was not ended: it is read again, its first record is known by then.
    const again = testSink();
    await passOf(scripted([...blob([record(2), record(3)], 'b'), position('two')]), again);
    expect(idsOf(again)).toEqual([idOf(3)]);
    expect(await savedProblems()).toEqual([]);
  });

  it('parks a blob, gives it to the source again, and closes its account when it ends', async () => {
    const parked = { id: 'blob-1', uri: 'https://contoso.example/1', created, expires, reason: 'cut', tries: 1 };
    const sink = testSink();
    const end: Batch = { kind: 'ended', id: 'blob-1', hour, outcome: { kind: 'parked', parked } };
    const first = await passOf(scripted([listed(), end, position('one')]), sink);
    expect(first.parked).toBe(1);
    expect(sink.health.filter((row) => row['HealthKind'] === 'parked')).toMatchObject([
      { ItemId: 'blob-1', OldestUnfetchedExpiryTime: expires },
    ]);
    let given: unknown;
    const source: Source = {
      name: 'activity-feed',
      async *read(at) {
        given = at.parked;
        yield records([record(1)]);
        yield fetched();
      },
    };
    const second = await passOf(source, sink);
    expect(given).toEqual([parked]);
    expect(second.parked).toBe(0);
    expect(await saved((held) => held.source('activity-feed').ledger.totals())).toMatchObject({
      listed: 1,
      fetched: 1,
      parked: 0,
    });
  });

  it('tells a blob that expired as a gap, once', async () => {
    const sink = testSink();
    const end: Batch = { kind: 'ended', id: 'blob-1', hour, outcome: { kind: 'expired', reason: 'AF20051' } };
    const { summary } = await passOf(scripted([listed(), end, position('one')]), sink);
    expect(summary.gaps).toBe(1);
    expect(sink.health.filter((row) => row['HealthKind'] === 'gap')).toMatchObject([
      { ItemId: 'blob-1', Reason: 'AF20051' },
    ]);
    expect(await saved((held) => held.source('activity-feed').blobs.has('blob-1'))).toBe(true);
    expect(await savedProblems()).toEqual([]);
  });

  it('sends a snapshot again under a new revision when it could not be sent after the save', async () => {
    let isSaved = false;
    const sink = testSink({ fails: () => isSaved });
    const store = state(diskPlace(directory), { now });
    const held = await store.load();
    const options = optionsOf(
      {
        ...store,
        async save(of) {
          const report = await store.save(of);
          isSaved = true;
          return report;
        },
      },
      sink,
    );
    const signals = { reading: new AbortController().signal, writing: new AbortController().signal };
    const script = [...blob([record(1)]), position('one')];
    await expect(drain(scripted(script), held, options, signals)).rejects.toThrow('the sink is away');
    await store.close();
    expect(idsOf(sink)).toEqual([idOf(1)]);
    const later = testSink();
    await passOf(scripted([position('two')]), later);
    expect(later.health.filter((row) => row['HealthKind'] === 'ledger')).toMatchObject([
      { Revision: 2, Accepted: 1, IsBalanced: true },
    ]);
  });
});

const anna = (department: string | null): SeenEntity => ({
  entity: {
    kind: 'user',
    key: 'anna@contoso.example',
    aliases: [],
    facts:
      department === null
        ? null
        : {
            kind: 'user',
            userPrincipalName: 'anna@contoso.example',
            displayName: 'Anna',
            department,
            jobTitle: null,
            country: null,
            office: null,
            manager: null,
            accountEnabled: true,
            isGuest: false,
            hasCopilotLicense: null,
          },
    observedMs: now(),
  },
  firstEventMs: Date.parse('2026-11-18T09:00:00Z'),
  lookUp: department === null ? 'pending' : 'complete',
  owedAs: department === null ? '' : null,
  namedAs: [],
});

/** An enrichment that says what it is told to; `calls` is the order of what it was asked. */
function toldEnrichment(
  told: {
    readonly seen?: readonly SeenEntity[];
    /** Arrives while the pass waits for what is under way. */
    readonly late?: readonly SeenEntity[];
    readonly troubles?: readonly Trouble[];
  },
  calls: string[] = [],
): Enrichment {
  let late: readonly SeenEntity[] = [];
  return {
    async enrich(records) {
      calls.push(`enrich ${records.length}`);
      return { facts: records.map(() => noFacts), seen: told.seen ?? [] };
    },
    refresh: (owed) => void calls.push(`refresh ${[...owed].map(({ key }) => key).join()}`),
    async settled() {
      calls.push('settled');
      late = told.late ?? [];
    },
    takeLate() {
      const taken = late;
      late = [];
      return taken;
    },
    takeTroubles: () => told.troubles ?? [],
  };
}

/** A sink that keeps rows by table and notes the order of writes; it refuses or fails for one table as told. */
function tableSink(
  how: { readonly refuses?: (row: Row) => boolean; readonly failsFor?: string } = {},
  calls: string[] = [],
): Sink & { readonly of: (table: string) => readonly Row[] } {
  const kept = new Map<string, Row[]>();
  return {
    of: (table) => kept.get(table) ?? [],
    async write(table, given): Promise<readonly Refusal[]> {
      if (given.length === 0) return [];
      calls.push(`write ${table.name}`);
      await new Promise((resolve) => setImmediate(resolve));
      if (table.name === how.failsFor) throw new Error(`${table.name} is away`);
      const refused = given.filter((row) => how.refuses?.(row) === true);
      kept.set(table.name, [...(kept.get(table.name) ?? []), ...given.filter((row) => !refused.includes(row))]);
      return refused.map((row) => ({ kind: 'refused', row, reason: 'no such column' }));
    },
    close: async () => undefined,
  };
}

describe('enrichment in the loop', () => {
  const script = [...blob([record(1)]), position('one')];

  it('writes entities after the rows that name them, and saves after both', async () => {
    const calls: string[] = [];
    const store = state(diskPlace(directory), { now });
    const held = await store.load();
    const noted: State = {
      ...store,
      async save(of) {
        calls.push('save');
        return store.save(of);
      },
    };
    const options = optionsOf(noted, tableSink({}, calls), {
      enrichment: toldEnrichment({ seen: [anna('HR')] }, calls),
    });
    const signals = { reading: new AbortController().signal, writing: new AbortController().signal };
    await drain(scripted(script), held, options, signals);
    await store.close();
    expect(calls.slice(0, 5)).toEqual([
      'refresh ',
      'enrich 1',
      'write CopilotAudit_CL',
      'write CopilotEntities_CL',
      'settled',
    ]);
    expect(calls.indexOf('save')).toBeGreaterThan(calls.indexOf('settled'));
  });

  it('writes an entity once while it stays the same, over restarts', async () => {
    const sink = tableSink();
    const enrichment = toldEnrichment({ seen: [anna('HR')] });
    await passOf(scripted(script), sink, { options: { enrichment } });
    await passOf(scripted([...blob([record(2)], 'b'), position('two')]), sink, { options: { enrichment } });
    expect(sink.of('CopilotEntities_CL')).toMatchObject([{ Key: 'anna@contoso.example', Facts: { Department: 'HR' } }]);
    const moved = toldEnrichment({ seen: [anna('Legal')] });
    await passOf(scripted([...blob([record(3)], 'c'), position('three')]), sink, { options: { enrichment: moved } });
    expect(sink.of('CopilotEntities_CL').map(({ Facts }) => Facts)).toMatchObject([
      { Department: 'HR' },
      { Department: 'Legal' },
    ]);
  });

  it('fails the pass when entities cannot be written: nothing is saved, and the next pass writes all of it', async () => {
    const enrichment = toldEnrichment({ seen: [anna('HR')] });
    const failing = tableSink({ failsFor: 'CopilotEntities_CL' });
    await expect(passOf(scripted(script), failing, { options: { enrichment } })).rejects.toThrow(
      'CopilotEntities_CL is away',
    );
    expect(failing.of('CopilotAudit_CL')).toHaveLength(1);
    expect(await savedCursor()).toBe(undefined);
    expect(await saved(({ entities }) => entities.size)).toBe(0);

    const sink = tableSink();
    await passOf(scripted(script), sink, { options: { enrichment } });
    expect(sink.of('CopilotAudit_CL')).toHaveLength(1);
    expect(sink.of('CopilotEntities_CL')).toHaveLength(1);
    expect(await savedProblems()).toEqual([]);
  });

  it('goes on when an entity row is refused, tells it, and writes it again later', async () => {
    const { log, said } = listening();
    const enrichment = toldEnrichment({ seen: [anna('HR')] });
    const picky = tableSink({ refuses: (row) => row['Kind'] === 'user' });
    const { error } = await passOf(scripted(script), picky, { options: { enrichment, log } });
    expect(error).toBe(undefined);
    expect(said.filter((line) => line.startsWith('an entity row was refused'))).toHaveLength(1);
    expect(said.join()).not.toContain('anna');
    expect(picky.of('CopilotHealth_CL')).toContainEqual(
      expect.objectContaining({
        HealthKind: 'enrichment',
        ItemCount: 1,
        Reason: expect.stringContaining('refused-row'),
      }),
    );
    const sink = tableSink();
    await passOf(scripted([...blob([record(2)], 'b'), position('two')]), sink, { options: { enrichment } });
    expect(sink.of('CopilotEntities_CL')).toHaveLength(1);
  });

  it('writes facts that came late at the end of the pass, with the first event of then', async () => {
    const sink = tableSink();
    const late = { ...anna('HR'), firstEventMs: null };
    await passOf(scripted(script), sink, {
      options: { enrichment: toldEnrichment({ seen: [anna(null)], late: [late] }) },
    });
    expect(sink.of('CopilotEntities_CL')).toMatchObject([
      { Facts: { Department: 'HR' }, FirstSeenTime: '2026-11-18T09:00:00.000Z' },
    ]);
    expect(await saved(({ entities }) => entities.owedCount)).toBe(0);
  });

  it('remembers what is owed, and gives it to the next process', async () => {
    await passOf(scripted(script), tableSink(), { options: { enrichment: toldEnrichment({ seen: [anna(null)] }) } });
    expect(await saved(({ entities }) => entities.owedCount)).toBe(1);
    const calls: string[] = [];
    await passOf(scripted([position('two')]), tableSink(), { options: { enrichment: toldEnrichment({}, calls) } });
    expect(calls[0]).toBe('refresh anna@contoso.example');
  });

  it('does not wait for look-ups when it is told to stop', async () => {
    const stop = new AbortController();
    const calls: string[] = [];
    const enrichment: Enrichment = {
      ...toldEnrichment({ seen: [anna(null)] }, calls),
      // Would keep the process from ending in time.
      settled: () => new Promise(() => calls.push('settled')),
    };
    const sink = tableSink();
    const aborted = [...script, () => stop.abort()];
    await passOf(scripted(aborted), sink, { options: { enrichment }, reading: stop.signal });
    expect(calls).not.toContain('settled');
    expect(sink.of('CopilotAudit_CL')).toHaveLength(1);
    expect(await savedCursor()).toBe('one');
    expect(await saved(({ entities }) => entities.owedCount)).toBe(1);
  });

  it('tells look-ups that failed as health rows', async () => {
    const troubles: readonly Trouble[] = [
      {
        enricher: 'users',
        reason: 'forbidden',
        count: 7,
        detail: '403 Authorization_RequestDenied: grant User.Read.All',
      },
    ];
    const sink = tableSink();
    await passOf(scripted(script), sink, { options: { enrichment: toldEnrichment({ troubles }) } });
    const told = sink.of('CopilotHealth_CL').filter((row) => row['HealthKind'] === 'enrichment');
    expect(told).toMatchObject([
      { ItemId: 'users', ItemCount: 7, Reason: expect.stringContaining('grant User.Read.All') },
    ]);
  });
});

describe('rows that a source makes itself', () => {
  const usage = (id: string, more: Partial<Row> = {}): Row => ({ ...emptyRow(copilotUsage), RecordId: id, ...more });
  const own = (...rows: readonly Row[]): Batch => ({ kind: 'rows', table: copilotUsage, hour, rows });

  it('go to their table, and the sums of the ledger hold', async () => {
    const sink = tableSink();
    const source = scripted([own(usage('a'), usage('b')), own(usage('c')), position('one')], 'usage-report');
    const { summary } = await passOf(source, sink);
    expect(sink.of('CopilotUsage_CL').map(idIn)).toEqual(['a', 'b', 'c']);
    expect(sink.of('CopilotAudit_CL')).toEqual([]);
    expect(summary).toMatchObject({ seen: 3, selected: 3, accepted: 3, deadLettered: 0 });
    expect(await saved((held) => held.source('usage-report').ledger.problems())).toEqual([]);
    expect(await savedCursor('usage-report')).toBe('one');
    expect(sink.of('CopilotHealth_CL').filter((row) => row['HealthKind'] === 'ledger')).toMatchObject([
      { Source: 'usage-report', Seen: 3, Accepted: 3, IsBalanced: true },
    ]);
  });

  it('are dead letters of their table where it refuses them', async () => {
    const sink = tableSink({ refuses: (row) => row['RecordId'] === 'b' });
    const source = scripted([own(usage('a'), usage('b')), position('one')], 'usage-report');
    const { summary } = await passOf(source, sink);
    expect(summary).toMatchObject({ selected: 2, accepted: 1, deadLettered: 1 });
    const letters = await saved((_held, store) => store.deadLetters());
    expect(letters).toMatchObject([{ id: 'b', kind: 'refused', table: 'CopilotUsage_CL', reason: 'no such column' }]);
    expect(await saved((held) => held.source('usage-report').ledger.problems())).toEqual([]);
  });

  it('whose users have hashes for names are told once a pass, with their number', async () => {
    const sink = tableSink();
    const rows = ['a', 'b'].map((id) => usage(id, { IsConcealed: true }));
    await passOf(scripted([own(...rows, usage('c', { IsConcealed: false })), position('one')], 'usage-report'), sink);
    const told = sink.of('CopilotHealth_CL').filter((row) => row['HealthKind'] === 'concealed-names');
    expect(told).toMatchObject([{ Source: 'usage-report', ItemCount: 2 }]);
  });

  it('are written again when their table was away', async () => {
    const script = [own(usage('a')), position('one')];
    const failing = tableSink({ failsFor: 'CopilotUsage_CL' });
    await expect(passOf(scripted(script, 'usage-report'), failing)).rejects.toThrow('CopilotUsage_CL is away');
    expect(await savedCursor('usage-report')).toBe(undefined);
    const sink = tableSink();
    await passOf(scripted(script, 'usage-report'), sink);
    expect(sink.of('CopilotUsage_CL')).toHaveLength(1);
  });
});
