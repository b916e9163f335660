/** A budget of requests that is spent evenly: a second's worth may start at once, the rest as it comes in. */
export interface Pace {
  /** The most that may be taken at once. */
  readonly most: number;
  /** Milliseconds until `count` requests may start; 0 when they may now. */
  readonly waitMs: (count: number) => number;
  /** Spends `count`, also when that means a debt. */
  readonly take: (count: number) => void;
}

// A full $batch must fit, however small the budget of a second is.
const BATCH = 20;

/** Makes a budget that no minute exceeds: the store of one second (or one batch), and what comes in during 60. */
export function pace(requestsPerMinute: number, now: () => number): Pace {
  const store = Math.max(1, Math.min(Math.max(BATCH, requestsPerMinute / 60), requestsPerMinute / 2));
  const perMs = Math.max(requestsPerMinute - store, requestsPerMinute / 2) / 60_000;
  let held = store;
  let atMs = now();

  function filled(): number {
    const nowMs = now();
    // A clock that was set back gives nothing, and takes nothing.
    held = Math.min(store, held + Math.max(0, nowMs - atMs) * perMs);
    atMs = nowMs;
    return held;
  }
  return {
    most: Math.floor(store),
    waitMs: (count) => Math.ceil(Math.max(0, count - filled()) / perMs),
    take: (count) => {
      held = filled() - count;
    },
  };
}
