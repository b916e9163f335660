import { type HttpClient, type Method, readText, ThrottledError } from '../http.ts';
import { toAgain, toDetail } from './outcome.ts';
import type { Pace } from './pace.ts';

/** The answer to a request that is sent alone; `detail` holds status and code or a reason, never a byte of a body. */
export type DirectAnswer =
  /** Any 2xx; `body` is parsed JSON, undefined when there was none. */
  | { readonly kind: 'answered'; readonly body: unknown }
  /** Any other status, after the tries that a GET has for 5xx; `message` is Graph's own, at most 300 characters. */
  | { readonly kind: 'refused'; readonly status: number; readonly detail: string; readonly message: string }
  /** Asked to wait: nothing may be sent for so long. */
  | { readonly kind: 'throttled'; readonly waitMs: number; readonly detail: string }
  /** No answer could be had, or none that can be read. */
  | { readonly kind: 'failed'; readonly detail: string };

/** Requests outside batches, for APIs that make, poll and delete things. */
export interface DirectGraph {
  /**
   * Sends `to` (a path with its version, or a link from an answer to the same host) once, a GET as often as is worth
   * while. Rejects only when the signal aborts.
   */
  ask(method: Method, to: string, signal: AbortSignal, content?: object): Promise<DirectAnswer>;
}

// A page of 1,000 records of 64 KB at the most.
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Direct requests of a client: they share its budget, and pause apart from its look-ups. */
export function directGraph(options: {
  readonly http: HttpClient;
  readonly pace: Pace;
  readonly signalOf: (signal: AbortSignal) => AbortSignal;
}): DirectGraph {
  const { http, pace, signalOf } = options;
  return {
    async ask(method, to, signal, content) {
      signal.throwIfAborted();
      try {
        pace.take(1);
        const json = content === undefined ? {} : { json: JSON.stringify(content) };
        const reply = await http.send(method, http.sameHost(to), signalOf(signal), json);
        if (!reply.ok) {
          return { kind: 'refused', status: reply.status, detail: toDetail(reply), message: reply.message };
        }
        const text = await readText(reply.body, MAX_BODY_BYTES);
        return { kind: 'answered', body: text === '' ? undefined : JSON.parse(text) };
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof ThrottledError) return { kind: 'throttled', waitMs: error.waitMs, detail: error.message };
        return { kind: 'failed', detail: toAgain(error).detail };
      }
    },
  };
}
