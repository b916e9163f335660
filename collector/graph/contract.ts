/** What the collector asks of Microsoft Graph, and what it gets: outcomes are values, because a refusal is ordinary. */

/** Path segment after the host. */
export type GraphVersion = 'v1.0' | 'beta';

/** Why there is no answer: too many requests, no connection or 5xx, a body that is not what was asked for, or another 4xx. */
export type Failure = 'throttled' | 'unavailable' | 'unreadable' | 'refused';

/** An answer that holds nothing. */
export type NoAnswer =
  /** 404, or an error that says the key names nothing. */
  | { readonly kind: 'missing' }
  /** 401 or 403 with a fresh token: a permission is missing. `detail` holds status and Graph's error code, no text. */
  | { readonly kind: 'forbidden'; readonly detail: string }
  /** Tried as often as worth while. `detail` holds status and code or the reason, never a byte of a body. */
  | { readonly kind: 'failed'; readonly failure: Failure; readonly detail: string };

/** The answer to a look-up; `body` is parsed JSON of any shape, for the caller to check. */
export type Answer = { readonly kind: 'found'; readonly body: unknown } | NoAnswer;

/** All pages of a collection. */
export type ListAnswer = { readonly kind: 'found'; readonly items: readonly unknown[] } | NoAnswer;

/** A report as text. */
export type TextAnswer = { readonly kind: 'found'; readonly contentType: string; readonly text: string } | NoAnswer;

/** Reads Microsoft Graph. Safe to use from many tasks at once: batches, budget and pauses are shared. */
export interface Graph {
  /**
   * One GET of `path` (from the slash after the version on, query included and encoded), sent in a `$batch` with others
   * that are asked for at the same time. Never rejects.
   */
  get(version: GraphVersion, path: string): Promise<Answer>;
  /** Every page of a collection, by @odata.nextLink to the same host, up to a bound. Never rejects. */
  list(version: GraphVersion, path: string): Promise<ListAnswer>;
  /**
   * A GET whose answer is a text: a report as CSV. Redirects are followed over https, at most three, to whatever host, without
   * the token. Never rejects.
   */
  text(version: GraphVersion, path: string, signal: AbortSignal): Promise<TextAnswer>;
  /** Ends what is under way and closes the connections. */
  [Symbol.asyncDispose](): Promise<void>;
}
