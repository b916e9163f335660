import { parse } from 'yaml';
import { z } from 'zod';
import { flag, fromJson, ruleOverride } from '../configuration-types.ts';
import type { Rule } from '../../kql/content/read-rules.ts';
import { applyRuleOverrides } from '../content/rule-overrides.ts';

const stackShape = z.looseObject({
  config: z
    .looseObject({
      'copilot-sentinel:content.rulesEnabled': flag.default(true),
      'copilot-sentinel:content.rules': z.preprocess(fromJson, z.record(z.string(), ruleOverride).default({})),
    })
    .default({ 'copilot-sentinel:content.rulesEnabled': true, 'copilot-sentinel:content.rules': {} }),
});

/** The rules as a stack file (`Pulumi.<stack>.yaml`) wants them; its secrets are not looked at.
 *  @throws Error naming the key, ContentError for a rule that does not exist. */
export function expectedRules(rules: readonly Rule[], stackFile: string): readonly Rule[] {
  const parsed = stackShape.safeParse(parse(stackFile) ?? {});
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new Error(`--config: ${problems.join('; ')}: give the Pulumi.<stack>.yaml that was deployed`);
  }
  const { config } = parsed.data;
  return applyRuleOverrides(rules, {
    isEnabled: config['copilot-sentinel:content.rulesEnabled'],
    overrides: config['copilot-sentinel:content.rules'],
  });
}
