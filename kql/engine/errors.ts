/** Errors of the engine: every one names the construct, where it stands and, where there is one, the remedy. */

/** A place in a query or in a stored function. */
export interface Position {
  /** Line and column, from 1. */
  readonly line: number;
  readonly column: number;
  /** Characters from the start of the text, from 0. */
  readonly offset: number;
  /** The stored function whose body it is; absent for the query itself. */
  readonly within?: string;
}

/** The position of a character in a text. */
export function positionOf(text: string, offset: number, within?: string): Position {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - before.lastIndexOf('\n');
  return { line, column, offset, ...(within === undefined ? {} : { within }) };
}

const toText = ({ line, column, within }: Position): string =>
  `line ${line}, column ${column}${within === undefined ? '' : ` of ${within}`}`;

/** A query that cannot be answered: wrong, forbidden, not supported, or over its budget. */
export class KqlError extends Error {
  override readonly name: string = 'KqlError';
  /** `KSnnn` where Microsoft's binder said it; else ours (`unsupported`, `budget`, `runtime`, `regex`, `forbidden`, `syntax`). */
  readonly code: string;
  readonly position: Position | undefined;
  /** The message alone, without position and code. */
  readonly reason: string;

  constructor(
    reason: string,
    options: { readonly code: string; readonly position?: Position; readonly cause?: unknown },
  ) {
    const { code, position, cause } = options;
    super(`${position === undefined ? '' : `${toText(position)}: `}${code}: ${reason}`, { cause });
    this.code = code;
    this.position = position;
    this.reason = reason;
  }
}

/** A construct that Kusto has and this engine has not: refused by name, never approximated. */
export class UnsupportedError extends KqlError {
  override readonly name: string = 'UnsupportedError';

  constructor(construct: string, position?: Position) {
    super(`${construct} is not supported`, { code: 'unsupported', ...(position === undefined ? {} : { position }) });
  }
}
