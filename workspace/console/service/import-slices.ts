/** How rules look at an export: week by week, as if it had been collected as it happened. */
import { sliceEnds, type Slices } from '../../rules/as-collected.ts';
import type { EventSpan } from './export-span.ts';

const WEEK_MS = 7 * 86_400_000;
const MINUTE_MS = 60_000;
const MOST_SLICES = 26;

/** The runs over an export. */
export interface ImportPlan {
  readonly slices: Slices;
  /** When rules run, the newest first. */
  readonly times: readonly Date[];
  /** What a reader must know. */
  readonly remark: string;
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The plan for the span of an export. */
export function importPlan({ fromMs, toMs }: EventSpan): ImportPlan {
  // The first whole minute after the last event.
  const endMs = (Math.floor(toMs / MINUTE_MS) + 1) * MINUTE_MS;
  const slices = { endMs, lengthMs: WEEK_MS };
  const all = sliceEnds(fromMs, slices);
  const times = all.slice(0, MOST_SLICES);
  const firstMs = Math.max(fromMs, endMs - times.length * WEEK_MS);
  const leftOut =
    all.length > times.length
      ? ` Events before ${day(firstMs)} are shown in queries and workbooks; no rule ran over them (${all.length - times.length} older weeks).`
      : '';
  return {
    slices,
    times,
    remark: `Rules ran over ${day(firstMs)} to ${day(toMs)} as if the export had been collected week by week as it happened, once for each week. They compare with what the export holds, and with nothing else: what is first seen in it counts as new.${leftOut}`,
  };
}
