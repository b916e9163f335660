import { steps } from '../../workbook/walk.ts';
import { valueAt } from '../json-place.ts';
import type { WorkbookRule } from '../workbook-rule.ts';

/** What the console could not show, and the envelope that Microsoft Sentinel's gallery wants. */
export const rendered: WorkbookRule = {
  code: 'KQL023',
  title: 'Everything of a workbook can be rendered, and it names its template.',
  *remarks({ workbook, json }) {
    for (const { item } of steps(workbook)) {
      if (item.kind === 'problem') yield { at: item.path, message: `${item.name}: ${item.problem}` };
      if (item.kind === 'query')
        for (const problem of item.problems) yield { at: item.path, message: `${item.name}: ${problem}` };
    }
    const template = valueAt(json.value, ['fromTemplateId']);
    const isOurs =
      typeof template === 'string' && /^sentinel-\w+$/.test(template) && template !== 'sentinel-UserWorkbook';
    if (!isOurs)
      yield {
        at: ['fromTemplateId'],
        message: `fromTemplateId is ${JSON.stringify(template)}: write sentinel-Copilot<Name>`,
      };
    const resources = valueAt(json.value, ['fallbackResourceIds']);
    if (Array.isArray(resources) && resources.length > 0)
      yield { at: ['fallbackResourceIds'], message: 'names resources of somebody: write []' };
  },
};
