/** Answers that are kept and shared: tiles that ask the same thing at the same time cost one run. */
import { LRUCache } from 'lru-cache';
import { dataVersion } from './data-version.ts';
import { problem, refused } from './problems.ts';
import type { QueryPool } from './query-pool.ts';
import type { Ask, Reply, Task } from './thread-messages.ts';

/** Where answers come from. */
export interface AnswersOptions {
  readonly directory: string;
  readonly pool: QueryPool;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Answers asks. */
export interface Answers {
  /** Always resolves. When all who asked the same have gone, it is not run, or no further. */
  readonly ask: (ask: Ask, signal: AbortSignal) => Promise<Reply>;
  /** Makes the next ask look at the files: to be called when somebody is told of a state of theirs. */
  readonly lookAgain: () => void;
}

interface Shared {
  readonly reply: Promise<Reply>;
  readonly stop: AbortController;
  waiters: number;
}

const MOST_KEPT_CHARACTERS = 64_000_000;
// All tiles of a view see the same time; `ago(1h)` is off by less than that.
const NOW_STEP = 10_000;
// Looking at the files costs a millisecond or two; a workbook asks for twenty tiles at once.
const VERSION_LIFE = 500;

const momentOf = ({ now, version }: Omit<Task, 'id'>): string => `${now} ${version}`;
const gone = refused(problem('cancelled', 'nobody waits for this query any more'));

/** Shares a pool among all who ask. */
export function answers({ directory, pool, now }: AnswersOptions): Answers {
  const kept = new LRUCache<string, Reply>({
    maxSize: MOST_KEPT_CHARACTERS,
    sizeCalculation: ({ text }, key) => 100 + key.length + text.length,
  });
  let keptMoment = '';
  const running = new Map<string, Shared>();
  let known: { readonly version: string; readonly at: number } | undefined;
  const version = (): string => {
    if (known === undefined || Math.abs(now() - known.at) >= VERSION_LIFE)
      known = { version: dataVersion(directory), at: now() };
    return known.version;
  };

  const start = (key: string, task: Omit<Task, 'id'>): Shared => {
    const stop = new AbortController();
    const run = async (): Promise<Reply> => {
      const reply = await pool.run(task, stop.signal);
      if (running.get(key) === shared) running.delete(key);
      // What failed may succeed next time: a row was mended, the queue is shorter.
      if (reply.ok && momentOf(task) === keptMoment) kept.set(key, reply);
      return reply;
    };
    const shared: Shared = { reply: run(), stop, waiters: 0 };
    running.set(key, shared);
    return shared;
  };

  const join = async (key: string, shared: Shared, signal: AbortSignal): Promise<Reply> => {
    shared.waiters += 1;
    const { promise, resolve } = Promise.withResolvers<Reply>();
    const leave = (): void => {
      shared.waiters -= 1;
      if (shared.waiters === 0) {
        if (running.get(key) === shared) running.delete(key);
        shared.stop.abort();
      }
      resolve(gone);
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([shared.reply, promise]);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  };

  return {
    ask: async (ask, signal) => {
      if (signal.aborted) return gone;
      const task = { ask, now: Math.floor(now() / NOW_STEP) * NOW_STEP, version: version() };
      // Nobody asks again for what was so at another time, or with other rows.
      if (momentOf(task) !== keptMoment) kept.clear();
      keptMoment = momentOf(task);
      const key = JSON.stringify(task);
      const found = kept.get(key);
      if (found !== undefined) return found;
      return join(key, running.get(key) ?? start(key, task), signal);
    },
    lookAgain: () => {
      known = undefined;
    },
  };
}
