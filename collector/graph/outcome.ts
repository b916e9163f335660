/** What an answer of Graph, or the lack of one, means for a look-up. */
import { SourceError } from '../contracts.ts';
import { ForeignUrlError, type Refused, ThrottledError, UnreachableError } from '../http.ts';
import { retryAfterMs } from '../retry-after.ts';
import type { Failure, NoAnswer } from './contract.ts';

/** No answer yet: worth another try, after `waitMs` where the service said how long. */
export interface Again {
  readonly kind: 'again';
  readonly failure: Failure;
  readonly detail: string;
  readonly waitMs: number | undefined;
}

/** Status, error code and message of an answer that is no 2xx. */
export type Problem = Pick<Refused, 'status' | 'code' | 'message' | 'retryAfter'>;

export const failed = (failure: Failure, detail: string): NoAnswer => ({ kind: 'failed', failure, detail });
export const again = (failure: Failure, detail: string, waitMs?: number): Again => ({
  kind: 'again',
  failure,
  detail,
  waitMs,
});

/** A status with Graph's error code; what does not look like a code is left out, because it may be anything. */
export const toDetail = ({ status, code }: Problem): string =>
  /^[A-Za-z][\w.-]{0,63}$/.test(code) ? `${status} ${code}` : String(status);

// Codes that are said of the key alone. UNVERIFIED: Exchange's and SharePoint's are from memory.
const NAMES_NOTHING =
  /^(?:ErrorInvalidUser|ErrorInvalidIdMalformed|ErrorItemNotFound|itemNotFound|\w+_ResourceNotFound)$/i;
// General codes: the message must say that it is about the key, for a wrong $select has the same code.
const IS_GENERAL = /^(?:Request_BadRequest|invalidRequest)$/i;
const IS_ABOUT_KEY = /invalid object identifier|(?:sharing|share|resource|object) ?(?:url|link|token|id|identifier)\b/i;

const namesNothing = ({ status, code, message }: Problem): boolean =>
  status === 404 ||
  status === 410 ||
  (status === 400 && (NAMES_NOTHING.test(code) || (IS_GENERAL.test(code) && IS_ABOUT_KEY.test(message))));

/** The meaning of an answer to one look-up that is no 2xx. */
export function toNoAnswer(problem: Problem, nowMs: number): NoAnswer | Again {
  const { status } = problem;
  const detail = toDetail(problem);
  if (status === 401 || status === 403) return { kind: 'forbidden', detail };
  if (namesNothing(problem)) return { kind: 'missing' };
  if (status === 429) return again('throttled', detail, retryAfterMs(problem.retryAfter, nowMs));
  if (status === 408 || status >= 500) return again('unavailable', detail, retryAfterMs(problem.retryAfter, nowMs));
  return failed('refused', detail);
}

/** The same for a request whose tries the HTTP client has already spent. */
export function toFinal(problem: Problem, nowMs: number): NoAnswer {
  const outcome = toNoAnswer(problem, nowMs);
  return outcome.kind === 'again' ? failed(outcome.failure, outcome.detail) : outcome;
}

/** The meaning of an error of the HTTP client. What it says of tokens stays out, but for the code of Entra. */
export function toAgain(error: unknown): Again {
  if (error instanceof ThrottledError) return again('throttled', 'asked to wait', error.waitMs);
  if (error instanceof SourceError) {
    const [code] = /AADSTS\d+/.exec(error.message) ?? [];
    return again('unavailable', `no token${code === undefined ? '' : ` (${code})`}`);
  }
  if (error instanceof ForeignUrlError) return again('refused', error.message);
  if (error instanceof UnreachableError) return again('unavailable', error.message);
  if (error instanceof RangeError) return again('unreadable', `the answer is longer than it may be: ${error.message}`);
  if (error instanceof SyntaxError) return again('unreadable', 'the answer is not JSON');
  const isEnded = error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
  return again('unavailable', isEnded ? 'ended before the answer had come' : 'the answer broke off');
}

/** The same when there is no further try. */
export function toFailed(error: unknown): NoAnswer {
  const { failure, detail } = toAgain(error);
  return failed(failure, detail);
}
