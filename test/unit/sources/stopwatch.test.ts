import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { stopwatch } from '../../../collector/sources/activity-feed/stopwatch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('counts the time in which it runs, and none of that in which it stands', () => {
  const over = vi.fn<() => void>();
  const watch = stopwatch(1000, over);
  vi.advanceTimersByTime(600);
  watch.stop();
  watch.stop();
  vi.advanceTimersByTime(5000);
  watch.go();
  watch.go();
  vi.advanceTimersByTime(399);
  expect(over).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(over).toHaveBeenCalledOnce();
});

it('says nothing once it is stopped for good', () => {
  const over = vi.fn<() => void>();
  stopwatch(1000, over).stop();
  vi.advanceTimersByTime(10_000);
  expect(over).not.toHaveBeenCalled();
});
