/** An answer as a value: handlers build it, faults change it, the listener puts it on the wire. */

/** What is known of a request before its body is read. */
export interface Head {
  /** Which request to this listener it is, from 1. */
  readonly nth: number;
  readonly method: string;
  /** Path as sent, without query and without decoding: `%24` is not `$`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** One request as the listener read it. */
export interface Call extends Head {
  /** The body as sent, content encoding included. */
  readonly bytes: Buffer;
  /** The same as text. */
  readonly body: string;
}

/** How the bytes leave: whole; slowly; cut by a close that looks regular; the socket dies early or half-way; never. */
export type Delivery = 'whole' | 'slow' | 'close-delimited' | 'reset-before' | 'reset-within' | 'hang';

/** One answer. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | AsyncIterable<Buffer>;
  readonly delivery: Delivery;
  /** Called once when the whole answer was handed to the operating system. */
  readonly onSent?: () => void | Promise<void>;
  /** Called when half of a whole body is on the wire; the rest waits for what it returns. */
  readonly onHalf?: () => void | Promise<void>;
}

/** A JSON answer with the content type of the live service. */
export function jsonReply(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
    delivery: 'whole',
  };
}

/** An HTML answer, as a proxy or front door sends it. */
export function htmlReply(status: number, title: string): Reply {
  return {
    status,
    headers: { 'Content-Type': 'text/html' },
    body: `<html><body>${title}</body></html>`,
    delivery: 'whole',
  };
}

/** The first value of a query parameter, the name compared without case as ASP.NET does; undefined when absent. */
export function queryValue(query: URLSearchParams, name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (const [key, value] of query) if (key.toLowerCase() === wanted) return value;
  return undefined;
}

/** One header of a call as a single string; undefined when absent. */
export function headerValue(call: Head, name: string): string | undefined {
  const value = call.headers[name.toLowerCase()];
  return Array.isArray(value) ? value[0] : value;
}
