/** Which window is asked for next. Pure. */
import type { Place } from './place.ts';
import { DAY_MS, type Window, windowsOf } from './windows.ts';

/** Records become visible 30 minutes to 24 hours after the event: what is younger is not asked for, or asked for again. */
export const SETTLED_MS = DAY_MS;
// As far as the activity feed reaches back; what is older is for backfill.
const FIRST_REACH_MS = 7 * DAY_MS;

const dayOf = (ms: number): number => Math.floor(ms / DAY_MS) * DAY_MS;

/** What is read: every UTC day once it has settled, or a span with an end, without the hours that are complete. */
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
  return toMs + SETTLED_MS <= nowMs ? { fromMs, toMs } : undefined;
}
