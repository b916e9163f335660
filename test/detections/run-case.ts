/** Runs one case of a rule in both readings of its delay, and once more a frequency later. */
import { toMinutes } from '../../kql/content/duration.ts';
import type { Rule } from '../../kql/content/read-rules.ts';
import { incidentBook } from '../../workspace/rules/incidents.ts';
import { type PreparedRule, type Reading, runRule, type RunOutcome } from '../../workspace/rules/run-rule.ts';
import type { Watchlists } from '../../workspace/rules/watchlist-rows.ts';
import { networks } from './bases.ts';
import type { Case } from './cases.ts';
import { areExpected } from './match.ts';
import { alertText, expectedText, rowsText } from './report.ts';
import { scene, type SceneOptions } from './scene.ts';

const readings: readonly Reading[] = ['scheduled', 'delayed'];
const shown: Readonly<Record<Reading, string>> = {
  scheduled: 'now() is the scheduled time',
  delayed: 'now() is five minutes later',
};

const frequencyMs = (rule: Rule): number => (toMinutes(rule.queryFrequency) ?? 0) * 60_000;

const optionsOf = ({ run, late, isTwice }: Case, rule: Rule): SceneOptions => ({
  run,
  late,
  ...(isTwice ? { again: frequencyMs(rule) / 2 } : {}),
});

/** What is wrong with a run that should have had no alert; undefined for none. */
function firedProblem(outcome: RunOutcome, why: string): string | undefined {
  if (!outcome.ok) return `cannot run: ${outcome.failure.reason}`;
  return outcome.alerts.length === 0 ? undefined : `${why}\n${outcome.alerts.map(alertText).join('\n')}`;
}

function secondRunProblem(
  prepared: PreparedRule,
  one: Case,
  reading: Reading,
  outcome: RunOutcome,
  tables: ReturnType<typeof scene>['tables'],
) {
  if (!outcome.ok || outcome.alerts.length === 0) return undefined;
  const { rule } = prepared;
  const book = incidentBook();
  for (const alert of outcome.alerts) book.add(rule, alert);
  const before = book.all().length;
  const second = runRule(prepared, { at: new Date(one.run + frequencyMs(rule)), tables, reading, networks });
  if (!second.ok) return `cannot run a frequency later: ${second.failure.reason}`;
  for (const alert of second.alerts) book.add(rule, alert);
  if (book.all().length === before) return undefined;
  return [
    'a run a frequency later, with nothing new, opened a second incident: select on IngestedAt, or group by what stays the same',
    `first run:\n${outcome.alerts.map(alertText).join('\n')}`,
    `second run:\n${second.alerts.map(alertText).join('\n')}`,
  ].join('\n');
}

function answerProblem(one: Case, outcome: RunOutcome): string | undefined {
  if (!outcome.ok) return `cannot run: ${outcome.failure.reason}`;
  if (areExpected(outcome.alerts, one.expect)) return undefined;
  return [
    `expected ${one.expect.length} alerts:`,
    ...one.expect.map(expectedText),
    `got ${outcome.alerts.length}:`,
    ...outcome.alerts.map(alertText),
    rowsText(outcome.result),
  ].join('\n');
}

/** Whether a case's records, as rows of Microsoft's own table, raise alerts too; undefined where it holds no records. */
export function firesOnActivity(prepared: PreparedRule, one: Case, watchlists: Watchlists): boolean | undefined {
  if (!one.given.some(({ record }) => record !== undefined)) return undefined;
  const { tables } = scene(one.given, watchlists, { ...optionsOf(one, prepared.rule), records: 'CopilotActivity' });
  const outcome = runRule(prepared, { at: new Date(one.run), tables, networks });
  return outcome.ok && outcome.alerts.length === one.expect.length;
}

/** All that is wrong with a rule in a case; empty when it passes. */
export function caseProblems(prepared: PreparedRule, one: Case, watchlists: Watchlists): readonly string[] {
  const { rule } = prepared;
  const at = new Date(one.run);
  const options = optionsOf(one, rule);
  const { tables } = scene(one.given, watchlists, options);
  return readings.flatMap((reading) => {
    const outcome = runRule(prepared, { at, tables, reading, networks });
    const problem = answerProblem(one, outcome) ?? secondRunProblem(prepared, one, reading, outcome, tables);
    const mutations = one.decisive.map((without) => {
      const mutated = scene(one.given, watchlists, { ...options, without });
      if (!mutated.isTaken) return `decisive: ${without}: the case has no such field or row`;
      return firedProblem(
        runRule(prepared, { at, tables: mutated.tables, reading, networks }),
        `decisive: ${without} is taken away, and the rule still fires:`,
      );
    });
    return [problem, ...(problem === undefined ? mutations : [])].flatMap((text) =>
      text === undefined ? [] : [`${shown[reading]}: ${text}`],
    );
  });
}
