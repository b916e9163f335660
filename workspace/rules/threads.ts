/** Rules on all cores: each thread takes the next file as soon as it is free. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { ContentFile } from '../../kql/content/content-file.ts';
import { evaluateFile, type FileEvaluation } from './evaluate-file.ts';
import { ruleWorkspace } from './rule-workspace.ts';
import { READY, type FileTask, type ThreadData, type ThreadMessage } from './thread-data.ts';

// A thread holds a workspace of its own: more of them cost memory.
const MOST_THREADS = 4;
// Starting a thread takes as long as some rules do.
const FILES_PER_THREAD = 4;

/** Gives a thread files until none is left, or until it dies. @returns whether it died: the file it had is done, too */
async function serve(
  data: ThreadData,
  next: () => FileTask | undefined,
  done: (one: FileEvaluation) => void,
): Promise<boolean> {
  const thread = new Worker(new URL('evaluate-thread.ts', import.meta.url), { workerData: data });
  let task: FileTask | undefined;
  try {
    return await new Promise<boolean>((resolve, reject) => {
      thread.on('message', (message: ThreadMessage) => {
        if (message !== READY) done(message);
        task = next();
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
        if (task !== undefined) return thread.postMessage(task);
        return resolve(false);
      });
      const die = (cause: Error): void => {
        // A thread without a task could not open the workspace, and no other one could.
        if (task === undefined) return reject(cause);
        done({ alerts: [], failure: { rule: task.file.name, reason: `its thread died: ${cause.message}` } });
        // Its exit follows its error.
        task = undefined;
        return resolve(true);
      };
      thread.on('error', die);
      thread.on('exit', (code) => die(new Error(`it ended with code ${code}`)));
    });
  } finally {
    void thread.terminate();
  }
}

/** Runs the rules of files over a directory of rows. @throws ContentError naming a watchlist that cannot be read */
export async function evaluateFiles(
  files: readonly ContentFile[],
  data: ThreadData,
): Promise<readonly FileEvaluation[]> {
  const threads = Math.min(availableParallelism(), MOST_THREADS, Math.ceil(files.length / FILES_PER_THREAD));
  if (threads < 2) {
    const workspace = ruleWorkspace(data.directory);
    return files.map((file) => evaluateFile(file, data.times, workspace));
  }
  const waiting = files.values();
  const found: FileEvaluation[] = [];
  const next = (): FileTask | undefined => {
    const { value } = waiting.next();
    return value === undefined ? undefined : { file: value };
  };
  const work = async (): Promise<void> => {
    const hasDied = await serve(data, next, (one) => void found.push(one));
    if (hasDied) await work();
  };
  await Promise.all(Array.from({ length: threads }, work));
  return found;
}
