/** A few threads and those who wait for them: no query runs for ever, none stops the server, none is forgotten. */
import { Worker } from 'node:worker_threads';
import { problem, refused } from './problems.ts';
import type { Ask, Reply, Task, ThreadData, ThreadReply } from './thread-messages.ts';

/** How large the pool is, and how patient. */
export interface PoolOptions {
  readonly directory: string;
  /** Default 2. */
  readonly threads?: number;
  /** Tasks that wait; further ones are refused. Default 200. */
  readonly mostWaiting?: number;
  /** Wall time of a query, which the engine sees to itself. Default 30,000. */
  readonly milliseconds?: number;
  /** Wall time after which a thread is ended, whatever it does. Default 35,000. */
  readonly killMilliseconds?: number;
  /** Wall time that a thread is left to read a text that nobody waits for any more; the binder looks at no clock. Default 5,000. */
  readonly leftMilliseconds?: number;
  /** What a thread does first, so that the first query is as quick as others. Default: the functions that most queries call are bound. */
  readonly warmUp?: Ask;
  /** What threads run. Default `query-thread.ts`. */
  readonly thread?: URL;
}

/** Runs tasks in threads. */
export interface QueryPool {
  /** Always resolves: with code `busy` where too many wait, `budget` for what takes too long, `cancelled` when told so. */
  readonly run: (task: Omit<Task, 'id'>, signal: AbortSignal) => Promise<Reply>;
  /** Ends the threads; what waits is refused. */
  readonly close: () => Promise<void>;
}

interface Job {
  readonly task: Task;
  readonly done: (reply: Reply) => void;
}

// Three times what the rows weigh that a query may keep. A thread that needs more ends, mostly: where Node cannot give
// one large piece it ends the whole process, so the budget of rows must come first.
const HEAP_MEGABYTES = 1536;

// A thread is still starting then: nobody waits for that alone.
const WARM_UP_KILL_MILLISECONDS = 120_000;

interface Thread {
  readonly worker: Worker;
  readonly abandoned: Int32Array;
  job: Job | undefined;
  timer: NodeJS.Timeout | undefined;
}

const died = (why: string): Reply =>
  refused(
    problem(
      'internal',
      `the thread that ran the query ended (${why}): keep fewer rows or shorter values, and run it again`,
    ),
  );
const cancelled = refused(problem('cancelled', 'nobody waits for this query any more'));
const closed = refused(problem('cancelled', 'the console is closing'));

// What a person types must not wait behind the tiles of a workbook.
const isUrgent = ({ ask }: Task): boolean => ask.kind === 'complete' || ask.kind === 'diagnose';

/** A pool. Its threads start one after the other, since each needs a core for a second before it is quick. */
export function queryPool({
  directory,
  threads: mostThreads = 2,
  mostWaiting = 200,
  milliseconds = 30_000,
  killMilliseconds = 35_000,
  leftMilliseconds = 5000,
  warmUp: first = { kind: 'diagnose', query: 'CopilotTurns' },
  thread: module = new URL('query-thread.ts', import.meta.url),
}: PoolOptions): QueryPool {
  const warmUp: Job = { task: { id: 0, ask: first, now: 0, version: '' }, done: () => undefined };
  const threads = new Set<Thread>();
  const waiting: Job[] = [];
  let lastId = 0;
  let isClosed = false;

  const finish = (thread: Thread, reply: Reply): void => {
    clearTimeout(thread.timer);
    const { job } = thread;
    thread.job = undefined;
    job?.done(reply);
  };

  const drop = (thread: Thread, reply: Reply): void => {
    // An error is followed by an exit.
    if (!threads.delete(thread)) return;
    void thread.worker.terminate();
    const wasWarm = thread.job !== warmUp;
    finish(thread, reply);
    if (isClosed) return;
    if (wasWarm) start();
    // Where a thread cannot even start, another one would end the same way: the next who asks finds out.
    else if (threads.size === 0) for (const { done } of waiting.splice(0)) done(reply);
  };

  const start = (): void => {
    const abandoned = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const workerData: ThreadData = { directory, milliseconds, abandoned };
    const worker = new Worker(module, {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
    });
    const thread: Thread = { worker, abandoned: new Int32Array(abandoned), job: undefined, timer: undefined };
    threads.add(thread);
    worker.on('message', ({ id, reply }: ThreadReply) => {
      if (thread.job?.task.id !== id) return;
      const wasWarmUp = thread.job === warmUp;
      finish(thread, reply);
      feed();
      if (wasWarmUp && threads.size < mostThreads) start();
    });
    worker.on('error', (error) => drop(thread, died(error instanceof Error ? error.message : String(error))));
    worker.on('exit', (code) => drop(thread, died(`exit code ${code}`)));
    give(thread, warmUp);
  };

  const give = (thread: Thread, job: Job): void => {
    thread.job = job;
    const patience = job === warmUp ? WARM_UP_KILL_MILLISECONDS : killMilliseconds;
    thread.timer = setTimeout(() => {
      const message = `the query took longer than ${patience / 1000} s and was ended: filter by time first, or shorten it`;
      drop(thread, refused(problem('budget', message)));
    }, patience);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
    thread.worker.postMessage(job.task);
  };

  function feed(): void {
    while (waiting.length > 0) {
      const thread = [...threads].find(({ job }) => job === undefined);
      if (thread === undefined) {
        const isWarming = [...threads].some(({ job }) => job === warmUp);
        if (threads.size < mostThreads && !isWarming) start();
        return;
      }
      const urgent = waiting.findIndex(({ task }) => isUrgent(task));
      const [job] = waiting.splice(Math.max(0, urgent), 1);
      if (job !== undefined) give(thread, job);
    }
  }

  const abandon = (job: Job): void => {
    const place = waiting.indexOf(job);
    if (place >= 0) {
      waiting.splice(place, 1);
      job.done(cancelled);
      return;
    }
    const thread = [...threads].find((one) => one.job === job);
    if (thread === undefined) return;
    Atomics.store(thread.abandoned, 0, job.task.id);
    if (!isUrgent(job.task)) return;
    clearTimeout(thread.timer);
    thread.timer = setTimeout(() => drop(thread, cancelled), Math.min(leftMilliseconds, killMilliseconds));
  };

  start();
  return {
    run: async (task, signal) => {
      if (isClosed) return closed;
      if (signal.aborted) return cancelled;
      if (waiting.length >= mostWaiting)
        return refused(problem('busy', `${waiting.length} queries wait already: try again in a moment`));
      lastId += 1;
      const { promise, resolve } = Promise.withResolvers<Reply>();
      const job: Job = { task: { ...task, id: lastId }, done: resolve };
      const onAbort = (): void => abandon(job);
      signal.addEventListener('abort', onAbort, { once: true });
      waiting.push(job);
      feed();
      try {
        return await promise;
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
    },
    close: async () => {
      isClosed = true;
      for (const { done } of waiting.splice(0)) done(closed);
      const ending = [...threads];
      threads.clear();
      for (const thread of ending) finish(thread, closed);
      await Promise.all(ending.map(async ({ worker }) => worker.terminate()));
    },
  };
}
