/** One thing that is wrong with shipped content. */
export interface Finding {
  /** The file, as it should be shown. */
  readonly path: string;
  /** Line and column in the file, from 1. */
  readonly line: number;
  readonly column: number;
  /** `KSnnn` of Microsoft's binder or `KQLnnn` of ours. */
  readonly code: string;
  /** What is wrong and what to do about it. */
  readonly message: string;
}

/** `file:line:column: CODE message`, as editors follow it. */
export const toLine = ({ path, line, column, code, message }: Finding): string =>
  `${path}:${line}:${column}: ${code} ${message}`;
