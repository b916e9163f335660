/** What makes a rule file one that must not ship: its fields, what they say of the query, and missing tests. */
import { toMinutes } from '../content/duration.ts';
import type { ContentFile, ContentProblem, ParsedFile } from '../content/content-file.ts';
import { missingTests } from '../content/missing-tests.ts';
import { readHuntFile } from '../content/read-hunting.ts';
import { readRuleFile, type RuleDocument } from '../content/read-rules.ts';
import { placesOf } from '../content/yaml-place.ts';
import type { Analysis } from '../engine/language/language.ts';
import { alertFieldRemarks } from './alert-fields.ts';
import { lookBackRemarks } from './look-back.ts';
import { yamlQuery } from './yaml-query.ts';

/** A problem with the code that `kql:check` shows. */
export interface RuleProblem extends ContentProblem {
  readonly code: 'KQL019' | 'KQL020' | 'KQL021' | 'KQL022';
}

type Analyze = (text: string) => Analysis;

/** What the query says of a rule that is well-formed: columns that it does not return (KQL020), a look-back beyond the
 *  period (KQL021). */
export function boundProblems(
  file: ContentFile,
  { value, at }: ParsedFile<RuleDocument>,
  analysis: Analysis,
): readonly RuleProblem[] {
  const { path, text } = file;
  const { toFileOffset } = yamlQuery(path, text, 'rule');
  const place = placesOf(text);
  const fields = alertFieldRemarks(value, analysis.columns).map(({ path: field, message }): RuleProblem => ({
    path,
    ...at(field),
    code: 'KQL020',
    message,
  }));
  const span = { period: toMinutes(value.queryPeriod) ?? 0, frequency: toMinutes(value.queryFrequency) ?? 0 };
  const back = lookBackRemarks(analysis, span).map(({ offset, message }): RuleProblem => ({
    path,
    ...place(toFileOffset(offset)),
    code: 'KQL021',
    message,
  }));
  return [...fields, ...back];
}

/** All problems of a rule's file beside those of the binder: its shape (KQL019), what the query says of it, and tests
 *  that it lacks (KQL022). */
export function ruleProblems(file: ContentFile, analyze: Analyze): readonly RuleProblem[] {
  const outcome = readRuleFile(file);
  if (!outcome.ok) return outcome.problems.map((problem) => ({ ...problem, code: 'KQL019' }));
  const { value, at } = outcome.parsed;
  const lacks = missingTests(value.tests).map((message): RuleProblem => ({
    path: file.path,
    ...at(['tests']),
    code: 'KQL022',
    message: `tests: ${message}`,
  }));
  return [...boundProblems(file, outcome.parsed, analyze(value.query)), ...lacks];
}

/** All that is wrong with the shape of a hunt's file (KQL019). */
export function huntProblems(file: ContentFile): readonly RuleProblem[] {
  const outcome = readHuntFile(file);
  return outcome.ok ? [] : outcome.problems.map((problem) => ({ ...problem, code: 'KQL019' }));
}
