import type { z } from 'zod';
import { readAll, ContentError } from './content-error.ts';
import { type ContentFile, contentFiles, type FileOutcome, parseYaml, readYaml } from './content-file.ts';
import { ruleSchema } from './rule-schema.ts';

/** An analytics rule: the fields of its YAML, durations in ISO 8601. */
export interface Rule extends Readonly<Omit<z.output<typeof ruleSchema>, 'tests' | 'metadata' | 'status'>> {
  /** File name without `.yaml`: the name that configuration and logical resource names use. */
  readonly file: string;
  readonly enabled: boolean;
}

/** A rule file with its tests. */
export type RuleDocument = z.output<typeof ruleSchema>;

/** Reads one rule file; what its query means is looked at elsewhere (kql/check/rule-problems). */
export const readRuleFile = (file: ContentFile): FileOutcome<RuleDocument> => readYaml(file, ruleSchema);

/** The rule of a document, enabled. */
export function toRule(document: RuleDocument, file: string): Rule {
  const { tests: _tests, metadata: _metadata, status: _status, ...rule } = document;
  return { ...rule, file, enabled: true };
}

/** The rules of a folder, all enabled. @throws ContentError naming file and field, and when two rules share an id. */
export function readRules(directory: string): readonly Rule[] {
  const rules = readAll(contentFiles(directory, '.yaml'), (file) => toRule(parseYaml(file, ruleSchema), file.name));
  const doubles = rules.filter((rule, index) => rules.findIndex(({ id }) => id === rule.id) !== index);
  if (doubles.length > 0)
    throw new ContentError(
      doubles.map(({ file, id }) => `analytics-rules/${file}.yaml: id: ${id} is another rule's: take a new GUID`),
    );
  return rules;
}
