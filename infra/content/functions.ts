import type { Resource } from '@pulumi/pulumi';
import { SavedSearch } from '@pulumi/azure-native/operationalinsights/savedSearch.js';
import { inWorkspace } from '../workspace.ts';
import { parentOf, type ContentSite } from './content-site.ts';
import type { SavedFunction } from './read-functions.ts';
import { rewritten, savedSearchProperties } from './saved-search.ts';

/** Saves the functions, each after the tables and after the functions that it calls. They are in call order. */
export function savedFunctions(
  functions: readonly SavedFunction[],
  site: ContentSite,
  tables: readonly Resource[],
): readonly SavedSearch[] {
  const saved = new Map<string, SavedSearch>();
  for (const one of functions) {
    const called = one.calls.flatMap((name) => saved.get(name) ?? []);
    saved.set(
      one.name,
      new SavedSearch(
        `function-${one.name}${site.workspace.suffix}`,
        { ...parentOf(site), savedSearchId: one.name, ...savedSearchProperties(one) },
        { ...inWorkspace(site.workspace, [...tables, ...called]), ...rewritten },
      ),
    );
  }
  return [...saved.values()];
}
