import { Watchlist } from '@pulumi/azure-native/securityinsights/watchlist.js';
import { after, inWorkspace, parentOf, type ContentSite } from './in-workspace.ts';
import type { Watchlist as Seed } from './read-watchlists.ts';

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
export const watchlists = (seeds: readonly Seed[], site: ContentSite): readonly Watchlist[] =>
  seeds.map((seed) => {
    const properties = watchlistProperties(seed);
    return new Watchlist(
      `watchlist-${seed.alias}${site.workspace.suffix}`,
      { ...parentOf(site), watchlistAlias: seed.alias, ...properties },
      { ...inWorkspace(site, after(site)), ...site.surroundings.keep, ignoreChanges: Object.keys(properties) },
    );
  });
