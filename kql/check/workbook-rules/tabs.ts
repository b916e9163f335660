import { parametersOf, steps } from '../../workbook/walk.ts';
import type { WorkbookRule } from '../workbook-rule.ts';

/** Items behind a tab that is not there, and tabs with nothing behind them. */
export const tabs: WorkbookRule = {
  code: 'KQL040',
  title: 'Every tab shows something, and nothing waits for a tab that is not there.',
  *remarks({ workbook }) {
    const all = steps(workbook).map(({ item }) => item);
    const declared = new Set(parametersOf(workbook).map(({ name }) => name));
    const set = new Map<string, Set<string>>();
    for (const item of all)
      if (item.kind === 'links')
        for (const { action } of item.links)
          if ('set' in action) set.set(action.set, (set.get(action.set) ?? new Set()).add(action.to));
    const awaited = new Set<string>();
    for (const { conditions, path, name } of all)
      for (const { parameterName, comparison, value } of conditions) {
        const values = set.get(parameterName);
        // A parameter that readers fill may hold anything.
        if (comparison !== 'isEqualTo' || values === undefined || declared.has(parameterName)) continue;
        awaited.add(`${parameterName} ${value}`);
        if (!values.has(value))
          yield {
            at: path,
            message: `${name} waits for ${parameterName} = ${value}, which no tab sets: write one of ${[...values].join(', ')}`,
          };
      }
    for (const item of all)
      if (item.kind === 'links' && item.style === 'tabs')
        for (const { action, label } of item.links)
          if ('set' in action && !awaited.has(`${action.set} ${action.to}`))
            yield { at: item.path, message: `tab ${label}: nothing waits for ${action.set} = ${action.to}` };
  },
};
