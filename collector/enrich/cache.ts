import { LRUCache } from 'lru-cache';
import { gate } from './gate.ts';
import { isPassing, unreadable, type Outcome, type OnAnswer } from './outcome.ts';

const HOUR_MS = 3_600_000;
const TTL_MS = 24 * HOUR_MS;
// What is known in part waits for another list, and costs a look-up of each of its things.
const PARTIAL_TTL_MS = HOUR_MS;
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
  /** True when asking again later may give more: after a failure that passes, or for want of a permission. */
  readonly isOwed: boolean;
}

interface Held<T> extends Look<T> {
  readonly freshUntilMs: number;
}

/** A look-up under way. */
export interface Asked {
  /** Epoch milliseconds. */
  readonly startedMs: number;
  /** Never rejects. */
  readonly done: Promise<void>;
}

/** Answers by key, each asked for once at a time, remembered with their failures, the least recently used forgotten. */
export interface Cache<S, T> {
  /** Asks unless it is known or may not be asked now. */
  ask(key: string, subject: S): Asked | undefined;
  /** True when `ask` would ask, or does so already. */
  mayAsk(key: string): boolean;
  /** The answer; undefined while there is none. */
  get(key: string): Look<T> | undefined;
  /**
   * True while no new look-up is likely to end within `waitMs`: one is under way for longer, and nothing that was asked
   * after it was answered. One that is slow by itself is overtaken by others.
   */
  isStalled(waitMs: number): boolean;
  /** Resolves when those under way now have ended. */
  idle(): Promise<void>;
}

/** FNV-1a, as a share of 1. */
function hashOf(key: string): number {
  let hash = 0x81_1c_9d_c5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01_00_01_93);
  return (hash >>> 0) / 2 ** 32;
}

function ttlMs(key: string, outcome: Outcome<unknown>): number {
  if (outcome.kind === 'nothing' && outcome.reason !== 'not-found') return FAILURE_TTL_MS;
  if (outcome.kind === 'found' && outcome.isPartial === true) return PARTIAL_TTL_MS;
  return TTL_MS * (1 - JITTER * hashOf(key));
}

/** A cache before `read`; found and not-found are kept for a day, failures for 5 minutes, and forbidden closes it. */
export function cache<S, T>(options: {
  readonly read: (subject: S) => Promise<Outcome<T>>;
  readonly max: number;
  readonly now: () => number;
  readonly onAnswer?: OnAnswer | undefined;
}): Cache<S, T> {
  const { read, max, now, onAnswer } = options;
  const held = new LRUCache<string, Held<T>>({ max });
  const underWay = new Map<string, Asked>();
  const entrance = gate(max);
  // When that was asked which was asked last of all that Graph answered.
  let answeredMs = Number.NEGATIVE_INFINITY;

  function isOwed(outcome: Outcome<T>, nowMs: number): boolean {
    if (outcome.kind === 'found') return outcome.isPartial === true;
    return isPassing(outcome.reason) || (outcome.reason === 'forbidden' && !entrance.isProven(nowMs));
  }

  function remember(key: string, outcome: Outcome<T>, startedMs: number): void {
    const nowMs = now();
    entrance.note(key, outcome, nowMs);
    onAnswer?.(outcome.kind === 'found' ? 'found' : outcome.reason);
    const isFailure = outcome.kind === 'nothing' && isPassing(outcome.reason);
    if (!isFailure) answeredMs = Math.max(answeredMs, startedMs);
    const freshUntilMs = nowMs + ttlMs(key, outcome);
    const before = held.peek(key);
    const isUsable = before?.outcome.kind === 'found' && nowMs - before.observedMs < STALE_MS;
    const look = { outcome, observedMs: nowMs, isOwed: isOwed(outcome, nowMs) };
    held.set(key, { ...(isUsable && isFailure ? before : look), freshUntilMs });
  }

  // Nobody may be waiting: a rejection would end the process for the sake of one fact.
  const start = (key: string, subject: S, startedMs: number): Promise<void> =>
    Promise.resolve(subject)
      .then(read)
      .catch(() => unreadable)
      .then((outcome) => {
        underWay.delete(key);
        remember(key, outcome, startedMs);
      });

  const isFresh = (key: string, nowMs: number): boolean => nowMs < (held.get(key)?.freshUntilMs ?? 0);
  const mayStart = (nowMs: number): boolean =>
    underWay.size < MAX_UNDER_WAY && entrance.mayAsk(nowMs, underWay.size > 0);

  return {
    ask(key, subject) {
      const nowMs = now();
      if (isFresh(key, nowMs)) return undefined;
      const before = underWay.get(key);
      if (before !== undefined || !mayStart(nowMs)) return before;
      const asked = { startedMs: nowMs, done: start(key, subject, nowMs) };
      underWay.set(key, asked);
      return asked;
    },
    mayAsk(key) {
      const nowMs = now();
      return !isFresh(key, nowMs) && (underWay.has(key) || mayStart(nowMs));
    },
    get(key) {
      const known = held.get(key);
      const isStale = known !== undefined && now() >= known.freshUntilMs;
      if (known !== undefined && !isStale) return known;
      if (known?.outcome.kind === 'found' && now() - known.observedMs < STALE_MS) return known;
      const closed = entrance.closedBy;
      return closed === null || underWay.has(key) ? undefined : { outcome: closed, observedMs: now(), isOwed: true };
    },
    isStalled(waitMs) {
      for (const { startedMs } of underWay.values()) if (startedMs > answeredMs) return now() - startedMs >= waitMs;
      return false;
    },
    async idle() {
      await Promise.all(Array.from(underWay.values(), ({ done }) => done));
    },
  };
}
