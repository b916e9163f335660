/** A collector over an archive in a directory, a state in memory and a sink that keeps rows. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { archive } from '../../../collector/archive/archive.ts';
import { diskArchive } from '../../../collector/archive/disk-archive.ts';
import type { ArchivePlace } from '../../../collector/archive/place.ts';
import type { Refusal, Sink, Source } from '../../../collector/contracts.ts';
import { drain, type PassResult, type PipelineOptions } from '../../../collector/pipeline.ts';
import type { Row } from '../../../collector/schema/index.ts';
import type { CollectorState } from '../../../collector/state/held-state.ts';
import { state, type State } from '../../../collector/state/state.ts';
import { memoryPlace } from '../state/memory-place.ts';
import { offlinePipeline } from '../offline-pipeline.ts';

export const nowMs = Date.parse('2026-11-18T12:00:00Z');
export const signal = new AbortController().signal;
export const idOf = (n: number): string => `0c0c0c0c-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** A raw interaction whose prompt holds a text that nobody may store. */
export const record = (n: number, more: object = {}): Record<string, unknown> => ({
  Id: idOf(n),
  CreationTime: '2026-11-18T09:00:00',
  RecordType: 261,
  Operation: 'CopilotInteraction',
  Workload: 'Copilot',
  UserId: 'megan@contoso.example',
  CopilotEventData: { AppHost: 'Word', Messages: [{ Id: '1', isPrompt: true, Text: 'the-secret-plan' }] },
  ...more,
});
/** One that today's parser cannot read. */
export const rejected = (n: number): object => record(n, { CreationTime: 'soon' });
export const foreign = { Id: idOf(900), Workload: 'Exchange', RecordType: 2, Operation: 'MailItemsAccessed' };

/** A sink in memory; `fails` says for each write whether it does, `refuses` which rows are refused. */
export interface KeepingSink extends Sink {
  readonly rows: Row[];
  readonly health: Row[];
}
export function keepingSink(refuses: readonly string[] = []): KeepingSink {
  const rows: Row[] = [];
  const health: Row[] = [];
  return {
    rows,
    health,
    async write(table, given): Promise<readonly Refusal[]> {
      if (table.name === 'CopilotHealth_CL') health.push(...given);
      if (table.name !== 'CopilotAudit_CL') return [];
      const isRefused = (row: Row): boolean => refuses.some((id) => id === row['RecordId']);
      rows.push(...given.filter((row) => !isRefused(row)));
      return given.filter(isRefused).map((row) => ({ kind: 'refused', row, reason: 'too wide' }));
    },
    close: async () => undefined,
  };
}

/** Yields these records as one blob, and moves the position past it. */
export const blobOf = (values: readonly unknown[], name = 'activity-feed'): Source => ({
  name,
  async *read() {
    const hour = Math.floor(Date.parse('2026-11-18T10:00:00Z') / 3_600_000);
    const contentCreated = '2026-11-18T10:15:00.000Z';
    yield { kind: 'listed', hour, count: 1, earliestExpiry: '2026-11-25T10:15:00.000Z' };
    const elements = values.map((value) => ({ ok: true as const, value }));
    yield { kind: 'records', item: 'b', hour, contentCreated, seen: values.length, foreign: 0, elements };
    yield { kind: 'ended', id: 'b', hour, outcome: { kind: 'fetched' } };
    yield { kind: 'position', cursor: 'after b', readUpTo: contentCreated };
  },
});

/** A directory, gone after the test. */
export async function directory(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'copilot-sentinel-archive-'));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

export interface Rig {
  readonly at: string;
  readonly place: ArchivePlace;
  readonly store: State;
  readonly sink: KeepingSink;
  readonly pipeline: PipelineOptions;
  /** One pass over a state that is loaded for it, as after a restart. */
  readonly pass: (source: Source, more?: Partial<PipelineOptions>) => Promise<PassResult>;
  readonly loaded: <T>(look: (held: CollectorState) => T) => Promise<T>;
}

export async function rig(options: { readonly place?: (inner: ArchivePlace) => ArchivePlace } = {}): Promise<Rig> {
  const at = await directory();
  const place = (options.place ?? ((inner) => inner))(diskArchive(at));
  const now = (): number => nowMs;
  const store = state(memoryPlace(), { now });
  const sink = keepingSink();
  const pipeline: PipelineOptions = {
    state: store,
    sink,
    archive: archive(place, { now }),
    ...offlinePipeline(now),
  };
  const pass: Rig['pass'] = async (source, more = {}) => {
    try {
      return await drain(source, await store.load(), { ...pipeline, ...more }, { reading: signal, writing: signal });
    } finally {
      await store.close();
    }
  };
  const loaded: Rig['loaded'] = async (look) => {
    try {
      return look(await store.load());
    } finally {
      await store.close();
    }
  };
  return { at, place, store, sink, pipeline, pass, loaded };
}

/** Every byte of an archive in a directory, inflated. */
export async function textOf(place: ArchivePlace): Promise<string> {
  const names = await place.list(signal);
  const parts = await Promise.all(names.map((name) => readFile(join(place.name, name))));
  return parts.map((bytes) => gunzipSync(bytes).toString()).join('');
}
/** Ids of the records in it, in order. */
export const idsOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { readonly record: { readonly Id: string } }).record.Id);
