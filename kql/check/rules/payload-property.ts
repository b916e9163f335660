import type { LintRule } from '../lint-rule.ts';
import { payloadPaths, type PathRemark } from '../payload-paths.ts';

const rule = (code: string, title: string, kind: PathRemark['kind']): LintRule => ({
  code,
  title,
  *remarks(subject) {
    for (const remark of payloadPaths(subject))
      if (remark.kind === kind) yield { offset: remark.offset, message: remark.message };
  },
});

/** Fields that detections wish for and audit records never hold. */
export const absentProperty = rule('KQL009', 'The payload holds the fields that the query reads.', 'absent');

/** Property paths of `LLMEventData` that lead nowhere. */
export const unknownProperty = rule('KQL010', 'Property paths of LLMEventData exist.', 'unknown');

/** One item of an array of the payload, where the array has several. */
export const singleItem = rule('KQL018', 'Arrays of LLMEventData are expanded, not read by index.', 'index');
