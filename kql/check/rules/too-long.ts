import type { LintRule } from '../lint-rule.ts';

// Microsoft Sentinel, "Scheduled analytics rules": a query has 1 to 10,000 characters; functions of the workspace are
// the way to stay below (ADR 0016). UNVERIFIED for hunting queries: one may become a rule, so the same holds for it.
const MAX_CHARACTERS = 10_000;

/** A query that is longer than a rule may be; the functions that it calls are not counted. */
export const tooLong: LintRule = {
  code: 'KQL008',
  title: 'A query fits into a rule.',
  *remarks({ kind, analysis: { text, statements } }) {
    if (kind !== 'rule' && kind !== 'hunting') return;
    if (text.length <= MAX_CHARACTERS) return;
    const message = `${text.length} characters are more than ${MAX_CHARACTERS}: move a part into a function of kql/functions`;
    yield { offset: statements[0]?.span.start ?? 0, message };
  },
};
