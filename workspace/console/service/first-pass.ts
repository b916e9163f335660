/** When a collector that runs on and on has gone once through all its sources, and what is wrong with it now. */
import { z } from 'zod';
import type { CollectorEvent } from './collector-log.ts';

/** What a pass counts; also the last line of `once` and `import`. */
export const passCounts = z.object({
  seen: z.number(),
  foreign: z.number(),
  selected: z.number(),
  unparsable: z.number(),
  duplicate: z.number(),
  deadLettered: z.number(),
  accepted: z.number(),
  gaps: z.number(),
});
export type PassCounts = Readonly<z.output<typeof passCounts>>;

/** What the first pass came to. */
export interface FirstPass {
  /** By source; a pass that failed has none. */
  readonly counts: ReadonlyMap<string, PassCounts>;
}

/** Watches the log for the ends of passes. */
export interface PassWatch {
  readonly see: (event: CollectorEvent) => void;
  readonly ended: Promise<FirstPass>;
  /** A sentence on each thing that is wrong now; none: the last pass of every source read all that was there. */
  readonly problems: () => readonly string[];
}

// What keeps all sources from their passes.
const STATE = '';

const reasonText = ({ msg, reason }: CollectorEvent): string =>
  typeof reason === 'string' ? `${msg}: ${reason}` : msg;

/**
 * Ended when every source has had a pass. A pass that failed counts too, and so does a state that cannot be used or is
 * another collector's: what is there is looked at, the rest comes later.
 */
export function passWatch(sources: readonly string[]): PassWatch {
  const open = new Set(sources);
  const problems = new Map<string, string>();
  // Why a pass that goes on will have ended early.
  const early = new Map<string, string>();
  const counts = new Map<string, PassCounts>();
  const { promise, resolve } = Promise.withResolvers<FirstPass>();

  const endPass = (source: string, problem: string | undefined): void => {
    early.delete(source);
    if (problem === undefined) problems.delete(source);
    else problems.set(source, problem);
    open.delete(source);
    if (open.size === 0) resolve({ counts });
  };
  const seeState = (event: CollectorEvent): void => {
    if (event.msg === 'role' && event['role'] === 'owner') problems.delete(STATE);
    else if (event.msg === 'role' && event['role'] === 'standby')
      problems.set(STATE, `another collector uses the same state: ${reasonText(event)}`);
    else if (event.msg === 'the state cannot be used; trying again') problems.set(STATE, reasonText(event));
    if (problems.has(STATE)) resolve({ counts });
  };

  return {
    ended: promise,
    problems: () => [...problems.values()],
    see: (event) => {
      const { source, msg } = event;
      if (typeof source !== 'string') return seeState(event);
      if (!sources.includes(source)) return;
      const problem = `${source}: ${reasonText(event)}`;
      if (msg === 'the pass ended early') early.set(source, problem);
      if (msg === 'the pass failed and will be repeated') endPass(source, problem);
      if (msg !== 'pass ended') return;
      const counted = passCounts.safeParse(event).data;
      if (counted !== undefined && open.has(source)) counts.set(source, counted);
      endPass(source, early.get(source));
    },
  };
}
