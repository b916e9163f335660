/** What a collector makes of a source: the real pipeline over a state on disk, with a sink in memory. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sink, Source } from '../../../collector/contracts.ts';
import type { PassSummary } from '../../../collector/pass-summary.ts';
import { drain } from '../../../collector/pipeline.ts';
import { diskPlace } from '../../../collector/state/disk-place.ts';
import { state } from '../../../collector/state/state.ts';
import { offlinePipeline } from '../offline-pipeline.ts';

/** A row as JSON. */
export type StoredRow = Readonly<Record<string, unknown>>;

/** One pass. */
export interface Collected {
  /** Rows of CopilotAudit_CL, in the order of their arrival. */
  readonly rows: readonly StoredRow[];
  readonly summary: Readonly<PassSummary>;
}

/** Reads a source to the end of a pass, from nothing; throws when it ends early or its ledger does not add up. */
export async function collected(source: Source, nowMs: number): Promise<Collected> {
  const directory = await mkdtemp(join(tmpdir(), 'copilot-sentinel-collected-'));
  const rows: StoredRow[] = [];
  const sink: Sink = {
    async write(table, written) {
      if (table.name === 'CopilotAudit_CL') rows.push(...(JSON.parse(JSON.stringify(written)) as StoredRow[]));
      return [];
    },
    close: async () => undefined,
  };
  const store = state(diskPlace(directory));
  try {
    const held = await store.load();
    const signal = new AbortController().signal;
    const options = { ...offlinePipeline(() => nowMs), state: store, sink };
    const { summary, error } = await drain(source, held, options, { reading: signal, writing: signal });
    if (error !== undefined) throw error;
    const problems = held.source(source.name).ledger.problems();
    if (problems.length > 0) throw new Error(`the ledger does not add up: ${problems.join('; ')}`);
    return { rows, summary };
  } finally {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  }
}
