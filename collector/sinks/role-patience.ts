/** How long to go on while the service says 403, over all requests. */
export interface RolePatience {
  /** Notes a 403; returns the wait before the next try in milliseconds, or undefined when patience is over. */
  readonly refused: () => number | undefined;
  /** Milliseconds until patience is over. */
  readonly leftMs: () => number;
  /** Notes an acceptance. */
  readonly accepted: () => void;
  /** True when rows have been accepted before: then the role is not new, it was taken away. */
  readonly hasBeenAccepted: () => boolean;
}

/** Patience of `patienceMs` from the first 403 in a row; waits as `waitsMs` says, the last one for ever. */
export function rolePatience(options: {
  readonly patienceMs: number;
  readonly waitsMs: readonly number[];
  readonly now: () => number;
}): RolePatience {
  const { patienceMs, waitsMs, now } = options;
  let first: number | undefined;
  let nextTry = 0;
  let step = 0;
  let hasAccepted = false;

  const leftMs = (): number => (first === undefined ? patienceMs : first + patienceMs - now());
  return {
    leftMs,
    refused() {
      first ??= now();
      const left = leftMs();
      if (left <= 0) return undefined;
      // Several requests were under way: they are one refusal.
      if (now() >= nextTry) {
        nextTry = now() + Math.min(left, waitsMs[Math.min(step, waitsMs.length - 1)] ?? left);
        step++;
      }
      return nextTry - now();
    },
    accepted() {
      first = undefined;
      step = 0;
      nextTry = 0;
      hasAccepted = true;
    },
    hasBeenAccepted: () => hasAccepted,
  };
}
