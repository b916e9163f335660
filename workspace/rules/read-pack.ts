/** The rules that a run takes: the shipped ones, or one file. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { boundProblems } from '../../kql/check/rule-problems.ts';
import { type ContentFile, contentFiles, normalText, problemText } from '../../kql/content/content-file.ts';
import { readRuleFile, toRule } from '../../kql/content/read-rules.ts';
import type { Engine } from '../../kql/engine/engine.ts';
import { type Failure, type PreparedRule, reasonOf } from './run-rule.ts';

const shippedRules = fileURLToPath(new URL('../../analytics-rules', import.meta.url));

/** The files of all shipped rules. */
export const shippedRuleFiles = (): readonly ContentFile[] => contentFiles(shippedRules, '.yaml');

/** The file of a path, or of the name of a shipped rule. @throws Error where there is none */
export function ruleFile(nameOrPath: string): ContentFile {
  const shipped = shippedRuleFiles().find(({ name }) => name === nameOrPath);
  if (shipped !== undefined) return shipped;
  const text = normalText(readFileSync(nameOrPath, 'utf8'));
  return { path: nameOrPath, name: basename(nameOrPath, '.yaml'), text };
}

/** A rule that can run, or why it cannot. */
export type OpenedRule =
  | { readonly ok: true; readonly prepared: PreparedRule }
  | { readonly ok: false; readonly failure: Failure };

/** Reads a rule and binds its query; what Sentinel would not take is told with file, line and remedy. */
export function openRule(file: ContentFile, engine: Engine): OpenedRule {
  const fail = (reason: string): OpenedRule => ({ ok: false, failure: { rule: file.name, reason } });
  const outcome = readRuleFile(file);
  if (!outcome.ok) return fail(outcome.problems.map(problemText).join('; '));
  const rule = toRule(outcome.parsed.value, file.name);
  try {
    const query = engine.prepare(rule.query);
    const problems = boundProblems(file, outcome.parsed, query.analysis);
    return problems.length > 0 ? fail(problems.map(problemText).join('; ')) : { ok: true, prepared: { rule, query } };
  } catch (error) {
    return fail(reasonOf(error));
  }
}
