/** Days of a tenant that only the audit log remembers: their events are made when somebody asks, never kept. */
import { families } from './records/families.ts';
import type { WireRecord } from './records/scene.ts';
import { schedule } from './schedule.ts';
import type { Tenant } from './tenant/tenant.ts';

/** Which days, and how busy they were. */
export interface PastOptions {
  readonly tenant: Tenant;
  readonly seed: number | string;
  /** Epoch milliseconds: events at or after `fromMs` and before `toMs`. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Mean on a working day; 14 by default, as in the feed. */
  readonly copilotPerUserDay?: number;
}

/** Records of one UTC day, by number from 0. */
export interface PastDay {
  readonly length: number;
  readonly id: (nth: number) => string;
  /** Whether the record is of the Copilot family. */
  readonly isCopilot: (nth: number) => boolean;
  /** Made anew at every call, always the same. */
  readonly record: (nth: number) => WireRecord;
}

/** The days by number, counted from 1970: the same at every call, 40 bytes for each record. */
export type Past = (day: number) => PastDay;

const DAY_MS = 86_400_000;
// Parts of an event that begins before midnight are records of the next day.
const LONGEST_MS = Math.max(...families.flatMap(({ parts = [0] }) => parts));

/** The past of a tenant. */
export function past({ tenant, seed, fromMs, toMs, copilotPerUserDay = 14 }: PastOptions): Past {
  return (day) => {
    const [startMs, endMs] = [day * DAY_MS, (day + 1) * DAY_MS];
    const events = schedule({
      tenant,
      seed: String(seed),
      fromMs: Math.max(fromMs, startMs - LONGEST_MS),
      toMs: Math.min(toMs, endMs),
      copilotPerUserDay,
      // Draws for other workloads come after those for Copilot: without them the day is the same.
      noisePerUserDay: 0,
      faults: new Set(),
    });
    const own = new Uint32Array(events.length());
    let length = 0;
    for (let index = 0; index < own.length; index += 1) {
      const timeMs = events.timeMs(index);
      if (timeMs >= startMs && timeMs < endMs) own[length++] = index;
    }
    const indexOf = (nth: number): number => own[nth] ?? 0;
    return {
      length,
      id: (nth) => events.id(indexOf(nth)),
      isCopilot: (nth) => events.familyOf(indexOf(nth)).copilot,
      record: (nth) => events.record(indexOf(nth)),
    };
  };
}
