import { at, type LintRule } from '../lint-rule.ts';

/** One of our tables read where a function should be: duplicates and aliases are the functions' business. */
export const rawTable: LintRule = {
  code: 'KQL013',
  title: 'Only functions read our tables.',
  *remarks({ kind, tableReferences, schemas: { ownTables } }) {
    if (kind === 'function') return;
    for (const table of tableReferences)
      if (ownTables.has(table.name))
        yield at(
          table,
          `${table.name} is read raw, duplicates and all: read the function over it (CopilotEvents and others)`,
        );
  },
};
