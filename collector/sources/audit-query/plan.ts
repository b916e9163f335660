/** Which window is asked for next. Pure. */
import type { Place } from './place.ts';
import { DAY_MS, type Window, windowsOf } from './windows.ts';

/** Queries find records 30 minutes to 24 hours after the event: what is younger may still fill. */
export const SETTLED_MS = DAY_MS;
// A day is compared with the feed on the fourth day after it: the feed was seen to give records up to three days late.
const COMPARED_AFTER_MS = 3 * DAY_MS;
// As far as the activity feed reaches back; what is older is for backfill.
const FIRST_REACH_MS = 7 * DAY_MS;
// Microsoft Purview keeps records of Copilot for 180 days.
const HORIZON_MS = 180 * DAY_MS;

const dayOf = (ms: number): number => Math.floor(ms / DAY_MS) * DAY_MS;

/** What is read: every UTC day, four days later, or a span with an end, without the hours that are complete. */
export type Task =
  | { readonly kind: 'days' }
  | { readonly kind: 'span'; readonly span: Window; readonly isComplete: (hour: number) => boolean };

/** The place for a task: a job of another span begins anew. */
export function begun(at: Place, task: Task): Place {
  if (task.kind === 'days') return at;
  const { span } = task;
  if (at.span?.fromMs === span.fromMs && at.span.toMs === span.toMs) return at;
  return { ...at, span, plannedToMs: span.fromMs, open: [] };
}

/** Days that were not asked for and of which nothing is kept any more, or undefined when there are none. */
export function outOfReach({ plannedToMs }: Place, task: Task, nowMs: number): Window | undefined {
  const toMs = dayOf(nowMs - HORIZON_MS);
  if (task.kind === 'span' || plannedToMs === null || plannedToMs >= toMs) return undefined;
  return { fromMs: plannedToMs, toMs };
}

/** The next window, or undefined when all are planned. */
export function nextWindow(at: Place, task: Task, nowMs: number): Window | undefined {
  if (task.kind === 'span') {
    const { span, isComplete } = task;
    const rest = { fromMs: at.plannedToMs ?? span.fromMs, toMs: span.toMs };
    for (const window of windowsOf(rest, (hour) => !isComplete(hour))) return window;
    return undefined;
  }
  const fromMs = at.plannedToMs ?? dayOf(nowMs - FIRST_REACH_MS);
  const toMs = dayOf(fromMs) + DAY_MS;
  return toMs + COMPARED_AFTER_MS <= nowMs ? { fromMs, toMs } : undefined;
}
