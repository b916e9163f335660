import { steps } from '../../workbook/walk.ts';
import type { WorkbookRule } from '../workbook-rule.ts';

/** Queries that leave readers with "The query returned no results". */
export const noDataMessage: WorkbookRule = {
  code: 'KQL026',
  title: 'Every query says what it means when there is no row.',
  *remarks({ workbook }) {
    for (const { item } of steps(workbook))
      if (item.kind === 'query' && item.noDataMessage.trim() === '')
        yield { at: item.path, message: `${item.name} has no noDataMessage: say what no row means` };
  },
};
