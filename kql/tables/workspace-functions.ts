import type { FunctionDefinition } from '../engine/language/schema.ts';

// The columns of a watchlist's file come from its items: bag_unpack makes them columns beside the three fixed ones.
const getWatchlist: FunctionDefinition = {
  name: '_GetWatchlist',
  parameters: 'watchlistAlias:string, keys:dynamic=dynamic([])',
  body: `Watchlist
| where WatchlistAlias == watchlistAlias and _DTItemType == "watchlist-item"
| where array_length(keys) == 0 or SearchKey in (keys)
| summarize arg_max(_DTTimestamp, _DTItemStatus, LastUpdatedTimeUTC, SearchKey, WatchlistItem) by _DTItemId
| where _DTItemStatus != "Delete"
| project _DTItemId, LastUpdatedTimeUTC, SearchKey, WatchlistItem
| evaluate bag_unpack(WatchlistItem)`,
};

/** Functions that every Sentinel workspace has, written over its tables (Microsoft Sentinel: watchlists). */
export const workspaceFunctions: readonly FunctionDefinition[] = [getWatchlist];
