import type { RuleOverride } from '../types.ts';
import { ContentError, readAll } from '../../kql/content/content-error.ts';
import { toMinutes } from '../../kql/content/duration.ts';
import type { Rule } from '../../kql/content/read-rules.ts';
import { scheduleProblems } from '../../kql/content/rule-schema.ts';

function overridden(rule: Rule, override: RuleOverride, enabled: boolean): Rule {
  const frequency = override.frequency ?? rule.queryFrequency;
  const fail = (problem: string): string => `content.rules: ${rule.file}: ${problem}`;
  // A rule's query selects what came in since its last run: it knows the frequency of the file.
  if ((toMinutes(frequency) ?? 0) > (toMinutes(rule.queryFrequency) ?? 0))
    throw new ContentError([
      fail(
        `frequency: ${frequency} is longer than the file's ${rule.queryFrequency}: rows between two runs would be missed`,
      ),
    ]);
  const problems = scheduleProblems(frequency, rule.queryPeriod);
  if (problems.length > 0) throw new ContentError(problems.map(fail));
  return {
    ...rule,
    enabled: override.enabled ?? enabled,
    queryFrequency: frequency,
    triggerThreshold: override.threshold ?? rule.triggerThreshold,
    severity: override.severity ?? rule.severity,
  };
}

/** The rules as configuration wants them: all on or off, then the override by file name.
 *  @throws ContentError for a name that no rule has, and for a schedule that Sentinel or the rule's query cannot keep. */
export function applyRuleOverrides(
  rules: readonly Rule[],
  wanted: { readonly isEnabled: boolean; readonly overrides: Readonly<Record<string, RuleOverride>> },
): readonly Rule[] {
  const names = rules.map(({ file }) => file);
  const unknown = Object.keys(wanted.overrides).filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new ContentError(
      unknown.map((name) =>
        names.length === 0
          ? `content.rules: ${name} is no rule: analytics-rules/ is empty`
          : `content.rules: ${name} is no rule; rules are ${names.join(', ')}`,
      ),
    );
  return readAll(rules, (rule) => overridden(rule, wanted.overrides[rule.file] ?? {}, wanted.isEnabled));
}
