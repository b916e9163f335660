import { apiError } from './api-errors.ts';
import { queryValue, type Reply } from './reply.ts';
import type { Switches } from './switches.ts';

/** A listing window: epoch milliseconds, start inclusive, end exclusive, on contentCreated. */
export interface Window {
  readonly startMs: number;
  readonly endMs: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

// Management Activity API: "YYYY-MM-DD, YYYY-MM-DDTHH:MM, YYYY-MM-DDTHH:MM:SS", UTC without a zone suffix.
const timeForm = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?)?$/;

/** Epoch milliseconds of a time in one of the three documented forms; undefined for anything else. */
export function toTimeMs(text: string): number | undefined {
  if (!timeForm.test(text)) return undefined;
  const ms = Date.parse(`${text.length === 10 ? `${text}T00:00` : text}Z`);
  // Date.parse rolls 31 February over to March; the service does not.
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text.slice(0, 10) ? undefined : ms;
}

/** A time as query parameters carry it: whole seconds, no zone. */
export function toTimeText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}

/** What was asked, whether or not it is allowed; undefined when a time is absent or unreadable. */
export function askedWindow(query: URLSearchParams): Window | undefined {
  const startMs = toTimeMs(queryValue(query, 'startTime') ?? '');
  const endMs = toTimeMs(queryValue(query, 'endTime') ?? '');
  return startMs === undefined || endMs === undefined ? undefined : { startMs, endMs };
}

/** The window of a content request, or the error the service answers. */
export function toWindow(query: URLSearchParams, nowMs: number, switches: Switches): Window | Reply {
  const start = queryValue(query, 'startTime');
  const end = queryValue(query, 'endTime');
  // Management Activity API: both omitted returns the content of the last 24 hours.
  if (start === undefined && end === undefined) {
    const endMs = Math.floor(nowMs / 1000) * 1000;
    return { startMs: endMs - dayMs, endMs };
  }
  // Management Activity API: "startTime and endTime must both be specified or both omitted".
  if (start === undefined || end === undefined) return apiError('AF20030');
  const startMs = toTimeMs(start);
  const endMs = toTimeMs(end);
  if (startMs === undefined) return apiError('AF20002', 'startTime', 'System.DateTime');
  if (endMs === undefined) return apiError('AF20002', 'endTime', 'System.DateTime');
  // Management Activity API: "start time prior to end time". An end in the future is accepted.
  if (startMs >= endMs) return apiError('AF20055');
  // Management Activity API: "start time no more than 7 days in the past".
  if (startMs < nowMs - 7 * dayMs - switches.lookbackToleranceMinutes * 60_000) return apiError('AF20055');
  if (endMs - startMs > dayMs) {
    // Management Activity API: an error, "or a successful response with partial results" (note in the reference).
    return switches.wideWindow === 'refused' ? apiError('AF20055') : { startMs, endMs: startMs + dayMs };
  }
  return { startMs, endMs };
}
