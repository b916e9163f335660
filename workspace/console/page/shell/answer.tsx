import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { QueryAnswer } from '../../api.ts';
import { Loading, Notice } from './notice.tsx';

type Rows = Extract<QueryAnswer, { ok: true }>;

interface AnswerProps {
  readonly of: UseQueryResult<QueryAnswer>;
  /** What to show instead of no rows. */
  readonly empty: ReactNode;
  readonly children: (answer: Rows) => ReactNode;
}

/** The answer of a tile's query: loading, an error of its own, empty, or its rows. */
export function Answer({ of: { data, error }, empty, children }: AnswerProps) {
  if (error !== null) return <Notice kind="error" title="No answer." children={error.message} />;
  if (data === undefined) return <Loading />;
  if (!data.ok)
    return (
      <Notice kind="error" title={`Query failed (${data.problem.code}).`}>
        {data.problem.message}
      </Notice>
    );
  return data.rows.length === 0 ? empty : children(data);
}
