/** Rules on all cores: each thread takes the next file as soon as it is free. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { ContentFile } from '../../kql/content/content-file.ts';
import { evaluateFile, type FileEvaluation } from './evaluate-file.ts';
import { ruleWorkspace } from './rule-workspace.ts';
import type { Times } from './runner.ts';

/** What a thread is started with. */
export interface ThreadData {
  readonly directory: string;
  readonly times: Times;
}

/** What a thread is asked for. */
export interface FileTask {
  readonly file: ContentFile;
}

// A thread holds a workspace of its own: more of them cost memory.
const MOST_THREADS = 4;
// Starting a thread takes as long as some rules do.
const FILES_PER_THREAD = 4;

/** Gives a thread files until none is left. */
function serve(data: ThreadData, next: () => FileTask | undefined, done: (one: FileEvaluation) => void): Promise<void> {
  const thread = new Worker(new URL('evaluate-thread.ts', import.meta.url), { workerData: data });
  return new Promise<void>((resolve, reject) => {
    const go = (): void => {
      const task = next();
      if (task === undefined) return resolve();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
      return thread.postMessage(task);
    };
    thread.on('message', (evaluation: FileEvaluation) => {
      done(evaluation);
      go();
    });
    thread.on('error', reject);
    go();
  }).finally(() => void thread.terminate());
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
  await Promise.all(Array.from({ length: threads }, () => serve(data, next, (one) => void found.push(one))));
  return found;
}
