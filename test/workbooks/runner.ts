import type { Engine, Query, Result } from '../../kql/engine/engine.ts';
import type { TableRows } from '../../kql/engine/table-reader.ts';
import { fromUnixMilliseconds } from '../../kql/engine/values/calendar.ts';

/** Answers a text; the same text once. */
export type Runner = (text: string) => Result;

const YEAR_MS = 365 * 86_400_000;

/** Runs queries at a moment over what Azure would show a workbook: TimeGenerated of the last 730 days, up to now. */
export type ToRunner = (tables: Readonly<Record<string, TableRows>>, now: Date) => Runner;

/** Runners of one engine: a text is bound once for all of them. */
export function runners(engine: Engine): ToRunner {
  const bound = new Map<string, Query>();
  const prepare = (text: string): Query => {
    const query = bound.get(text) ?? engine.prepare(text);
    bound.set(text, query);
    return query;
  };
  return (tables, now) => {
    const answers = new Map<string, Result>();
    const period = {
      from: fromUnixMilliseconds(now.getTime() - 2 * YEAR_MS),
      to: fromUnixMilliseconds(now.getTime() + 1),
    };
    return (text) => {
      const answer = answers.get(text) ?? prepare(text).run({ now, tables, period });
      answers.set(text, answer);
      return answer;
    };
  };
}
