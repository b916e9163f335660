import { describe, expect, it } from 'vitest';
import {
  halves,
  lastOf,
  listable,
  plan,
  toApiTime,
  toCursor,
  toPlace,
  upToNow,
} from '../../../collector/sources/activity-feed/windows.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const now = Date.parse('2026-07-20T14:00:00Z');
const at = (change: object) => ({
  version: 1 as const,
  readUpToMs: null,
  sweptAtMs: null,
  startedAtMs: null,
  ...change,
});
const span = (windows: readonly { fromMs: number; toMs: number }[]) => [
  Math.min(...windows.map(({ fromMs }) => fromMs)),
  Math.max(...windows.map(({ toMs }) => toMs)),
];

describe('the windows of a pass', () => {
  it('begin five minutes short of seven days back on a first pass, because the API refuses the exact limit', () => {
    expect(span(plan(at({}), now).windows)).toEqual([now - 7 * DAY + 5 * 60_000, now]);
  });
  it('begin an hour before the point read up to, because blobs appear late', () => {
    const place = at({ readUpToMs: now - 5 * 60_000, sweptAtMs: now - HOUR });
    expect(span(plan(place, now).windows)).toEqual([now - 65 * 60_000, now]);
    expect(plan(place, now).isSweep).toBe(false);
  });
  it.for([0, 1, 377, 999])('begin and end on whole seconds %i ms past one, so that none ends where it begins', (ms) => {
    // 4 h 300 ms after the point read up to: a window of 4 hours, and a rest that the API could not be asked for.
    for (const readUpToMs of [now - 3 * HOUR - 300 + ms, now - 3 * HOUR + 300, now - 900]) {
      const { windows } = plan(at({ readUpToMs, sweptAtMs: now - HOUR }), now + ms);
      for (const { fromMs, toMs } of windows)
        expect(toApiTime(fromMs) < toApiTime(toMs), `${fromMs} ${toMs}`).toBe(true);
    }
    const whole = listable({ fromMs: now - 7 * DAY, toMs: now - 7 * DAY + 60_000 }, now + ms);
    expect(whole.fromMs === whole.toMs || toApiTime(whole.fromMs) < toApiTime(whole.toMs)).toBe(true);
  });
  it('cover everything that can be listed once a day', () => {
    const place = at({ readUpToMs: now - 5 * 60_000, sweptAtMs: now - DAY });
    expect(plan(place, now).isSweep).toBe(true);
    expect(span(plan(place, now).windows)).toEqual([now - 7 * DAY + 5 * 60_000, now]);
  });
  it('of a sweep begin with what is new, so that trouble with an old window keeps nothing waiting', () => {
    const { windows } = plan(at({ readUpToMs: now - 5 * 60_000, sweptAtMs: now - DAY }), now);
    expect(windows[0]).toEqual({ fromMs: now - 65 * 60_000, toMs: now });
    expect(windows[1]?.fromMs).toBe(now - 7 * DAY + 5 * 60_000);
    expect(windows.at(-1)?.toMs).toBe(now - 65 * 60_000);
  });
  it('are cut to what can be listed at the time of the call', () => {
    expect(listable({ fromMs: now - 7 * DAY, toMs: now }, now).fromMs).toBe(now - 7 * DAY + 60_000);
    const gone = { fromMs: now - 9 * DAY, toMs: now - 8 * DAY };
    expect(listable(gone, now)).toEqual({ fromMs: gone.toMs, toMs: gone.toMs });
    expect(lastOf({ fromMs: now - HOUR, toMs: now })).toEqual({ fromMs: now - 5 * 60_000, toMs: now });
  });
  it('recover from a clock that was wrong: times that have not come are forgotten', () => {
    const wrong = at({ readUpToMs: now + 400 * DAY, sweptAtMs: now + 400 * DAY, startedAtMs: now + 400 * DAY });
    expect(upToNow(wrong, now)).toEqual(at({}));
    const right = at({ readUpToMs: now, sweptAtMs: now - HOUR, startedAtMs: null });
    expect(upToNow(right, now)).toEqual(right);
  });
  it('are contiguous, no longer than 24 hours, and none starts before the limit', () => {
    const { windows } = plan(at({}), now);
    for (const [index, { fromMs, toMs }] of windows.entries()) {
      expect(toMs - fromMs).toBeLessThanOrEqual(DAY);
      expect(fromMs).toBeGreaterThan(now - 7 * DAY);
      expect(fromMs).toBe(windows[index - 1]?.toMs ?? fromMs);
    }
  });
  it('leave a gap that is told when the collector was away for more than seven days', () => {
    const place = at({ readUpToMs: now - 9 * DAY, sweptAtMs: now - 9 * DAY });
    expect(plan(place, now).gap).toEqual({ fromMs: now - 9 * DAY, toMs: now - 7 * DAY + 5 * 60_000 });
    expect(plan(at({ readUpToMs: now - 6 * DAY, sweptAtMs: now }), now).gap).toBeUndefined();
  });
  it('are empty rather than turned around when the clock of the service stepped back', () => {
    expect(plan(at({ readUpToMs: now + 2 * HOUR, sweptAtMs: now }), now).windows).toEqual([]);
  });
  it('split into halves on whole seconds until five minutes are left', () => {
    expect(halves({ fromMs: now, toMs: now + HOUR })).toEqual([
      { fromMs: now, toMs: now + HOUR / 2 },
      { fromMs: now + HOUR / 2, toMs: now + HOUR },
    ]);
    expect(halves({ fromMs: now, toMs: now + 5 * 60_000 })).toBeUndefined();
  });
  it('are written in UTC without fraction and zone', () => {
    expect(toApiTime(Date.parse('2026-07-20T14:07:33.204Z'))).toBe('2026-07-20T14:07:33');
  });
});

describe('the cursor', () => {
  it('survives a round trip', () => {
    const place = at({ readUpToMs: 5, startedAtMs: 7 });
    expect(toPlace(toCursor(place))).toEqual(place);
  });
  it('of another version or source is refused instead of starting anew', () => {
    expect(() => toPlace('{"version":2}')).toThrow('version');
    expect(() => toPlace('not json')).toThrow('JSON');
  });
});
