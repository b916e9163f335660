import { forbiddenConstructs } from '../../engine/log-analytics.ts';
import { at, type LintRule } from '../lint-rule.ts';

/** What the binder knows from Azure Data Explorer and Log Analytics refuses. */
export const forbiddenConstruct: LintRule = {
  code: 'KQL011',
  title: 'Log Analytics knows what the query uses.',
  *remarks({ analysis }) {
    for (const { node, reason } of forbiddenConstructs(analysis.root.descendants())) yield at(node, reason);
  },
};
