/** All that the tests inside one file say of it. */
import type { ContentFile } from '../../kql/content/content-file.ts';
import { problemText } from '../../kql/content/content-file.ts';
import { readHuntFile } from '../../kql/content/read-hunting.ts';
import { readRuleFile, toRule } from '../../kql/content/read-rules.ts';
import { ruleProblems } from '../../kql/check/rule-problems.ts';
import type { Engine } from '../../kql/engine/engine.ts';
import { logAnalyticsTables } from '../../kql/tables/log-analytics.ts';
import { prepareRule } from '../../workspace/rules/run-rule.ts';
import type { Watchlists } from '../../workspace/rules/watchlist-rows.ts';
import { toCases } from './cases.ts';
import { huntProblems } from './run-hunt.ts';
import { caseProblems, firesOnActivity } from './run-case.ts';

/** What cases run in. */
export interface Bench {
  /** Everything that a query may name. */
  readonly engine: Engine;
  /** A workspace without the tables of other products. */
  readonly bare: Engine;
  readonly watchlists: Watchlists;
}

/** A case that failed, or something that is wrong with the file as a whole. */
export interface Problem {
  readonly case: string;
  readonly text: string;
}

/** How a file did. */
export interface FileReport {
  readonly path: string;
  readonly passed: number;
  readonly problems: readonly Problem[];
  /** Firing cases whose alerts come from rows of Microsoft's table, too, of those that hold records; rules only. */
  readonly parity?: { readonly fires: number; readonly of: number };
}

const others = new Set(logAnalyticsTables.map(({ name }) => name));
/** Whether a query names a table of Microsoft's; if not, it binds wherever it binds. */
const namesOther = (query: string): boolean => (query.match(/\w+/g) ?? []).some((word) => others.has(word));

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Lists what is wrong with each case; what a case throws is wrong with it. */
function run<T>(cases: readonly T[], nameOf: (one: T) => string, problemsOf: (one: T) => readonly string[]) {
  const problems: Problem[] = [];
  let passed = 0;
  for (const one of cases) {
    let found: readonly string[];
    try {
      found = problemsOf(one);
    } catch (error) {
      found = [messageOf(error)];
    }
    if (found.length === 0) passed += 1;
    problems.push(...found.map((text) => ({ case: nameOf(one), text })));
  }
  return { passed, problems };
}

const broken = (path: string, texts: readonly string[]): FileReport => ({
  path,
  passed: 0,
  problems: texts.map((text) => ({ case: 'the file', text })),
});

/** Runs the cases of a rule's file. */
export function checkRuleFile(file: ContentFile, { engine, bare, watchlists }: Bench): FileReport {
  const outcome = readRuleFile(file);
  const { path, name } = file;
  if (!outcome.ok) return broken(path, outcome.problems.map(problemText));
  const { value } = outcome.parsed;
  const rule = toRule(value, name);
  const bound = prepareRule(engine, rule);
  if (!bound.ok) return broken(path, [`the query does not bind: ${bound.failure.reason}`]);
  const alone = namesOther(rule.query) ? prepareRule(bare, rule) : bound;
  const lacks = ruleProblems(file, () => bound.prepared.query.analysis).map(problemText);
  try {
    const cases = toCases(value.tests);
    const { prepared } = bound;
    const { passed, problems } = run(
      cases,
      (one) => one.name,
      (one) => caseProblems(prepared, one, watchlists),
    );
    const replayed = cases
      .filter(({ expect, late, isTwice }) => expect.length > 0 && late === 0 && !isTwice)
      .map((one) => firesOnActivity(prepared, one, watchlists))
      .filter((fires) => fires !== undefined);
    const whole = [
      ...lacks,
      ...(alone.ok
        ? []
        : [
            `without the tables of other products the query does not bind, so Sentinel would switch the rule off: ${alone.failure.reason}: read them by union isfuzzy=true`,
          ]),
    ];
    return {
      path,
      passed,
      problems: [...whole.map((text) => ({ case: 'the file', text })), ...problems],
      parity: { fires: replayed.filter(Boolean).length, of: replayed.length },
    };
  } catch (error) {
    return broken(path, [messageOf(error)]);
  }
}

/** Runs the cases of a hunt's file. */
export function checkHuntFile(file: ContentFile, { engine, watchlists }: Bench): FileReport {
  const outcome = readHuntFile(file);
  if (!outcome.ok) return broken(file.path, outcome.problems.map(problemText));
  const { query, tests } = outcome.parsed.value;
  if (tests.length === 0)
    return broken(file.path, ['no tests: write at least one that finds rows and one that finds none']);
  try {
    const bound = engine.prepare(query);
    const { passed, problems } = run(
      tests,
      (one) => one.name,
      (one) => huntProblems(bound, one, watchlists),
    );
    return { path: file.path, passed, problems };
  } catch (error) {
    return broken(file.path, [`the query does not bind: ${messageOf(error)}`]);
  }
}
