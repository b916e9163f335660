import { ScheduledAlertRule } from '@pulumi/azure-native/securityinsights/scheduledAlertRule.js';
import { inWorkspace } from '../workspace.ts';
import { parentOf, type ContentSite, type Dependencies } from './content-site.ts';
import type { Rule } from '../../kql/content/read-rules.ts';
import { ruleProperties } from './rule-properties.ts';

/** Creates the rules once all of `dependsOn` is there, the onboarding state among it: Sentinel runs a rule's query before it takes the rule. */
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
        { ...inWorkspace(site.workspace), dependsOn },
      ),
  );
