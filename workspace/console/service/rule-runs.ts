/** Which rules run when: all at given times, and afterwards each on its schedule. */
import { type ContentFile, problemText } from '../../../kql/content/content-file.ts';
import { readRuleFile, type Rule, toRule } from '../../../kql/content/read-rules.ts';
import { DELAY_MS, type Failure } from '../../rules/run-rule.ts';
import { scheduleOf } from '../../rules/runner.ts';
import type { FileTask } from '../../rules/thread-data.ts';
import { severities } from '../api.ts';

/** A rule with its file. */
export interface RuleFile {
  readonly file: ContentFile;
  readonly rule: Rule;
}

/** Rules that can be read, the severest first, and why others cannot. */
export interface RulePack {
  readonly rules: readonly RuleFile[];
  readonly failures: readonly Failure[];
}

// After a laptop has slept, older runs of a rule are not made up for: what came in since is new to the latest ones.
const MOST_MISSED_RUNS = 12;

/** Reads rules. Their queries are bound by the threads that run them. */
export function rulePack(files: readonly ContentFile[]): RulePack {
  const outcomes = files.map((file) => ({ file, outcome: readRuleFile(file) }));
  const rank = ({ rule }: RuleFile): number => severities.findIndex((severity) => severity === rule.severity);
  return {
    rules: outcomes
      .flatMap(({ file, outcome }) => (outcome.ok ? [{ file, rule: toRule(outcome.parsed.value, file.name) }] : []))
      .toSorted((a, b) => rank(a) - rank(b) || (a.rule.file < b.rule.file ? -1 : 1)),
    failures: outcomes.flatMap(({ file, outcome }) =>
      outcome.ok ? [] : [{ rule: file.name, reason: outcome.problems.map(problemText).join('; ') }],
    ),
  };
}

/** What keeps a rule from running: times up to which it has run, and rests after an alert, by id of rule. */
export interface RunState {
  readonly ranUpTo: ReadonlyMap<string, number>;
  readonly silentUntil: ReadonlyMap<string, number>;
}

/** One run of each rule that does not rest at each of the times, in the order of the times. */
export const runsAt = (
  rules: readonly RuleFile[],
  { silentUntil }: Pick<RunState, 'silentUntil'>,
  times: readonly Date[],
): readonly FileTask[] =>
  times.flatMap((now) =>
    rules
      .filter(({ rule }) => (silentUntil.get(rule.id) ?? Number.NEGATIVE_INFINITY) <= now.getTime())
      .map(({ file }) => ({ file, times: { now } })),
  );

/** The runs that are due: scheduled times since the last run whose delay is over. */
export function dueRuns(rules: readonly RuleFile[], state: RunState, nowMs: number): readonly FileTask[] {
  return rules.flatMap(({ file, rule }) => {
    const since = state.ranUpTo.get(rule.id) ?? nowMs;
    // Sentinel rests up to the end of the time, and runs at it.
    const fromMs = Math.max(since + 1, state.silentUntil.get(rule.id) ?? since);
    const toMs = nowMs - DELAY_MS;
    if (fromMs > toMs) return [];
    const due = scheduleOf(rule, { from: new Date(fromMs), to: new Date(toMs) }).slice(-MOST_MISSED_RUNS);
    const [from, to] = [due.at(0), due.at(-1)];
    return from === undefined || to === undefined ? [] : [{ file, times: { from, to } }];
  });
}

/** The time of a task's last run. */
export const lastTime = ({ times }: FileTask): Date => ('now' in times ? times.now : times.to);
