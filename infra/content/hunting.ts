import type { Resource } from '@pulumi/pulumi';
import { SavedSearch } from '@pulumi/azure-native/operationalinsights/savedSearch.js';
import { after, inWorkspace, parentOf, type ContentSite } from './in-workspace.ts';
import { huntTags, type Hunt } from './read-hunting.ts';

/** The category by which Sentinel's Hunting page finds saved searches. */
export const HUNT_CATEGORY = 'Hunting Queries';

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
        {
          ...parentOf(site),
          savedSearchId: hunt.id,
          displayName: hunt.name,
          category: HUNT_CATEGORY,
          query: hunt.query,
          tags: huntTags(hunt),
          version: 2,
        },
        inWorkspace(site, after(site, functions)),
      ),
  );
