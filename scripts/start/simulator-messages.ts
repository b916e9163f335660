/** What the thread of the simulated tenant and its starter tell each other. */

/** What to simulate, and where its surroundings are written. */
export interface SimulatorTask {
  readonly users: number;
  readonly days: number;
  readonly seed: string;
  readonly aheadHours: number;
  readonly requestsPerMinute: number;
  readonly rows: string;
}

/** To the thread. */
export type ToSimulator = { readonly kind: 'expected'; readonly asOfMs: number } | { readonly kind: 'close' };

/** From the thread. */
export type FromSimulator =
  | { readonly kind: 'ready'; readonly env: Readonly<Record<string, string>>; readonly expected: number }
  | { readonly kind: 'expected'; readonly ids: readonly string[] }
  | { readonly kind: 'closed' };
