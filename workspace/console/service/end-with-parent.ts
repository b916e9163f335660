/** Loaded before the collector: ends it in order when the process that started it is gone, however that ended. */
import { kill, pid, stdin } from 'node:process';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  // The other end of standard input is the parent, which writes nothing: its end is the parent's.
  const end = (): void => void kill(pid, 'SIGTERM');
  stdin.on('end', end).on('error', end).resume().unref();
}
