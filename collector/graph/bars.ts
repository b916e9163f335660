/** Workloads that asked for a longer pause than a look-up may wait: others of Graph go on. */
export interface Bars {
  readonly bar: (path: string, waitMs: number) => void;
  /** Milliseconds that are left for the workload of this path; 0 when it may be asked. */
  readonly leftMs: (path: string) => number;
}

/**
 * The collections of a path without the keys between them: /users/KEY/onlineMeetings/KEY is users/onlineMeetings. Each
 * is a service with limits of its own.
 */
const toWorkload = (path: string): string =>
  (path.split('?')[0] ?? '')
    .split('/')
    .filter((_, index) => index % 2 === 1)
    .join('/');

/** Bars nothing yet. */
export function bars(now: () => number): Bars {
  const untilMs = new Map<string, number>();
  return {
    bar: (path, waitMs) => void untilMs.set(toWorkload(path), now() + waitMs),
    leftMs(path) {
      if (untilMs.size === 0) return 0;
      const workload = toWorkload(path);
      const left = (untilMs.get(workload) ?? 0) - now();
      if (left <= 0) untilMs.delete(workload);
      return Math.max(0, left);
    },
  };
}
