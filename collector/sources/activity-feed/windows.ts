/** Which spans of contentCreated a pass must list. Pure. */
import { z } from 'zod';
import type { Cursor } from '../../contracts.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// The API refuses a start more than 7 days back (AF20055); the call itself takes time, hence the margin.
const HORIZON_MS = 7 * DAY - 5 * MINUTE;
// At most 24 hours are allowed. Four keep a listing small in memory and in the time it needs.
const WINDOW_MS = 4 * HOUR;
// Blobs appear in listings some time after their contentCreated.
const OVERLAP_MS = HOUR;
// Some appear days later: once a day everything that can still be listed is listed again.
const SWEEP_EVERY_MS = DAY;
// Shortest span into which a window that cannot be listed is cut before it counts as a gap.
const SHORTEST_MS = 5 * MINUTE;

/** A span of contentCreated in epoch milliseconds: start inclusive, end exclusive. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

const place = z.object({
  version: z.literal(1),
  /** Everything created before it was listed, and read, parked or counted as a gap. */
  readUpToMs: z.number().int().nullable(),
  /** When the whole horizon was last listed. */
  sweptAtMs: z.number().int().nullable(),
  /** When a subscription was last started: Microsoft asks for 15 minutes between two starts. */
  startedAtMs: z.number().int().nullable(),
});

/** Where the feed stands; travels through the state as an opaque cursor. */
export type Place = Readonly<z.infer<typeof place>>;

/** Reads a cursor; without one the feed starts at the horizon. Throws on a cursor of another source or version. */
export function toPlace(cursor: Cursor | undefined): Place {
  if (cursor === undefined) return { version: 1, readUpToMs: null, sweptAtMs: null, startedAtMs: null };
  return place.parse(JSON.parse(cursor));
}

export const toCursor = (at: Place): Cursor => JSON.stringify(at);

/** What a pass lists, in this order; whether that sweeps the horizon, and what can no longer be listed. */
export interface Plan {
  readonly windows: readonly Window[];
  readonly isSweep: boolean;
  readonly gap: Window | undefined;
}

// The API takes no fractions: a window within one second would be refused, because it ends where it begins.
const wholeSecond = (ms: number): number => Math.floor(ms / 1000) * 1000;

function windowsOf(fromMs: number, toMs: number): readonly Window[] {
  const windows: Window[] = [];
  for (let start = fromMs; start < toMs; start += WINDOW_MS) {
    windows.push({ fromMs: start, toMs: Math.min(start + WINDOW_MS, toMs) });
  }
  return windows;
}

/** The place without times that the service's clock has not reached: a wrong clock wrote them, and would end the feed. */
export function upToNow(at: Place, nowMs: number): Place {
  const past = (ms: number | null): number | null => (ms !== null && ms > nowMs + OVERLAP_MS ? null : ms);
  return { ...at, readUpToMs: past(at.readUpToMs), sweptAtMs: past(at.sweptAtMs), startedAtMs: past(at.startedAtMs) };
}

/**
 * Plans a pass at `nowMs` on the service's clock: what is new first, then, once a day, everything else that can be
 * listed, so that trouble with an old window never keeps fresh content waiting.
 */
export function plan(at: Place, clockMs: number): Plan {
  const nowMs = wholeSecond(clockMs);
  const horizonMs = nowMs - HORIZON_MS;
  const isSweep = at.sweptAtMs === null || at.readUpToMs === null || nowMs - at.sweptAtMs >= SWEEP_EVERY_MS;
  // A service clock that stepped back must not turn the span around.
  const freshMs = Math.min(Math.max(wholeSecond(at.readUpToMs ?? 0) - OVERLAP_MS, horizonMs), nowMs);
  const windows = [...windowsOf(freshMs, nowMs), ...(isSweep ? windowsOf(horizonMs, freshMs) : [])];
  const isLost = at.readUpToMs !== null && at.readUpToMs < horizonMs;
  return { windows, isSweep, gap: isLost ? { fromMs: at.readUpToMs, toMs: horizonMs } : undefined };
}

/** The part of a window that can still be listed: a pass may take longer than the margin of its plan. */
export function listable({ fromMs, toMs }: Window, nowMs: number): Window {
  // A minute for the call itself.
  return { fromMs: Math.min(Math.max(fromMs, wholeSecond(nowMs) - 7 * DAY + MINUTE), toMs), toMs };
}

/** The last few minutes of a window: if these cannot be listed either, it is the API's trouble, not the window's. */
export const lastOf = ({ fromMs, toMs }: Window): Window => ({ fromMs: Math.max(fromMs, toMs - SHORTEST_MS), toMs });

/** Two halves of a window that could not be listed, or undefined when it is as short as it gets. */
export function halves({ fromMs, toMs }: Window): readonly [Window, Window] | undefined {
  if (toMs - fromMs <= SHORTEST_MS) return undefined;
  const middle = wholeSecond((fromMs + toMs) / 2);
  return [
    { fromMs, toMs: middle },
    { fromMs: middle, toMs },
  ];
}

/** A time as the API wants it: UTC without fraction and zone. */
export const toApiTime = (ms: number): string => new Date(ms).toISOString().slice(0, 19);
