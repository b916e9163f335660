/** A thread that runs rules: it opens the workspace once and answers one file after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { evaluateFile } from './evaluate-file.ts';
import { ruleWorkspace } from './rule-workspace.ts';
import { READY, type FileTask, type ThreadData } from './thread-data.ts';

// The other side is threads.ts: what it sends is of these shapes.
const { directory, times }: ThreadData = workerData;
const workspace = ruleWorkspace(directory);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
parentPort?.postMessage(READY);

parentPort?.on('message', ({ file }: FileTask) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  parentPort?.postMessage(evaluateFile(file, times, workspace));
});
