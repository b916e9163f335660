/** The one HTTP client: token, budget, retry, shared pause, timeouts, and the check that a token stays at its host. */
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import PQueue from 'p-queue';
import pRetry, { AbortError } from 'p-retry';
import { Agent, errors, request } from 'undici';
import { SourceError } from './contracts.ts';
import { sharedPause } from './shared-pause.ts';

/** Gives a bearer token, another one than `rejected` where the credential can. */
export type Token = (rejected: string | undefined, signal: AbortSignal) => Promise<string>;

/** An answer with a body to read. */
export interface Answered {
  readonly ok: true;
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly body: Readable;
}

/** An answer that is no 2xx; `code` and `message` are empty unless the service sent its error envelope. */
export interface Refused {
  readonly ok: false;
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Where a redirect leads, as it was sent. No redirect is followed. */
  readonly location?: string;
  /** Header Retry-After, as it was sent. */
  readonly retryAfter?: string;
}

export type Reply = Answered | Refused;

/** What a request may have beside its address. */
export interface Content {
  /** Body of a POST: JSON as text. */
  readonly json?: string;
  /** Header Accept; application/json if not given. */
  readonly accept?: string;
}

/** What requests do. */
export type Method = 'GET' | 'POST' | 'DELETE';

/** How a client behaves; every time in milliseconds. */
export interface HttpOptions {
  /** Origin that requests and followed links must keep, for example https://manage.office.com. */
  readonly origin: string;
  /** None: requests carry no Authorization header. */
  readonly token?: Token;
  /** Requests that may start in any minute, over all callers of this client. */
  readonly requestsPerMinute: number;
  /** From the start of a request until its head has come. */
  readonly headTimeoutMs?: number;
  /** Longest silence while a body is read. */
  readonly idleTimeoutMs?: number;
  /** Tries of one request before its failure is the caller's. */
  readonly tries?: number;
  readonly backoffMs?: number;
  readonly maxBackoffMs?: number;
  /** Longest pause that is waited out inside a request; a longer one ends it with a ThrottledError. */
  readonly maxPauseMs?: number;
  readonly now?: () => number;
}

/** The service asks for a longer pause than a request may wait. */
export class ThrottledError extends Error {
  override readonly name = 'ThrottledError';
  /** Milliseconds that are left of the pause. */
  readonly waitMs: number;
  constructor(message: string, options: ErrorOptions & { readonly waitMs: number }) {
    super(message, options);
    this.waitMs = options.waitMs;
  }
}

/** No answer could be had: the network, the name or the certificate. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** A link that would take the token to another host. */
export class ForeignUrlError extends Error {
  override readonly name = 'ForeignUrlError';
}

