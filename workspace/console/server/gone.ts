/** Whether anybody still waits for an answer. */
import type { HttpBindings } from '@hono/node-server';

/** Aborted as soon as the connection is closed, also where that was before this is asked for. */
export function gone({ incoming, outgoing }: HttpBindings): AbortSignal {
  if (outgoing.destroyed || incoming.socket.destroyed) return AbortSignal.abort();
  const controller = new AbortController();
  outgoing.once('close', () => controller.abort());
  return controller.signal;
}
