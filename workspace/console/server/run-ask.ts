/** Answers one ask: what a thread does, without the thread. */
import type { Limits } from '../../../kql/engine/budget.ts';
import type { Engine, Result } from '../../../kql/engine/engine.ts';
import type { Completion, CompletionAnswer, DiagnosisAnswer, SchemaAnswer } from '../api.ts';
import { toAnswerText, toCsvText } from './answer-text.ts';
import { refused, toProblem } from './problems.ts';
import type { QueryWorkspace } from './query-workspace.ts';
import { tableEntries } from './schema-answer.ts';
import type { Ask, Reply, Task } from './thread-messages.ts';

/** How an ask is run. */
export interface AskOptions {
  readonly limits: Limits;
  /** Milliseconds of a monotonic clock. */
  readonly clock: () => number;
}

const severities = { Error: 'error', Warning: 'warning', Suggestion: 'info', Information: 'info' } as const;

function diagnosis(engine: Engine, query: string): DiagnosisAnswer {
  const problems = engine.diagnose(query).flatMap(({ code, message, start, length, severity }) => {
    if (severity === 'Hidden') return [];
    return [{ code, message, start, length, severity: severities[severity] }];
  });
  return { problems };
}

function completion(engine: Engine, query: string, position: number): CompletionAnswer {
  const { start, items } = engine.complete(query, Math.min(position, query.length));
  return {
    start,
    items: items.map(({ label, text, kind, detail }): Completion => ({
      label,
      text,
      kind: kind === 'aggregate' ? 'function' : kind,
      detail,
    })),
  };
}

function schema({ functions, data }: QueryWorkspace, version: string): SchemaAnswer {
  const present = Object.keys(data(version).tables ?? {});
  return { functions: functions(), tables: tableEntries(new Set(present)) };
}

/** Never throws: what goes wrong is the reply. */
export function runAsk({ ask, now, version }: Omit<Task, 'id'>, workspace: QueryWorkspace, options: AskOptions): Reply {
  const { engine } = workspace;
  const run = (query: string): Result =>
    engine.prepare(query).run({
      now: new Date(now),
      limits: options.limits,
      clock: options.clock,
      ...workspace.data(version),
    });
  const answer = (): string => {
    if (ask.kind === 'schema') return JSON.stringify(schema(workspace, version));
    if (ask.kind === 'complete') return JSON.stringify(completion(engine, ask.query, ask.position));
    if (ask.kind === 'diagnose') return JSON.stringify(diagnosis(engine, ask.query));
    if (ask.kind === 'csv') return toCsvText(run(ask.query));
    const start = performance.now();
    const result = run(ask.query);
    return toAnswerText(result, performance.now() - start);
  };
  try {
    return { ok: true, text: answer() };
  } catch (error) {
    return refused(toProblem(error, queryOf(ask), (start) => flaggedLength(engine, queryOf(ask), start)));
  }
}

const queryOf = (ask: Ask): string => (ask.kind === 'schema' ? '' : ask.query);

/** The length of what the binder flags at a place. */
function flaggedLength(engine: Engine, query: string, start: number): number | undefined {
  try {
    return engine.diagnose(query).find((one) => one.start === start && one.severity === 'Error')?.length;
  } catch {
    return undefined;
  }
}
