/** Watchlists as rows of the table that `_GetWatchlist` reads. */
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { type Watchlist, readWatchlists } from '../../kql/content/read-watchlists.ts';
import type { JsonRow } from '../../kql/engine/json-rows.ts';

const SEARCH_KEY = 'SearchKey';
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

/** Rows of `Watchlist` by alias. */
export type Watchlists = ReadonlyMap<string, readonly JsonRow[]>;

/** The rows of a watchlist from its items; Sentinel keeps every value as text. @param searchKey the column that is looked up by */
export function watchlistRows(
  alias: string,
  items: readonly Readonly<Record<string, unknown>>[],
  searchKey = SEARCH_KEY,
): readonly JsonRow[] {
  return items.map((item, index) => {
    // A column of that name is the key itself.
    const columns = Object.entries(item).filter(([name]) => name !== SEARCH_KEY);
    return {
      WatchlistAlias: alias,
      _DTItemType: 'watchlist-item',
      _DTItemId: `${alias}-${index}`,
      _DTItemStatus: 'Create',
      _DTTimestamp: '2026-01-01T00:00:00Z',
      TimeGenerated: '2026-01-01T00:00:00Z',
      LastUpdatedTimeUTC: '2026-01-01T00:00:00Z',
      SearchKey: textOf(item[searchKey] ?? item[SEARCH_KEY]),
      WatchlistItem: Object.fromEntries(columns.map(([name, value]) => [name, textOf(value)])),
    };
  });
}

const itemsSchema = z.array(z.record(z.string(), z.string()));

const rowsOf = ({ alias, content, searchKey }: Watchlist): readonly JsonRow[] =>
  watchlistRows(alias, itemsSchema.parse(parse(content, { columns: true, skip_empty_lines: true })), searchKey);

/** The watchlists of folders of CSV files; a later folder replaces lists of an earlier one. @throws ContentError naming file and column */
export const readWatchlistRows = (...directories: readonly string[]): Watchlists =>
  new Map(
    directories.flatMap((directory) => readWatchlists(directory).map((list) => [list.alias, rowsOf(list)] as const)),
  );
