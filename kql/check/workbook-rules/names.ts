import { steps } from '../../workbook/walk.ts';
import type { WorkbookRule } from '../workbook-rule.ts';

/** Names that are missing or used twice: the portal mixes such items up. */
export const names: WorkbookRule = {
  code: 'KQL024',
  title: 'Every item and every parameter has a name of its own.',
  *remarks({ workbook }) {
    const items = new Set<string>();
    const parameters = new Set<string>();
    for (const { item } of steps(workbook)) {
      if (item.kind === 'problem') continue;
      // The reader names an item that has no name by its place.
      if (item.name === item.path.filter((part) => part !== 'content').join('.'))
        yield { at: item.path, message: 'an item without a name: give it one of its own' };
      else if (items.has(item.name))
        yield { at: [...item.path, 'name'], message: `two items are named ${item.name}: rename one` };
      items.add(item.name);
      if (item.kind !== 'parameters') continue;
      for (const { name } of item.parameters) {
        if (parameters.has(name)) yield { at: item.path, message: `parameter ${name} is declared twice: remove one` };
        parameters.add(name);
      }
    }
  },
};
