import { LRUCache } from 'lru-cache';
import type { FinderOptions } from './finder.ts';
import { gate } from './gate.ts';
import { isWorthRepeating, unreadable, type Outcome } from './outcome.ts';

const HOUR_MS = 3_600_000;
const TTL_MS = 24 * HOUR_MS;
const FAILURE_TTL_MS = 5 * 60_000;
// Facts that could not be read again are better than none, for the length of an outage.
const STALE_MS = 72 * HOUR_MS;
// A tenth of a day apart: what was learned in one minute is not asked again in one minute.
const JITTER = 0.1;
// A Graph that does not answer must not hold every key of the tenant in memory.
const MAX_UNDER_WAY = 5_000;

/** What is remembered of a key. Times are epoch milliseconds. */
export interface Look<T> {
  readonly outcome: Outcome<T>;
  readonly observedMs: number;
}

interface Held<T> extends Look<T> {
  readonly freshUntilMs: number;
}

/** Answers by key, each asked for once at a time, remembered with their failures, the least recently used forgotten. */
export interface Cache<S, T> {
  /** Asks unless it is known or may not be asked now; resolves when there is an answer. Never rejects. */
  ask(key: string, subject: S): Promise<void> | undefined;
  /** The answer; undefined while there is none. */
  get(key: string): Look<T> | undefined;
  /** When the longest look-up under way began; undefined when none is. */
  readonly oldestMs: number | undefined;
  /** Resolves when those under way now have ended. */
  idle(): Promise<void>;
}

/** FNV-1a, as a share of 1. */
function hashOf(key: string): number {
  let hash = 0x81_1c_9d_c5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01_00_01_93);
  return (hash >>> 0) / 2 ** 32;
}

/** A cache before `read`; found and not-found are kept for a day, failures for 5 minutes, and forbidden closes it. */
export function cache<S, T>(options: {
  readonly read: (subject: S) => Promise<Outcome<T>>;
  readonly max: number;
  readonly now: () => number;
  readonly onAnswer?: FinderOptions['onAnswer'];
}): Cache<S, T> {
  const { read, max, now, onAnswer } = options;
  const held = new LRUCache<string, Held<T>>({ max });
  const underWay = new Map<string, { readonly startedMs: number; readonly done: Promise<void> }>();
  const entrance = gate();

  const remember = (key: string, outcome: Outcome<T>): void => {
    const nowMs = now();
    entrance.note(outcome, nowMs);
    onAnswer?.(outcome.kind === 'found' ? 'found' : outcome.reason);
    const isFailure = outcome.kind === 'nothing' && outcome.reason !== 'not-found';
    const ttlMs = isFailure ? FAILURE_TTL_MS : TTL_MS * (1 - JITTER * hashOf(key));
    const freshUntilMs = nowMs + ttlMs;
    const before = held.peek(key);
    const isUsable = before?.outcome.kind === 'found' && nowMs - before.observedMs < STALE_MS;
    const isKept = isUsable && outcome.kind === 'nothing' && isWorthRepeating(outcome.reason);
    held.set(key, isKept ? { ...before, freshUntilMs } : { outcome, observedMs: nowMs, freshUntilMs });
  };

  // Nobody may be waiting: a rejection would end the process for the sake of one fact.
  const start = (key: string, subject: S): Promise<void> =>
    Promise.resolve(subject)
      .then(read)
      .catch(() => unreadable)
      .then((outcome) => {
        underWay.delete(key);
        remember(key, outcome);
      });

  return {
    ask(key, subject) {
      const known = held.get(key);
      if (known !== undefined && now() < known.freshUntilMs) return undefined;
      const asked = underWay.get(key);
      if (asked !== undefined) return asked.done;
      const nowMs = now();
      if (underWay.size >= MAX_UNDER_WAY || !entrance.mayAsk(nowMs, underWay.size > 0)) return undefined;
      const done = start(key, subject);
      underWay.set(key, { startedMs: nowMs, done });
      return done;
    },
    get(key) {
      const known = held.get(key);
      const isStale = known !== undefined && now() >= known.freshUntilMs;
      if (known !== undefined && !isStale) return known;
      if (known?.outcome.kind === 'found' && now() - known.observedMs < STALE_MS) return known;
      const closed = entrance.closedBy;
      return closed === null || underWay.has(key) ? undefined : { outcome: closed, observedMs: now() };
    },
    get oldestMs() {
      return underWay.values().next().value?.startedMs;
    },
    async idle() {
      await Promise.all(Array.from(underWay.values(), ({ done }) => done));
    },
  };
}
