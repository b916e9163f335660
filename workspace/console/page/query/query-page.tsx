import { useCallback, useEffect, useRef, useState } from 'react';
import { useSearch } from 'wouter';
import { ErrorBoundary } from '../shell/error-boundary.tsx';
import { queryHref } from '../shell/hash.ts';
import { Loading, Notice } from '../shell/notice.tsx';
import { PageHeading } from '../shell/page-heading.tsx';
import { Editor, type EditorHandle } from './editor.tsx';
import { examples } from './examples.ts';
import { ExamplesList } from './examples-list.tsx';
import { Problem } from './problem.tsx';
import { Result } from './result.tsx';
import { SchemaList } from './schema-list.tsx';
import { type RunState, useRun } from './use-run.ts';

const queryOf = (search: string): string | undefined => new URLSearchParams(search).get('q') ?? undefined;

interface OutcomeProps {
  readonly run: RunState;
  readonly onGo: (start: number, length: number) => void;
}

function Outcome({ run, onGo }: OutcomeProps) {
  if (run.state === 'idle') return <p className="muted">Run the query to see its rows here.</p>;
  if (run.state === 'running') return <Loading what="Running the query" />;
  if (run.state === 'failed') return <Notice kind="error" title="No answer." children={run.reason} />;
  if (!run.answer.ok) return <Problem query={run.query} problem={run.answer.problem} onGo={onGo} />;
  return <Result key={run.query} query={run.query} answer={run.answer} />;
}

// What stood in the editor when the reader went elsewhere.
let draft: string | undefined;

/** An editor for KQL over everything that is here; the query is in the address, so that it can be shared. */
export function QueryPage() {
  const search = useSearch();
  const [text, setText] = useState(() => queryOf(search) ?? draft ?? examples[0]?.query ?? '');
  const latest = useRef(text);
  latest.current = text;
  draft = text;
  const editor = useRef<EditorHandle>(null);
  const { run, start, cancel } = useRun();

  // What has been started: writing a query into the address must not start it a second time.
  const started = useRef<string>(undefined);
  const begin = useCallback(
    (query: string) => {
      started.current = query;
      window.history.replaceState(null, '', queryHref(query));
      start(query);
    },
    [start],
  );

  // A link to a query opens and runs it.
  useEffect(() => {
    const given = queryOf(search);
    if (given === undefined || given === started.current) return;
    started.current = given;
    if (given !== latest.current) editor.current?.replace(given);
    start(given);
  }, [search, start]);

  const choose = (query: string): void => {
    editor.current?.replace(query);
    begin(query);
  };
  const isRunning = run.state === 'running';
  return (
    <>
      <PageHeading title="Query" remark="KQL over everything that has come in" />
      <div className="query-columns">
        <div className="stack">
          <section className="card" aria-label="Query">
            <Editor
              ref={editor}
              initial={text}
              onChange={setText}
              onRun={() => {
                if (latest.current.trim() !== '') begin(latest.current);
              }}
            />
            <div className="run-bar">
              <button
                type="button"
                className="button-primary"
                disabled={text.trim() === '' || isRunning}
                onClick={() => begin(text)}
              >
                Run
              </button>
              {isRunning ? (
                <button type="button" onClick={cancel}>
                  Cancel
                </button>
              ) : undefined}
              <span className="muted small">
                Ctrl+Enter runs, Ctrl+Space completes, Tab leaves the editor. Read-only.
              </span>
            </div>
          </section>
          <section className="card" aria-label="Result">
            <div className="card-body">
              <ErrorBoundary what="The result">
                <Outcome run={run} onGo={(at, length) => editor.current?.goTo(at, length)} />
              </ErrorBoundary>
            </div>
          </section>
        </div>
        <aside className="card query-side" aria-label="Examples and names">
          <ExamplesList onChoose={choose} />
          <SchemaList onInsert={(name) => editor.current?.insert(name)} />
        </aside>
      </div>
    </>
  );
}
