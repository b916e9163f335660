/** Rules on all cores: each thread takes the next task as soon as it is free. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { ContentFile } from '../../kql/content/content-file.ts';
import { fileEvaluator, type FileEvaluation } from './evaluate-file.ts';
import { ruleWorkspace } from './rule-workspace.ts';
import type { Times } from './runner.ts';
import { READY, type FileTask, type ThreadData, type ThreadMessage } from './thread-data.ts';

// A thread holds a workspace of its own: more of them cost memory.
const MOST_THREADS = 4;
// Starting a thread takes as long as some rules do.
const FILES_PER_THREAD = 4;

/** How tasks are shared out. */
export interface TaskOptions {
  readonly threads: number;
  /** Told each task's outcome, in the order in which they end. */
  readonly done: (one: FileEvaluation, task: FileTask) => void;
  /** Ends all threads at once; what they had not finished is not told. */
  readonly signal?: AbortSignal | undefined;
}

/** Gives a thread tasks until none is left, or until it dies. @returns whether it died: the task it had is done, too */
async function serve(
  data: ThreadData,
  next: () => FileTask | undefined,
  { done, signal }: TaskOptions,
): Promise<boolean> {
  const thread = new Worker(new URL('evaluate-thread.ts', import.meta.url), { workerData: data });
  let task: FileTask | undefined;
  let stop = (): void => undefined;
  try {
    return await new Promise<boolean>((resolve, reject) => {
      stop = () => resolve(false);
      signal?.addEventListener('abort', stop);
      thread.on('message', (message: ThreadMessage) => {
        try {
          if (message !== READY && task !== undefined) done(message, task);
        } catch (error) {
          // Alerts that cannot be kept, for one: a matter of who runs the tasks.
          return reject(error instanceof Error ? error : new Error(String(error)));
        }
        task = next();
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
        if (task !== undefined) return thread.postMessage(task);
        return resolve(false);
      });
      const die = (cause: Error): void => {
        // A thread without a task could not open the workspace, and no other one could.
        if (task === undefined) return reject(cause);
        done({ alerts: [], failure: { rule: task.file.name, reason: `its thread died: ${cause.message}` } }, task);
        // Its exit follows its error.
        task = undefined;
        return resolve(true);
      };
      thread.on('error', die);
      thread.on('exit', (code) => die(new Error(`it ended with code ${code}`)));
    });
  } finally {
    signal?.removeEventListener('abort', stop);
    thread.removeAllListeners();
    await thread.terminate();
  }
}

/**
 * Runs tasks over a directory of rows in threads, in order as far as several threads keep one.
 * @throws Error naming a watchlist or a file of the directory that cannot be read
 */
export async function runTasks(tasks: Iterable<FileTask>, data: ThreadData, options: TaskOptions): Promise<void> {
  const waiting = tasks[Symbol.iterator]();
  const next = (): FileTask | undefined => {
    if (options.signal?.aborted === true) return undefined;
    const step = waiting.next();
    return step.done === true ? undefined : step.value;
  };
  const work = async (): Promise<void> => {
    if (options.signal?.aborted === true) return;
    const hasDied = await serve(data, next, options);
    if (hasDied) await work();
  };
  await Promise.all(Array.from({ length: options.threads }, work));
}

/** Runs the rules of files over a directory of rows. @throws ContentError naming a watchlist that cannot be read */
export async function evaluateFiles(
  files: readonly ContentFile[],
  { directory, times }: { readonly directory: string; readonly times: Times },
): Promise<readonly FileEvaluation[]> {
  const threads = Math.min(availableParallelism(), MOST_THREADS, Math.ceil(files.length / FILES_PER_THREAD));
  if (threads < 2) {
    const evaluate = fileEvaluator(ruleWorkspace(directory));
    return files.map((file) => evaluate(file, times));
  }
  const found: FileEvaluation[] = [];
  const tasks = files.map((file) => ({ file, times }));
  await runTasks(tasks, { directory }, { threads, done: (one) => void found.push(one) });
  return found;
}
