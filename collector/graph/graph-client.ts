import { httpClient, type Token } from '../http.ts';
import { batchSender } from './batch-sender.ts';
import type { Graph } from './contract.ts';
import { directGraph, type DirectGraph } from './direct.ts';
import { lookUps } from './look-ups.ts';
import { toFailed } from './outcome.ts';
import { pace as paceOf } from './pace.ts';
import { readPages } from './pages.ts';
import { readReport } from './report-text.ts';

/** How the client behaves; every time in milliseconds. */
export interface GraphOptions {
  /** Scheme and host of Graph, for example https://graph.microsoft.com. */
  readonly origin: string;
  readonly token: Token;
  /** Requests of any minute, those inside batches counted one by one; 6,000 if not given. */
  readonly requestsPerMinute?: number;
  /** Tries of one look-up. */
  readonly tries?: number;
  /** From the first sending of a look-up to its end, all tries together; the wait for its turn comes before. */
  readonly deadlineMs?: number;
  /** Longest text or page: from the start to its last byte. */
  readonly readTimeoutMs?: number;
  readonly headTimeoutMs?: number;
  readonly idleTimeoutMs?: number;
  readonly backoffMs?: number;
  readonly maxBackoffMs?: number;
  /** Longest pause that is waited out; during a longer one look-ups fail at once as throttled. */
  readonly maxPauseMs?: number;
  readonly now?: () => number;
}

/** Makes a client of Microsoft Graph. Look-ups wait in memory, as many as its callers ask for at once. */
export function graphClient(options: GraphOptions): Graph & DirectGraph {
  const { origin, token, requestsPerMinute = 6000, tries = 4, deadlineMs = 60_000, readTimeoutMs = 300_000 } = options;
  const { headTimeoutMs = 30_000, idleTimeoutMs = 30_000, backoffMs = 1000, maxBackoffMs = 30_000 } = options;
  const { maxPauseMs = 120_000, now = Date.now } = options;
  const times = { headTimeoutMs, idleTimeoutMs, tries, backoffMs, maxBackoffMs, maxPauseMs, now };
  const http = httpClient({ ...times, origin, token, requestsPerMinute });
  const pace = paceOf(requestsPerMinute, now);
  // A client of its own: a service that throttles its own requests must not pause the look-ups.
  const directHttp = httpClient({ ...times, origin, token, requestsPerMinute });
  const asked = lookUps({ ...times, send: batchSender(http, now), pace, deadlineMs });
  const closing = new AbortController();
  let closed: Promise<void> | undefined;
  const signalOf = (...more: readonly AbortSignal[]): AbortSignal =>
    AbortSignal.any([closing.signal, AbortSignal.timeout(readTimeoutMs), ...more]);

  const direct = directGraph({ http: directHttp, pace, signalOf });

  return {
    get: asked.get,
    ask: (...request) => direct.ask(...request),
    list: (version, path) => readPages(`/${version}${path}`, { http, pace, signalOf, now }),
    async text(version, path, signal) {
      try {
        pace.take(1);
        return await readReport({ http, url: http.sameHost(`/${version}${path}`) }, times, signalOf(signal));
      } catch (error) {
        return toFailed(error);
      }
    },
    [Symbol.asyncDispose]() {
      asked.close();
      closing.abort();
      closed ??= Promise.all([http, directHttp].map((one) => one[Symbol.asyncDispose]())).then(() => undefined);
      return closed;
    },
  };
}
