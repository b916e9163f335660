/** When a collector that runs on and on has gone once through all its sources. */
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
  /** Sentences on what failed; none: everything was read. */
  readonly problems: readonly string[];
}

/** Watches the log for the ends of passes. */
export interface PassWatch {
  readonly see: (event: CollectorEvent) => void;
  readonly ended: Promise<FirstPass>;
}

const reasonText = ({ msg, reason }: CollectorEvent): string =>
  typeof reason === 'string' ? `${msg}: ${reason}` : msg;

/** Ended when every source has had a pass. A pass that failed counts too: what is there is looked at, the rest comes later. */
export function passWatch(sources: readonly string[]): PassWatch {
  const open = new Set(sources);
  const problems: string[] = [];
  const counts = new Map<string, PassCounts>();
  const { promise, resolve } = Promise.withResolvers<FirstPass>();
  return {
    ended: promise,
    see: (event) => {
      const { source, msg } = event;
      if (typeof source !== 'string' || !open.has(source)) return;
      const isFailure = msg === 'the pass failed and will be repeated';
      if (isFailure || msg === 'the pass ended early') problems.push(`${source}: ${reasonText(event)}`);
      const counted = msg === 'pass ended' ? passCounts.safeParse(event).data : undefined;
      if (counted !== undefined) counts.set(source, counted);
      if (isFailure || msg === 'pass ended') open.delete(source);
      if (open.size === 0) resolve({ counts, problems });
    },
  };
}
