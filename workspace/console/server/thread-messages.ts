/** What threads that answer queries are sent, and send. */

/** What somebody wants to know. */
export type Ask =
  | { readonly kind: 'query' | 'csv' | 'diagnose'; readonly query: string }
  | { readonly kind: 'complete'; readonly query: string; readonly position: number }
  | { readonly kind: 'schema' };

/** An ask with what it is answered on. */
export interface Task {
  /** From 1, unique in a thread's life. */
  readonly id: number;
  readonly ask: Ask;
  /** What `now()` says, as milliseconds since 1970. */
  readonly now: number;
  /** Of the files: a thread opens them anew when it has changed. */
  readonly version: string;
}

/** The text of an answer: JSON of the type in `../api.ts`, or CSV. Where it is not ok, JSON of `Refusal`, and its code. */
export type Reply =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly text: string; readonly code: string };

/** What a thread is started with. */
export interface ThreadData {
  readonly directory: string;
  /** Wall time of one query. */
  readonly milliseconds: number;
  /** One Int32: the id of the task that nobody waits for any more. */
  readonly abandoned: SharedArrayBuffer;
}

/** What a thread says. */
export interface ThreadReply {
  readonly id: number;
  readonly reply: Reply;
}
