/** Why there is no answer, as the API tells it. */
import { KqlError } from '../../../kql/engine/errors.ts';
import { LineError } from '../../ndjson-scan.ts';
import type { QueryProblem } from '../api.ts';
import type { Reply } from './thread-messages.ts';

/** The body of every answer that is none; `error` is the message once more, for readers that know only that. */
export interface Refusal {
  readonly ok: false;
  readonly problem: QueryProblem;
  readonly error: string;
}

/** A problem without a place in the query. */
export const problem = (code: string, message: string): QueryProblem => ({ code, message, start: null, length: 0 });

export const refusal = (what: QueryProblem): Refusal => ({ ok: false, problem: what, error: what.message });

/** A refusal as threads and caches carry it. */
export const refused = (what: QueryProblem): Reply => ({
  ok: false,
  text: JSON.stringify(refusal(what)),
  code: what.code,
});

/** The length of the word at a place, at least 1: what an editor underlines. */
const wordLength = (text: string, start: number): number =>
  /^[\w-]+|^[^\s]/.exec(text.slice(start, start + 200))?.[0].length ?? 0;

/** What an error says to somebody who wrote a query. @param lengthAt Characters that the binder flags from a place on */
export function toProblem(
  error: unknown,
  query: string,
  lengthAt: (start: number) => number | undefined,
): QueryProblem {
  if (error instanceof LineError) return problem('row', error.message);
  if (!(error instanceof KqlError)) return problem('internal', error instanceof Error ? error.message : String(error));
  const { code, position, reason } = error;
  if (position === undefined) return problem(code, reason);
  const { within, line, column, offset } = position;
  // The place is in a stored function, not in this text.
  if (within !== undefined) return problem(code, `${reason} (line ${line}, column ${column} of ${within})`);
  return { code, message: reason, start: offset, length: lengthAt(offset) ?? wordLength(query, offset) };
}
