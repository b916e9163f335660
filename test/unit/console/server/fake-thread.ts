/** A thread for tests of the pool: a query says what becomes of it. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { Task, ThreadData, ThreadReply } from '../../../../workspace/console/server/thread-messages.ts';

const { directory, abandoned: shared } = workerData as ThreadData;
const abandoned = new Int32Array(shared);

/** Leaves a mark; how many there were before. */
function marksBefore(): number {
  const before = readdirSync(directory).length;
  mkdirSync(join(directory, String(before)));
  return before;
}

parentPort?.on('message', ({ id, ask }: Task) => {
  const query = ask.kind === 'schema' ? '' : ask.query;
  if (query === 'die' || (query === 'second dies' && marksBefore() === 1)) throw new Error('no memory left');
  // As a binder that never comes back, and as an engine that looks at its clock.
  const isLeft = (): boolean => query === 'wait' && Atomics.load(abandoned, 0) === id;
  if (query === 'hang' || query === 'wait') while (!isLeft());
  const message: ThreadReply = { id, reply: { ok: true, text: query } };
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  parentPort?.postMessage(message);
});
