import type { QueryProblem } from '../../api.ts';
import { Notice } from '../shell/notice.tsx';
import { placeOf } from './place.ts';

interface ProblemProps {
  readonly query: string;
  readonly problem: QueryProblem;
  readonly onGo: (start: number, length: number) => void;
}

/** Why a query has no answer, with a way to the place. */
export function Problem({ query, problem: { code, message, start, length }, onGo }: ProblemProps) {
  const place = start === null ? undefined : placeOf(query, start);
  return (
    <Notice kind="error" title={`The query did not run (${code}).`}>
      <p>{message}</p>
      {start === null || place === undefined ? undefined : (
        <button type="button" className="go-to" onClick={() => onGo(start, length)}>
          Go to line {place.line}, column {place.column}
        </button>
      )}
    </Notice>
  );
}
