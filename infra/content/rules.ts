import { ScheduledAlertRule } from '@pulumi/azure-native/securityinsights/scheduledAlertRule.js';
import { inWorkspace, parentOf, type ContentSite, type Dependencies } from './in-workspace.ts';
import type { Rule } from './read-rules.ts';
import { ruleProperties } from './rule-properties.ts';

/** Creates the rules once `dependsOn` is there: Sentinel runs a rule's query before it takes the rule. */
export const alertRules = (
  rules: readonly Rule[],
  site: ContentSite,
  dependsOn: Dependencies,
): readonly ScheduledAlertRule[] =>
  rules.map(
    (rule) =>
      new ScheduledAlertRule(
        `rule-${rule.file}${site.workspace.suffix}`,
        { ...parentOf(site), ruleId: rule.id, kind: 'Scheduled', ...ruleProperties(rule) },
        inWorkspace(site, dependsOn),
      ),
  );
