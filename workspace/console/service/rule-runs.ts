/** Which rules run when: all at given times, and afterwards each on its schedule. */
import { type ContentFile, problemText } from '../../../kql/content/content-file.ts';
import { toMinutes } from '../../../kql/content/duration.ts';
import { readRuleFile, type Rule, toRule } from '../../../kql/content/read-rules.ts';
import { DELAY_MS, type Failure } from '../../rules/run-rule.ts';
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

// After a laptop has slept.
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

/** The times of a rule that have come since it last ran, and whose delay is over: each a frequency after the one before. */
function dueTimes(rule: Rule, { ranUpTo, silentUntil }: RunState, nowMs: number): readonly Date[] {
  const since = ranUpTo.get(rule.id);
  const everyMs = (toMinutes(rule.queryFrequency) ?? 0) * 60_000;
  if (since === undefined || everyMs <= 0) return [];
  const count = Math.max(0, Math.floor((nowMs - DELAY_MS - since) / everyMs));
  const fromMs = silentUntil.get(rule.id) ?? since;
  return (
    Array.from({ length: count }, (_, index) => new Date(since + (index + 1) * everyMs))
      // Sentinel rests up to the end of the time, and runs at it.
      .filter((time) => time.getTime() >= fromMs)
  );
}

/**
 * The runs that are due. Of many that were missed, the first looks at what came in before they were, and the latest at
 * what came in afterwards; those in between would find nothing new.
 */
export const dueRuns = (rules: readonly RuleFile[], state: RunState, nowMs: number): readonly FileTask[] =>
  rules.flatMap(({ file, rule }) => {
    const due = dueTimes(rule, state, nowMs);
    const at = due.length > MOST_MISSED_RUNS ? [...due.slice(0, 1), ...due.slice(1 - MOST_MISSED_RUNS)] : due;
    return at.length === 0 ? [] : [{ file, times: { at } }];
  });

/**
 * The runs of a start: one now of a rule that has never run; of others the first one that was missed, and one now where
 * that is later by a frequency. What came in a moment ago is not looked at twice, and nothing is left out.
 */
export const startRuns = (rules: readonly RuleFile[], state: RunState, nowMs: number): readonly FileTask[] =>
  rules.flatMap(({ file, rule }) => {
    const now = new Date(nowMs);
    if (!state.ranUpTo.has(rule.id)) return runsAt([{ file, rule }], state, [now]);
    const [first, ...more] = dueTimes(rule, state, nowMs);
    if (first === undefined) return [];
    return [{ file, times: { at: more.length === 0 ? [first] : [first, now] } }];
  });

/** The time of a task's last run. */
export const lastTime = ({ times }: FileTask): Date =>
  'now' in times ? times.now : 'to' in times ? times.to : (times.at.at(-1) ?? new Date(0));
