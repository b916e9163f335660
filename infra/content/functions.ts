import type { Resource } from '@pulumi/pulumi';
import { SavedSearch } from '@pulumi/azure-native/operationalinsights/savedSearch.js';
import { after, inWorkspace, parentOf, type ContentSite } from './in-workspace.ts';
import type { SavedFunction } from './read-functions.ts';

/** The folder that the Logs page shows functions in. */
export const FUNCTION_CATEGORY = 'Microsoft Copilot';

/** Saves the functions, each after the tables and after the functions that it calls. They are in call order. */
export function savedFunctions(
  functions: readonly SavedFunction[],
  site: ContentSite,
  tables: readonly Resource[],
): readonly SavedSearch[] {
  const saved = new Map<string, SavedSearch>();
  for (const { name, parameters, query, calls } of functions) {
    const called = calls.flatMap((one) => saved.get(one) ?? []);
    saved.set(
      name,
      new SavedSearch(
        `function-${name}${site.workspace.suffix}`,
        {
          ...parentOf(site),
          savedSearchId: name,
          displayName: name,
          category: FUNCTION_CATEGORY,
          functionAlias: name,
          ...(parameters === '' ? {} : { functionParameters: parameters }),
          query,
          // The query language's version; without it, updates of a saved search are refused for their etag.
          version: 2,
        },
        inWorkspace(site, after(site, tables, called)),
      ),
    );
  }
  return [...saved.values()];
}
