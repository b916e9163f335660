import type { Sink, Source } from '../contracts.ts';
import type { Log } from '../log.ts';
import { drain, type PassResult, type PipelineOptions, type Signals } from '../pipeline.ts';
import type { CollectorState } from '../state/held-state.ts';
import type { State } from '../state/state.ts';

/** The parts of a running collector, joined by compose. */
export interface Collector {
  readonly sources: readonly Source[];
  readonly state: State;
  readonly sink: Sink;
  readonly log: Log;
  /** When something last moved, or was waited for on purpose; milliseconds since 1970. */
  readonly heartbeat: { last: number };
  /** How far the clock of Microsoft 365 is ahead of ours, by its newest answer. */
  readonly clockSkewMs: () => number;
  readonly pipeline: Omit<PipelineOptions, 'onProgress'>;
}

/** Drains sources over one loaded state, and loads it again after a pass that could not write. */
export interface Worker {
  /**
   * Takes the state for itself, where that is still to be done; the signal tells when it is lost to another process.
   * Rejects with a TakenError while another has it.
   */
  open(): Promise<AbortSignal>;
  /** One pass; opens first. Rejects with what went wrong; with a TakenError when the state was lost on the way. */
  pass(source: Source, signals: Signals, onProgress?: PipelineOptions['onProgress']): Promise<PassResult>;
  close(): Promise<void>;
}

/** A worker that holds nothing yet. */
export function worker({ state, sink, pipeline }: Collector): Worker {
  let held: CollectorState | undefined;
  const open = async (): Promise<CollectorState> => {
    // Lost between two passes: stand in line again.
    if (held?.lost.aborted === true) await letGo();
    return (held ??= await state.load());
  };
  async function letGo(): Promise<void> {
    held = undefined;
    await state.close();
  }
  return {
    open: async () => (await open()).lost,
    async pass(source, { reading, writing }, onProgress) {
      const current = await open();
      const until = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, current.lost]);
      try {
        return await drain(
          source,
          current,
          { ...pipeline, ...(onProgress && { onProgress }) },
          { reading: until(reading), writing: until(writing) },
        );
      } catch (error) {
        // Ids were noted whose rows did not arrive: only what was saved last is true.
        await letGo();
        throw current.lost.aborted ? current.lost.reason : error;
      }
    },
    async close() {
      await state.close();
      await sink.close();
    },
  };
}
