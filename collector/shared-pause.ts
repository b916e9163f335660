import { setTimeout as sleep } from 'node:timers/promises';
import { retryAfterMs } from './retry-after.ts';

// Whoever waits says so at least this often, and sees that the pause has grown.
const SLICE_MS = 30_000;

/** A wait that all requests to one service share: one throttled caller must not be replaced by the next. */
export interface SharedPause {
  /** Milliseconds that are left; 0 or less when nobody has to wait. */
  readonly leftMs: () => number;
  /** The service throttles: all wait as its Retry-After says, or ever longer when it says nothing. */
  readonly throttled: (retryAfter: string | undefined) => void;
  /** All wait at least `waitMs` from now. */
  readonly hold: (waitMs: number) => void;
  /** The service answers again: the next wait without Retry-After starts short. */
  readonly succeeded: () => void;
  /** Resolves when the pause is over; `onWait` is called before each stretch of at most 30 s and may throw. */
  readonly over: (signal: AbortSignal, onWait?: (leftMs: number) => void) => Promise<void>;
}

/** Makes a pause; every time in milliseconds. `longestMs` caps what one Retry-After may ask for. */
export function sharedPause(options: {
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  readonly longestMs: number;
  readonly now?: () => number;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
}): SharedPause {
  const { backoffMs, maxBackoffMs, longestMs, now = Date.now, random = Math.random } = options;
  let until = 0;
  let round = 0;

  const leftMs = (): number => until - now();
  const hold = (waitMs: number): void => {
    until = Math.max(until, now() + Math.min(waitMs, longestMs));
  };
  return {
    leftMs,
    hold,
    throttled(retryAfter) {
      // Answers to what was sent before the pause are no further round.
      if (leftMs() <= 0) round = Math.min(round + 1, 16);
      const backoff = Math.min(maxBackoffMs, backoffMs * 2 ** (round - 1) * (0.5 + random()));
      hold(retryAfterMs(retryAfter, now()) ?? backoff);
    },
    succeeded() {
      round = 0;
    },
    async over(signal, onWait) {
      for (let left = leftMs(); left > 0; left = leftMs()) {
        onWait?.(left);
        await sleep(Math.min(left, SLICE_MS), undefined, { signal });
      }
    },
  };
}
