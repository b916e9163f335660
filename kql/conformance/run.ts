/** Runs suites of queries through the engine. */
import { type Engine, engine } from '../engine/engine.ts';
import { KqlError } from '../engine/errors.ts';
import { difference } from './compare.ts';
import type { Case } from './suite.ts';

/** What became of a case. */
export interface Outcome {
  readonly id: string;
  /** Why it failed; undefined where it passed. */
  readonly failure: string | undefined;
}

// The suites' answers do not depend on the time; a fixed one keeps our own runs alike.
const now = new Date('2026-11-20T00:00:00Z');

function outcomeOf({ id, query, ...test }: Case, kql: Engine): Outcome {
  try {
    const result = kql.prepare(query).run({ now, limits: { milliseconds: 20_000 } });
    if (test.expected === undefined) return { id, failure: 'Microsoft refuses it, and it was answered' };
    return { id, failure: difference({ id, query, ...test }, test.expected, result) };
  } catch (error) {
    if (!(error instanceof KqlError)) {
      const reason =
        error instanceof Error ? (error.stack?.split('\n').slice(0, 3).join(' ') ?? error.message) : String(error);
      return { id, failure: `broke: ${reason}` };
    }
    return { id, failure: test.expected === undefined ? undefined : `refused: ${error.message.replaceAll('\n', ' ')}` };
  }
}

/** Runs cases one after the other. */
export function runCases(cases: readonly Case[]): readonly Outcome[] {
  const kql = engine({ dialect: 'kusto' });
  return cases.map((test) => outcomeOf(test, kql));
}
