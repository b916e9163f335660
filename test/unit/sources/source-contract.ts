/** What every source must keep, whatever it reads: one checker for all of them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Batch, ParkedBlob, Refusal, Sink, Source } from '../../../collector/contracts.ts';
import { drain } from '../../../collector/pipeline.ts';
import type { Row } from '../../../collector/schema/index.ts';
import { diskPlace } from '../../../collector/state/disk-place.ts';
import { state } from '../../../collector/state/state.ts';
import { offlinePipeline } from '../offline-pipeline.ts';

/** What a collector has of a source when it stops after some batch. */
export interface Memory {
  readonly cursor: string | undefined;
  readonly done: ReadonlySet<string>;
  readonly parked: ReadonlyMap<string, ParkedBlob>;
  /** Ids of the records that were yielded. */
  readonly ids: ReadonlySet<string>;
  /** Names of operations that were met and that no list knows. */
  readonly operations?: readonly string[];
  /** Cursors of other sources. */
  readonly others?: Readonly<Record<string, string | undefined>>;
}

export const nothing: Memory = { cursor: undefined, done: new Set(), parked: new Map(), ids: new Set() };

/** How a pass went: what was remembered after every batch, and what ended it. */
export interface PassTrace {
  readonly batches: readonly Batch[];
  /** One longer than `batches`: the first one is what the pass began with. */
  readonly memories: readonly Memory[];
  readonly last: Memory;
  readonly error: unknown;
}

const idIn = (row: Row): string => JSON.stringify(row['RecordId']).slice(1, -1);

function after(memory: Memory, batch: Batch): Memory {
  if (batch.kind === 'position') return { ...memory, cursor: batch.cursor };
  if (batch.kind === 'records') {
    const ids = new Set(memory.ids);
    for (const element of batch.elements) {
      const { value } = element.ok ? element : { value: undefined };
      if (typeof value === 'object' && value !== null && 'Id' in value) ids.add(String(value.Id));
    }
    return { ...memory, ids };
  }
  if (batch.kind === 'rows') return { ...memory, ids: new Set([...memory.ids, ...batch.rows.map(idIn)]) };
  if (batch.kind !== 'ended') return memory;
  const done = new Set(memory.done);
  const parked = new Map(memory.parked);
  if (batch.outcome.kind === 'parked') parked.set(batch.id, batch.outcome.parked);
  else {
    parked.delete(batch.id);
    done.add(batch.id);
  }
  return { ...memory, done, parked };
}

/** Reads a source to the end of its pass, from what is remembered. */
export async function readPass(
  source: Source,
  from: Memory = nothing,
  signal: AbortSignal = new AbortController().signal,
  onBatch: (batch: Batch) => void = () => undefined,
): Promise<PassTrace> {
  const batches: Batch[] = [];
  const memories: Memory[] = [from];
  const last = (): Memory => memories.at(-1) ?? from;
  const trace = (error: unknown): PassTrace => ({ batches, memories, last: last(), error });
  const position = {
    cursor: from.cursor,
    isDone: (id: string): boolean => from.done.has(id),
    parked: [...from.parked.values()],
    operations: from.operations ?? [],
    cursorOf: (name: string): string | undefined => from.others?.[name],
  };
  try {
    for await (const batch of source.read(position, signal)) {
      memories.push(after(last(), batch));
      batches.push(batch);
      onBatch(batch);
    }
  } catch (error) {
    return trace(error);
  }
  return trace(undefined);
}

