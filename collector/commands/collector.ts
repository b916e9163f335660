import type { Sink, Source } from '../contracts.ts';
import type { Log } from '../log.ts';
import { drain, type PassResult, type PipelineOptions, type Signals } from '../pipeline.ts';
import type { CollectorState } from '../state/held-state.ts';
import type { State } from '../state/state.ts';

/** The parts of a running collector, joined by main. */
export interface Collector {
  readonly sources: readonly Source[];
  readonly state: State;
  readonly sink: Sink;
  readonly log: Log;
  readonly pipeline: Omit<PipelineOptions, 'onProgress'>;
}

/** Drains sources over one loaded state, and loads it again after a pass that could not write. */
export interface Worker {
  pass(source: Source, signals: Signals, onProgress?: PipelineOptions['onProgress']): Promise<PassResult>;
  close(): Promise<void>;
}

/** Takes the state for itself. Rejects when another process holds it or when it cannot be read. */
export async function worker({ state, sink, pipeline }: Collector): Promise<Worker> {
  let held: CollectorState | undefined = await state.load();
  return {
    async pass(source, signals, onProgress) {
      held ??= await state.load();
      const current = held;
      try {
        return await drain(source, current, { ...pipeline, ...(onProgress && { onProgress }) }, signals);
      } catch (error) {
        // Ids were noted whose rows did not arrive: only what was saved last is true.
        held = undefined;
        await state.close();
        throw error;
      }
    },
    async close() {
      await state.close();
      await sink.close();
    },
  };
}
