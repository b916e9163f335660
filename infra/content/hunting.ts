import type { Resource } from '@pulumi/pulumi';
import { SavedSearch } from '@pulumi/azure-native/operationalinsights/savedSearch.js';
import { inWorkspace } from '../workspace.ts';
import { parentOf, type ContentSite } from './content-site.ts';
import type { Hunt } from '../../kql/content/read-hunting.ts';
import { rewritten, savedSearchProperties } from './saved-search.ts';

/** Saves the hunting queries, after the functions that they read. */
export const huntingQueries = (
  hunts: readonly Hunt[],
  site: ContentSite,
  functions: readonly Resource[],
): readonly SavedSearch[] =>
  hunts.map(
    (hunt) =>
      new SavedSearch(
        `hunt-${hunt.file}${site.workspace.suffix}`,
        { ...parentOf(site), savedSearchId: hunt.id, ...savedSearchProperties(hunt) },
        { ...inWorkspace(site.workspace, functions), ...rewritten },
      ),
  );
