/** The runs of one rule's file, in a form that threads can pass on. */
import type { ContentFile } from '../../kql/content/content-file.ts';
import type { Rule } from '../../kql/content/read-rules.ts';
import type { Alert } from './alert.ts';
import { openRule, type OpenedRule } from './read-pack.ts';
import type { RuleWorkspace } from './rule-workspace.ts';
import type { Failure } from './run-rule.ts';
import { evaluateRule, type Times } from './runner.ts';

/** What a file's runs came to; `rule` is missing where the file holds none that can run. */
export interface FileEvaluation {
  readonly rule?: Rule;
  readonly alerts: readonly Alert[];
  readonly failure?: Failure;
}

/** Opens rules' files in a workspace, each once, and runs them. */
export function fileEvaluator({
  engine,
  tables,
  networks,
}: RuleWorkspace): (file: ContentFile, times: Times) => FileEvaluation {
  const known = new Map<string, OpenedRule>();
  return (file, times) => {
    const opened = known.get(file.path) ?? openRule(file, engine);
    known.set(file.path, opened);
    if (!opened.ok) return { alerts: [], failure: opened.failure };
    const { prepared } = opened;
    return { rule: prepared.rule, ...evaluateRule(prepared, times, { tables, networks }) };
  };
}
