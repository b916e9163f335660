/** Measures an activity with interruptions. */
export interface Stopwatch {
  readonly go: () => void;
  readonly stop: () => void;
}

/** Calls `onOver` once `ms` have passed while it runs; it runs from the start, and `stop` halts it until `go`. */
export function stopwatch(ms: number, onOver: () => void): Stopwatch {
  let leftMs = ms;
  let running: { readonly since: number; readonly timer: NodeJS.Timeout } | undefined;
  const go = (): void => {
    running ??= { since: performance.now(), timer: setTimeout(onOver, Math.max(0, leftMs)) };
  };
  const stop = (): void => {
    if (running === undefined) return;
    clearTimeout(running.timer);
    leftMs -= performance.now() - running.since;
    running = undefined;
  };
  go();
  return { go, stop };
}
