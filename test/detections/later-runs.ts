/** The incidents of a case: how many its alerts open, and that later runs over the same rows open no other. */
import { toMinutes } from '../../kql/content/duration.ts';
import type { Rule } from '../../kql/content/read-rules.ts';
import type { Alert } from '../../workspace/rules/alert.ts';
import { incidentBook } from '../../workspace/rules/incidents.ts';
import { type PreparedRule, type Reading, runRule, type Tables } from '../../workspace/rules/run-rule.ts';
import { networks } from './bases.ts';
import type { Case } from './cases.ts';
import type { Finding } from './finding.ts';
import { alertText } from './report.ts';

const msOf = (duration: string): number => (toMinutes(duration) ?? 0) * 60_000;

/** How often a rule runs, in milliseconds. */
export const frequencyMs = ({ queryFrequency }: Pick<Rule, 'queryFrequency'>): number => msOf(queryFrequency);

/** The run of a case and what it raised. */
export interface FirstRun {
  readonly prepared: PreparedRule;
  readonly one: Case;
  readonly reading: Reading;
  readonly tables: Tables;
  readonly alerts: readonly Alert[];
}

/** That alerts are swallowed by the incident of another one, or that fewer of them share one than the case says. */
export function incidentFindings({ prepared: { rule }, one, alerts }: FirstRun): readonly Finding[] {
  const book = incidentBook();
  for (const alert of alerts) book.add(rule, alert);
  const opened = book.all().length;
  if (opened === one.incidents) return [];
  const remedy =
    'group by what tells the facts apart, or write `incidents: n` in the case where they belong together on purpose';
  const text = `${alerts.length} alerts opened ${opened} incidents, expected ${one.incidents}: ${remedy}`;
  return [{ check: 'incidents', text: [text, ...alerts.map(alertText)].join('\n') }];
}

function laterFinding({ prepared, one, reading, tables, alerts }: FirstRun, later: Later): readonly Finding[] {
  const { rule } = prepared;
  const { check, afterMs, when, remedy } = later;
  const book = incidentBook();
  for (const alert of alerts) book.add(rule, alert);
  const before = book.all().length;
  const outcome = runRule(prepared, { at: new Date(one.run + afterMs), tables, reading, networks });
  if (!outcome.ok) return [{ check, text: `cannot run ${when}: ${outcome.failure.reason}` }];
  for (const alert of outcome.alerts) book.add(rule, alert);
  if (book.all().length === before) return [];
  const text = [
    `a run ${when}, with nothing new, opened a second incident: ${remedy}`,
    `first run:\n${alerts.map(alertText).join('\n')}`,
    `second run:\n${outcome.alerts.map(alertText).join('\n')}`,
  ].join('\n');
  return [{ check, text }];
}

interface Later {
  readonly check: 'again' | 'lookback';
  readonly afterMs: number;
  readonly when: string;
  readonly remedy: string;
}

/** That a run a frequency later, or one after the incident takes no more alerts, opens a second incident. */
export function laterFindings(first: FirstRun): readonly Finding[] {
  if (first.alerts.length === 0) return [];
  const { rule } = first.prepared;
  const frequency = frequencyMs(rule);
  const grouping = rule.incidentConfiguration.groupingConfiguration;
  const lookback = grouping?.enabled === true ? msOf(grouping.lookbackDuration) : 0;
  const again = laterFinding(first, {
    check: 'again',
    afterMs: frequency,
    when: 'a frequency later',
    remedy: 'select on IngestedAt, or group by what stays the same',
  });
  if (again.length > 0) return again;
  return laterFinding(first, {
    check: 'lookback',
    afterMs: lookback + frequency,
    when: `a frequency after the lookbackDuration (${grouping?.lookbackDuration ?? 'none'})`,
    remedy: 'select on IngestedAt >= ago(frequency + overlap)',
  });
}
