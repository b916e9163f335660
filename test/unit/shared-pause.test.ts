import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sharedPause } from '../../collector/shared-pause.ts';

const never = new AbortController().signal;
const pauseOf = (random = 0.5) =>
  sharedPause({ backoffMs: 1000, maxBackoffMs: 60_000, longestMs: 120_000, random: () => random });

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

describe('a shared pause', () => {
  test.for([
    ['what Retry-After says', '30', 30_000],
    ['the longest pause when it says more', '3600', 120_000],
    ['nothing when it says 0', '0', 0],
    ['a back-off when it says nothing', undefined, 1000],
    ['a back-off when it says nonsense', 'soon', 1000],
  ] as const)('lasts %s', ([, header, wait]) => {
    const pause = pauseOf();
    pause.throttled(header);
    expect(pause.leftMs()).toBe(wait);
  });

  test('grows from round to round, and starts short after a success', () => {
    const pause = pauseOf();
    const waits = Array.from({ length: 8 }, () => {
      pause.throttled(undefined);
      const wait = pause.leftMs();
      vi.setSystemTime(Date.now() + wait);
      return wait;
    });
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    pause.succeeded();
    pause.throttled(undefined);
    expect(pause.leftMs()).toBe(1000);
  });

  test('counts the answers to requests that were under way together as one round', () => {
    const pause = pauseOf();
    for (let n = 0; n < 4; n++) pause.throttled(undefined);
    expect(pause.leftMs()).toBe(1000);
  });

  test('is never made shorter', () => {
    const pause = pauseOf();
    pause.hold(5000);
    pause.throttled('1');
    pause.hold(1);
    expect(pause.leftMs()).toBe(5000);
  });

  test('is jittered by half', () => {
    const low = pauseOf(0);
    low.throttled(undefined);
    expect(low.leftMs()).toBe(500);
  });
});

describe('waiting', () => {
  test('without a pause is none', async () => {
    const onWait = vi.fn<() => void>();
    await pauseOf().over(never, onWait);
    expect(onWait).not.toHaveBeenCalled();
  });

  test('ends when the pause does, as long as it was made while waiting', async () => {
    vi.useRealTimers();
    const pause = pauseOf();
    pause.hold(20);
    const seen: number[] = [];
    await pause.over(never, (left) => {
      seen.push(left);
      if (seen.length === 1) pause.hold(40);
    });
    expect(pause.leftMs()).toBeLessThanOrEqual(0);
    expect(seen.length).toBeGreaterThanOrEqual(2);
  });

  test('ends with an abort, or with what the one who waits throws', async () => {
    const pause = pauseOf();
    pause.hold(100_000);
    const stop = new AbortController();
    const waiting = pause.over(stop.signal);
    stop.abort();
    await expect(waiting).rejects.toThrow('abort');
    const tooLong = (left: number): void => {
      throw new Error(`${left} ms`);
    };
    await expect(pause.over(never, tooLong)).rejects.toThrow('100000 ms');
  });
});
