import { readText, type HttpClient } from '../http.ts';
import { retryAfterMs } from '../retry-after.ts';
import { type Item, readBatch, toBatch } from './batch.ts';
import type { GraphVersion, NoAnswer } from './contract.ts';
import { again, type Again, failed, toAgain, toDetail } from './outcome.ts';

/** How a batch ended: with answers to its requests, with one answer for all, or such that it may be sent again. */
export type BatchReply =
  | { readonly kind: 'answered'; readonly items: ReadonlyMap<string, Item> }
  /** One of the requests spoils the batch, and nothing says which. */
  | { readonly kind: 'malformed'; readonly detail: string }
  | { readonly kind: 'ended'; readonly answer: NoAnswer }
  | Again;

/** Sends one batch, once; never rejects. */
export type BatchSender = (version: GraphVersion, paths: readonly string[], signal: AbortSignal) => Promise<BatchReply>;

// 20 users with their plans are about 200 KB.
const MAX_BATCH_BYTES = 32 * 1024 * 1024;

/** Sends batches by the HTTP client, which repeats no POST: repeating is left to the look-ups, which count them. */
export function batchSender(http: HttpClient, now: () => number): BatchSender {
  return async (version, paths, signal) => {
    try {
      const reply = await http.send('POST', http.sameHost(`/${version}/$batch`), signal, { json: toBatch(paths) });
      if (reply.ok) {
        const items = readBatch(await readText(reply.body, MAX_BATCH_BYTES));
        return items === undefined
          ? again('unreadable', 'the answer is no answer to a batch')
          : { kind: 'answered', items };
      }
      const detail = toDetail(reply);
      const { status } = reply;
      if (status === 401 || status === 403) return { kind: 'ended', answer: { kind: 'forbidden', detail } };
      if (status === 400 || status === 413) return { kind: 'malformed', detail };
      if (status === 408 || status >= 500) return again('unavailable', detail, retryAfterMs(reply.retryAfter, now()));
      // Not "missing": it is said of the batch, not of a key.
      return { kind: 'ended', answer: failed('refused', detail) };
    } catch (error) {
      return toAgain(error);
    }
  };
}
