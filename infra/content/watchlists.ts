import { Watchlist } from '@pulumi/azure-native/securityinsights/watchlist.js';
import { inWorkspace } from '../workspace.ts';
import { parentOf, type ContentSite } from './content-site.ts';
import type { Watchlist as Seed } from '../../kql/content/read-watchlists.ts';

/** Properties of a watchlist as the API takes them. */
export const watchlistProperties = (seed: Seed) =>
  ({
    displayName: seed.displayName,
    description: `Seeded by copilot-sentinel. The items are yours: they are never written again. KQL: _GetWatchlist('${seed.alias}')`,
    provider: 'copilot-sentinel',
    source: `${seed.alias}.csv`,
    sourceType: 'Local',
    contentType: 'text/csv',
    itemsSearchKey: seed.searchKey,
    numberOfLinesToSkip: 0,
    rawContent: seed.content,
  }) as const;

/** Seeds the watchlists once. Their items are the SOC's from then on: no input is ever sent again, because an update of
 *  any property sends the seed along. */
export const watchlists = (seeds: readonly Seed[], { workspace, surroundings }: ContentSite): readonly Watchlist[] =>
  seeds.map((seed) => {
    const properties = watchlistProperties(seed);
    return new Watchlist(
      `watchlist-${seed.alias}${workspace.suffix}`,
      { ...parentOf({ workspace }), watchlistAlias: seed.alias, ...properties },
      {
        ...inWorkspace(workspace),
        // Not protected: removing a file would stop `pulumi up` otherwise. The watchlist stays in Azure.
        retainOnDelete: surroundings.keep.retainOnDelete,
        ignoreChanges: Object.keys(properties),
      },
    );
  });
