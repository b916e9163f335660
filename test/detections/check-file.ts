/** All that the tests inside one file say of it. */
import type { ContentFile } from '../../kql/content/content-file.ts';
import { problemText } from '../../kql/content/content-file.ts';
import { readHuntFile } from '../../kql/content/read-hunting.ts';
import { readRuleFile, type Rule, toRule } from '../../kql/content/read-rules.ts';
import { ruleProblems } from '../../kql/check/rule-problems.ts';
import type { Engine } from '../../kql/engine/engine.ts';
import { logAnalyticsTables } from '../../kql/tables/log-analytics.ts';
import { prepareRule } from '../../workspace/rules/run-rule.ts';
import type { Watchlists } from '../../workspace/rules/watchlist-rows.ts';
import { type Case, toCases } from './cases.ts';
import { huntProblems } from './run-hunt.ts';
import type { Check, Finding } from './finding.ts';
import { caseFindings, firesOnActivity, isFieldPath } from './run-case.ts';

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
  readonly check?: Check;
}

// What is told and fails nothing: not every rule of the pack keeps these yet.
const warned: ReadonlySet<Check> = new Set<Check>(['coverage', 'vacuous']);

/** How a file did. */
export interface FileReport {
  readonly path: string;
  readonly passed: number;
  readonly problems: readonly Problem[];
  /** What should be better; nothing fails by it. */
  readonly warnings: readonly Problem[];
  /** Firing cases whose alerts come from rows of Microsoft's table, too, of those that hold records; rules only. */
  readonly parity?: { readonly fires: number; readonly of: number };
}

const others = new Set(logAnalyticsTables.map(({ name }) => name));
/** Whether a query names a table of Microsoft's; if not, it binds wherever it binds. */
const namesOther = (query: string): boolean => (query.match(/\w+/g) ?? []).some((word) => others.has(word));

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Lists what is wrong with each case; what a case throws is wrong with it. */
function run<T>(cases: readonly T[], nameOf: (one: T) => string, findingsOf: (one: T) => readonly Finding[]) {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  let passed = 0;
  for (const one of cases) {
    let found: readonly Finding[];
    try {
      found = findingsOf(one);
    } catch (error) {
      found = [{ check: 'answer', text: messageOf(error) }];
    }
    const [broken, doubtful] = [false, true].map((isWarned) =>
      found.filter(({ check }) => warned.has(check) === isWarned).map((each) => ({ case: nameOf(one), ...each })),
    );
    problems.push(...(broken ?? []));
    warnings.push(...(doubtful ?? []));
    if (broken?.length === 0) passed += 1;
  }
  return { passed, problems, warnings };
}

/** What the cases of a rule leave unproven. */
function coverageFindings(cases: readonly Case[], { eventGroupingSettings }: Rule): readonly Finding[] {
  const firing = cases.filter(({ expect }) => expect.length > 0);
  const isEach = eventGroupingSettings?.aggregationKind === 'AlertPerResult';
  return [
    ...(firing.some(({ decisive }) => decisive.some(isFieldPath))
      ? []
      : [{ check: 'vacuous' as const, text: 'no `decisive` names a field: name the one that makes the rule fire' }]),
    ...(isEach && !firing.some(({ expect }) => expect.length > 1)
      ? [
          {
            check: 'coverage' as const,
            text: 'no case with two alerts: nothing proves that the grouping keeps them apart',
          },
        ]
      : []),
  ];
}

const broken = (path: string, texts: readonly string[]): FileReport => ({
  path,
  passed: 0,
  warnings: [],
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
    const { passed, problems, warnings } = run(
      cases,
      (one) => one.name,
      (one) => caseFindings(prepared, one, watchlists),
    );
    const ofWhole = run(
      [cases],
      () => 'the file',
      (all) => coverageFindings(all, rule),
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
      problems: [...whole.map((text) => ({ case: 'the file', text })), ...ofWhole.problems, ...problems],
      warnings: [...ofWhole.warnings, ...warnings],
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
    const counts = run(
      tests,
      (one) => one.name,
      (one) => huntProblems(bound, one, watchlists).map((text) => ({ check: 'answer', text })),
    );
    return { path: file.path, ...counts };
  } catch (error) {
    return broken(file.path, [`the query does not bind: ${messageOf(error)}`]);
  }
}
