import { useCallback, useEffect, useRef, useState } from 'react';
import type { QueryAnswer } from '../../api.ts';
import { ApiError, runQuery } from '../api-client.ts';

/** Where a query of the editor is. */
export type RunState =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly query: string }
  | { readonly state: 'answered'; readonly query: string; readonly answer: QueryAnswer }
  | { readonly state: 'failed'; readonly query: string; readonly reason: string };

/** Runs one query at a time: the next one gives up the one before. */
export function useRun(): {
  readonly run: RunState;
  readonly start: (query: string) => void;
  readonly cancel: () => void;
} {
  const [run, setRun] = useState<RunState>({ state: 'idle' });
  const leaving = useRef<AbortController>(undefined);
  const cancel = useCallback(() => {
    leaving.current?.abort();
    setRun({ state: 'idle' });
  }, []);
  const start = useCallback((query: string) => {
    leaving.current?.abort();
    const mine = new AbortController();
    leaving.current = mine;
    setRun({ state: 'running', query });
    runQuery(query, mine.signal).then(
      (answer) => {
        if (!mine.signal.aborted) setRun({ state: 'answered', query, answer });
      },
      (error: unknown) => {
        if (mine.signal.aborted) return;
        setRun({ state: 'failed', query, reason: error instanceof ApiError ? error.message : String(error) });
      },
    );
  }, []);
  useEffect(() => () => leaving.current?.abort(), []);
  return { run, start, cancel };
}