/** Sends requests of one API. Safe to use from many tasks at once: budget and pauses are shared. */
export interface HttpClient {
  /** A GET is repeated while it is worth while; a POST or DELETE never, not even when it was throttled. */
  send(method: Method, url: URL, signal: AbortSignal, content?: Content): Promise<Reply>;
  /** Checks a link from an answer and returns it as a URL, or throws a ForeignUrlError. */
  sameHost(link: string): URL;
  /** The service's clock: ours, corrected by the newest Date header. Epoch milliseconds. */
  serverNow(): number;
  /** Closes the connections; for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

// An explained error is small; a proxy's page may not be.
const MAX_ERROR_BYTES = 64 * 1024;
// A Retry-After of years must not outlast the fault that sent it.
const LONGEST_PAUSE_MS = 3_600_000;

/** Reads a body as UTF-8 text; rejects when it is longer than `maxBytes` after inflation, or breaks off. */
export async function readText(body: Readable, maxBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const part = Buffer.from(chunk);
    size += part.length;
    if (size > maxBytes) throw new RangeError(`more than ${maxBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Reads `{"error":{"code","message"}}`; anything else is no code and no text, so that no page lands in a log. */
function explained(text: string): { code: string; message: string } {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && 'error' in body) {
      const { error } = body;
      if (typeof error === 'object' && error !== null && 'code' in error) {
        const message = 'message' in error ? String(error.message).slice(0, 300) : '';
        return { code: String(error.code).slice(0, 40), message };
      }
    }
  } catch {
    // Not the service's envelope: the status alone speaks.
  }
  return { code: '', message: '' };
}

// AF429 arrives as 429 or inside a 403 (troubleshooting page of the Management Activity API).
const isThrottle = (reply: Refused): boolean => reply.status === 429 || reply.code === 'AF429';
const isTransient = (reply: Refused): boolean => isThrottle(reply) || reply.status === 408 || reply.status >= 500;

/** The system's or undici's code of an error, through its causes. */
function codeOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return undefined;
}
const isNetworkError = (error: unknown): boolean => error instanceof errors.UndiciError || codeOf(error) !== undefined;
const reasonOf = (error: unknown): string =>
  `${error instanceof Error ? error.message : String(error)}${codeOf(error) === undefined ? '' : ` (${codeOf(error)})`}`;

class RetryableReply extends Error {
  readonly reply: Refused;
  constructor(reply: Refused) {
    super(`${reply.status} ${reply.code} ${reply.message}`);
    this.reply = reply;
  }
}

const errorText = (body: Readable): Promise<string> => readText(body, MAX_ERROR_BYTES).catch(() => '');

/** Makes a client for one API. */
export function httpClient(options: HttpOptions): HttpClient {
  const { origin, token, requestsPerMinute, tries = 5, backoffMs = 1000, now = Date.now } = options;
  const { headTimeoutMs = 60_000, idleTimeoutMs = 60_000, maxBackoffMs = 60_000, maxPauseMs = 120_000 } = options;
  const agent = new Agent({ headersTimeout: headTimeoutMs, bodyTimeout: idleTimeoutMs, connections: 64 });
  // A sliding window keeps every start; beyond any real quota a fixed one is enough.
  const budget = new PQueue({ intervalCap: requestsPerMinute, interval: 60_000, strict: requestsPerMinute <= 60_000 });
  const pause = sharedPause({ backoffMs, maxBackoffMs, longestMs: LONGEST_PAUSE_MS, now });
  let skewMs = 0;

  async function waitForTurn(signal: AbortSignal): Promise<void> {
    await budget.add(() => undefined, { signal });
    await pause.over(signal, (leftMs) => {
      if (leftMs > maxPauseMs) {
        const message = `${origin} asks to wait ${Math.ceil(leftMs / 1000)} s: trying later`;
        throw new AbortError(new ThrottledError(message, { waitMs: leftMs }));
      }
    });
  }

  async function bearerFor(rejected: string | undefined, signal: AbortSignal): Promise<string | undefined> {
    if (token === undefined) return undefined;
    try {
      return await token(rejected, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw new AbortError(new SourceError(`no token for ${origin}: ${reasonOf(error)}`, { cause: error }));
    }
  }

  async function once(
    method: Method,
    url: URL,
    rejected: string | undefined,
    signal: AbortSignal,
    content: Content,
  ): Promise<Reply> {
    await waitForTurn(signal);
    const sent = await bearerFor(rejected, signal);
    const { json, accept = 'application/json' } = content;
    const headers = {
      ...(sent !== undefined && { authorization: `Bearer ${sent}` }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
      accept,
      'accept-encoding': 'gzip',
    };
    const body = json === undefined ? {} : { body: json };
    const answer = await request(url, { method, dispatcher: agent, signal, headers, ...body });
    const header = (name: string): string | undefined => {
      const value = answer.headers[name.toLowerCase()];
      return Array.isArray(value) ? value[0] : value;
    };
    if (answer.statusCode >= 200 && answer.statusCode < 300) {
      pause.succeeded();
      // Only of a good answer: error pages come from proxies with clocks of their own.
      const served = Date.parse(header('date') ?? '');
      if (!Number.isNaN(served)) skewMs = served - now();
      const gzipped = header('content-encoding')?.toLowerCase() === 'gzip';
      // pipeline carries an error of either stream to the reader of the last one
      const inflated = gzipped ? pipeline(answer.body, createGunzip(), () => undefined) : answer.body;
      return { ok: true, status: answer.statusCode, header, body: inflated };
    }
    // A token may be revoked or outlived by its cache in mid-pass: one try with another one.
    if (answer.statusCode === 401 && sent !== undefined && rejected === undefined) {
      answer.body.resume();
      return once(method, url, sent, signal, content);
    }
    const location = answer.statusCode < 400 ? header('location') : undefined;
    const retryAfter = header('retry-after');
    const reply: Refused = {
      ok: false,
      status: answer.statusCode,
      ...explained(await errorText(answer.body)),
      ...(location !== undefined && { location }),
      ...(retryAfter !== undefined && { retryAfter }),
    };
    if (isThrottle(reply)) pause.throttled(retryAfter);
    if (isTransient(reply)) throw new RetryableReply(reply);
    return reply;
  }

  async function send(method: Method, url: URL, signal: AbortSignal, content: Content = {}): Promise<Reply> {
    try {
      return await pRetry(() => once(method, url, undefined, signal, content), {
        // A POST (start, stop) is not repeated within seconds.
        retries: method === 'GET' ? tries - 1 : 0,
        minTimeout: backoffMs,
        maxTimeout: maxBackoffMs,
        randomize: true,
        // Being throttled is no fault of the request: it waits for the shared pause, for as long as a pass may wait.
        maxRetryTime: maxPauseMs,
        shouldConsumeRetry: ({ error }) => !(error instanceof RetryableReply && isThrottle(error.reply)),
        signal,
      });
    } catch (error) {
      if (signal.aborted || error instanceof ThrottledError || error instanceof SourceError) throw error;
      if (error instanceof RetryableReply) {
        if (!isThrottle(error.reply)) return error.reply;
        const waitMs = Math.max(0, pause.leftMs());
        throw new ThrottledError(`${origin} throttles (${error.message}): trying later`, { cause: error, waitMs });
      }
      if (isNetworkError(error)) {
        throw new UnreachableError(`${origin} cannot be reached: ${reasonOf(error)}`, { cause: error });
      }
      throw error;
    }
  }

  function sameHost(link: string): URL {
    const url = URL.parse(link, origin);
    if (url?.origin !== new URL(origin).origin) {
      throw new ForeignUrlError(`link to ${url?.origin ?? 'no valid address'} instead of ${origin}: not followed`);
    }
    return url;
  }

  return { send, sameHost, serverNow: () => now() + skewMs, [Symbol.asyncDispose]: () => agent.close() };
}