/** A source on its own ground; `expected` are the ids of the records, or of rows of its own, that it must deliver. */
export interface Ground {
  readonly source: () => Source;
  /** The table that the source makes rows for itself; absent: it reads audit records from blobs. */
  readonly table?: string;
  readonly expected: readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** How the sink behaves: how many writes fail at first, and which rows it never takes. */
const sinks: Readonly<Record<string, { readonly failures: number; readonly refusesEvery: number }>> = {
  'takes everything': { failures: 0, refusesEvery: Infinity },
  'is away at first': { failures: 2, refusesEvery: Infinity },
  'never takes some rows': { failures: 0, refusesEvery: 3 },
  'is away at first and never takes some rows': { failures: 2, refusesEvery: 3 },
};

function sinkOf(
  how: { readonly failures: number; readonly refusesEvery: number },
  { expected: order, table: own = 'CopilotAudit_CL' }: Ground,
) {
  const stored: string[] = [];
  let failures = how.failures;
  const isRefused = (row: Row): boolean => order.indexOf(idIn(row)) % how.refusesEvery === 0;
  const sink: Sink = {
    async write(table, rows): Promise<readonly Refusal[]> {
      if (table.name !== own) return [];
      if (failures-- > 0) throw new Error('the sink is away');
      const refused = Number.isFinite(how.refusesEvery) ? rows.filter(isRefused) : [];
      stored.push(...rows.filter((row) => !refused.includes(row)).map(idIn));
      return refused.map((row) => ({ kind: 'refused', row, reason: 'refused' }));
    },
    close: async () => undefined,
  };
  return { sink, stored };
}

// Prefixes of a pass after which a collector is taken to have stopped; all of them where a pass is short.
const MAX_PREFIXES = 12;

/** The promises of a source as tests. `ground` is asked once for each of them. */
export function sourceContract(name: string, ground: () => Promise<Ground>): void {
  describe(`${name} keeps the contract of a source`, () => {
    it.for(Object.keys(sinks))('every record is stored or is a dead letter when the sink %s', async (kind) => {
      await using place = await ground();
      const directory = await mkdtemp(join(tmpdir(), 'copilot-sentinel-contract-'));
      try {
        const { sink, stored } = sinkOf(sinks[kind] ?? { failures: 0, refusesEvery: Infinity }, place);
        const signal = new AbortController().signal;
        let letters: readonly string[] = [];
        for (let passes = 0, isDone = false; passes < 5 && !isDone; passes++) {
          const store = state(diskPlace(directory));
          const held = await store.load();
          isDone = await drain(
            place.source(),
            held,
            { ...offlinePipeline(Date.now), state: store, sink },
            { reading: signal, writing: signal },
          ).then(
            () => true,
            () => false,
          );
          if (isDone) {
            letters = (await store.deadLetters()).map(({ id }) => id);
            expect(held.source(place.source().name).ledger.problems()).toEqual([]);
          }
          await store.close();
        }
        const ids = [...stored, ...letters];
        // What was accepted beside a write that failed comes again: at least once.
        const kept = sinks[kind]?.failures === 0 ? ids : [...new Set(ids)];
        expect(kept.toSorted()).toEqual(place.expected.toSorted());
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    });

    it('skips nothing when it goes on from any point of a pass', async () => {
      await using place = await ground();
      const whole = await readPass(place.source());
      expect(whole.error).toBe(undefined);
      expect([...place.expected].filter((id) => !whole.last.ids.has(id))).toEqual([]);
      const step = Math.max(1, Math.ceil(whole.memories.length / MAX_PREFIXES));
      for (let at = 0; at < whole.memories.length; at += step) {
        const { last, error } = await readPass(place.source(), whole.memories[at]);
        expect(error).toBe(undefined);
        expect(
          place.expected.filter((id) => !last.ids.has(id)),
          `after ${at} of ${whole.batches.length} batches`,
        ).toEqual([]);
      }
    });

    it('yields what a blob holds before it says that the blob has ended, and lists it before that', async () => {
      await using place = await ground();
      const { batches } = await readPass(place.source());
      const ended = new Set<string>();
      let open = 0;
      for (const batch of batches) {
        if (batch.kind === 'listed') open += batch.count;
        if (batch.kind === 'records') expect(ended.has(batch.item)).toBe(false);
        if (batch.kind === 'ended') {
          expect(ended.has(batch.id)).toBe(false);
          ended.add(batch.id);
          expect(--open).toBeGreaterThanOrEqual(0);
        }
      }
      expect(open).toBe(0);
      expect(ended.size > 0).toBe(place.table === undefined);
    });

    it('stops within a second, wherever it is told to', async () => {
      await using place = await ground();
      const { batches } = await readPass(place.source());
      for (const at of [0, 1, Math.floor(batches.length / 2)]) {
        const stop = new AbortController();
        let count = 0;
        let stoppedAt = performance.now();
        const abortAt = (): void => {
          if (count++ !== at) return;
          stoppedAt = performance.now();
          stop.abort();
        };
        if (at === 0) abortAt();
        await readPass(place.source(), nothing, stop.signal, abortAt);
        expect(performance.now() - stoppedAt).toBeLessThan(1000);
      }
    });
  });
}
