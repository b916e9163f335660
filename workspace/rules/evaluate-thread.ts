/** A thread that runs rules: it opens the workspace once and answers one task after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { tablesAsCollected } from './as-collected.ts';
import { fileEvaluator } from './evaluate-file.ts';
import { ruleWorkspace } from './rule-workspace.ts';
import { READY, type FileTask, type ThreadData } from './thread-data.ts';

// The other side is threads.ts: what it sends is of these shapes.
const { directory, slices }: ThreadData = workerData;
const workspace = ruleWorkspace(directory);
const { tables } = workspace;
const evaluate = fileEvaluator({
  ...workspace,
  tables: slices === undefined ? tables : tablesAsCollected(tables, slices),
});
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
parentPort?.postMessage(READY);

parentPort?.on('message', ({ file, times }: FileTask) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  parentPort?.postMessage(evaluate(file, times));
});
