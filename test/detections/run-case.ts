/** Runs one case of a rule in both readings of its delay, and what must follow from it. */
import type { Rule } from '../../kql/content/read-rules.ts';
import { type PreparedRule, type Reading, runRule, type RunOutcome } from '../../workspace/rules/run-rule.ts';
import type { Watchlists } from '../../workspace/rules/watchlist-rows.ts';
import { isCarried } from './activity-row.ts';
import { networks } from './bases.ts';
import type { Case } from './cases.ts';
import type { Check, Finding } from './finding.ts';
import { frequencyMs, incidentFindings, laterFindings } from './later-runs.ts';
import { areExpected } from './match.ts';
import { alertText, expectedText, rowsText } from './report.ts';
import { scene, type SceneOptions } from './scene.ts';
import { misshapen } from './shapes.ts';

// Just young enough to keep the time of the event as TimeGenerated: a period must reach that far.
const LATE_MS = 45 * 3_600_000;
const readings: readonly Reading[] = ['scheduled', 'delayed'];
const shown: Readonly<Record<Reading, string>> = {
  scheduled: 'now() is the scheduled time',
  delayed: 'now() is five minutes later',
};

const optionsOf = ({ run, late, isTwice }: Case, rule: Rule): SceneOptions => ({
  run,
  late,
  ...(isTwice ? { again: frequencyMs(rule) / 2 } : {}),
});

/** Whether a path of `decisive` names a field, not a whole row or watchlist. */
export const isFieldPath = (path: string): boolean => !/^(?:record|row|watchlist):/.test(path);

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

const finding = (check: Check, text: string | undefined): readonly Finding[] =>
  text === undefined ? [] : [{ check, text }];

/** What is wrong with a case whose rows lack what is decisive; undefined where the rule is silent. */
function decisiveProblem(
  prepared: PreparedRule,
  one: Case,
  reading: Reading,
  mutated: ReturnType<typeof scene>,
  without: string,
): string | undefined {
  if (!mutated.isTaken) return `decisive: ${without}: the case has no such field or row`;
  const outcome = runRule(prepared, { at: new Date(one.run), tables: mutated.tables, reading, networks });
  if (!outcome.ok) return `cannot run: ${outcome.failure.reason}`;
  if (outcome.alerts.length === 0) return undefined;
  return `decisive: ${without} is taken away, and the rule still fires:\n${outcome.alerts.map(alertText).join('\n')}`;
}

/** Whether a case's records, as rows of Microsoft's own table, raise alerts too; undefined where it holds no records. */
export function firesOnActivity(prepared: PreparedRule, one: Case, watchlists: Watchlists): boolean | undefined {
  if (!one.given.some(({ record }) => record !== undefined)) return undefined;
  const { tables } = scene(one.given, watchlists, { ...optionsOf(one, prepared.rule), records: 'CopilotActivity' });
  const outcome = runRule(prepared, { at: new Date(one.run), tables, networks });
  return outcome.ok && outcome.alerts.length === one.expect.length;
}

/** A silent case that fires on Microsoft's table, unless it needs what that table has no place for. */
function microsoftFindings(prepared: PreparedRule, one: Case, watchlists: Watchlists): readonly Finding[] {
  const isMore = one.given.some(
    ({ record, columns, set }) =>
      record !== undefined && (Object.keys(columns).length > 0 || !Object.keys(set).every(isCarried)),
  );
  if (one.expect.length > 0 || isMore || firesOnActivity(prepared, one, watchlists) !== false) return [];
  return finding('microsoft', "records as rows of Microsoft's table CopilotActivity: the case should be silent");
}

/** The case once more, 45 h late. */
function lateFindings(prepared: PreparedRule, one: Case, watchlists: Watchlists): readonly Finding[] {
  if (one.late === 0 || one.late === LATE_MS) return [];
  const { tables } = scene(one.given, watchlists, { ...optionsOf(one, prepared.rule), late: LATE_MS });
  return readings.flatMap((reading) => {
    const problem = answerProblem(one, runRule(prepared, { at: new Date(one.run), tables, reading, networks }));
    return finding('late', problem === undefined ? undefined : `late: 45h: ${shown[reading]}: ${problem}`);
  });
}

/** All that is wrong with a rule in a case; empty when it passes. */
export function caseFindings(prepared: PreparedRule, one: Case, watchlists: Watchlists): readonly Finding[] {
  const options = optionsOf(one, prepared.rule);
  const { tables } = scene(one.given, watchlists, options);
  const mutations = one.decisive.map((without) => ({
    without,
    mutated: scene(one.given, watchlists, { ...options, without }),
  }));
  const ofReading = (reading: Reading): readonly Finding[] => {
    const outcome = runRule(prepared, { at: new Date(one.run), tables, reading, networks });
    const problem = answerProblem(one, outcome);
    if (!outcome.ok || problem !== undefined) return finding('answer', problem);
    const first = { prepared, one, reading, tables, alerts: outcome.alerts };
    return [
      ...outcome.alerts.flatMap(misshapen).flatMap((text) => finding('shape', text)),
      ...incidentFindings(first),
      ...laterFindings(first),
      ...mutations.flatMap(({ without, mutated }) =>
        finding('decisive', decisiveProblem(prepared, one, reading, mutated, without)),
      ),
    ];
  };
  const vacuous = mutations.flatMap(({ without, mutated: { isTaken, rowCount } }) =>
    isTaken && rowCount === 0
      ? finding('vacuous', `decisive: ${without}: without it no row is left, which silences any rule: name a field`)
      : [],
  );
  return [
    ...vacuous,
    ...readings.flatMap((reading) =>
      ofReading(reading).map(({ check, text }) => ({ check, text: `${shown[reading]}: ${text}` })),
    ),
    ...lateFindings(prepared, one, watchlists),
    ...microsoftFindings(prepared, one, watchlists),
  ];
}
