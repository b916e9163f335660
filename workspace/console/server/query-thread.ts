/** A thread that answers queries, one after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { abandonableClock } from './abandonable-clock.ts';
import { queryWorkspace } from './query-workspace.ts';
import { runAsk } from './run-ask.ts';
import type { Task, ThreadData, ThreadReply } from './thread-messages.ts';

// The other side is query-pool.ts: what it sends is of these shapes.
const { directory, milliseconds, abandoned }: ThreadData = workerData;
const abandonedId = new Int32Array(abandoned);
const workspace = queryWorkspace(directory);

// Rows that one query may keep in memory: some 400 MB. Beyond its heap a thread dies, which costs the next one seconds.
const MOST_KEPT_ROWS = 5_000_000;

parentPort?.on('message', (task: Task) => {
  const clock = abandonableClock(() => Atomics.load(abandonedId, 0) === task.id);
  const reply = runAsk(task, workspace, { limits: { milliseconds, rows: MOST_KEPT_ROWS }, clock });
  const message: ThreadReply = { id: task.id, reply };
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  parentPort?.postMessage(message);
});
