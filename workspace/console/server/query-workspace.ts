/** A directory of rows as the console's queries see it: every table known, those without rows empty, watchlists there. */
import { join } from 'node:path';
import type { Engine, RunOptions } from '../../../kql/engine/engine.ts';
import type { TableRows } from '../../../kql/engine/table-reader.ts';
import type { SchemaEntry } from '../api.ts';
import { readNetworks, shippedWatchlists, watchlistTable } from '../../rules/rule-workspace.ts';
import { readWatchlistRows } from '../../rules/watchlist-rows.ts';
import { directoryTables, workspaceEngine } from '../../workspace.ts';
import { functionEntries } from './schema-answer.ts';

/** What a query runs on. */
export type QueryData = Pick<RunOptions, 'tables' | 'networks'>;

/** An engine, and the rows there are. */
export interface QueryWorkspace {
  readonly engine: Engine;
  /** The rows of a version of the files; the same ones while it is the same. @throws Error naming a file of networks that cannot be read */
  readonly data: (version: string) => QueryData;
  /** The product's functions with their columns, found out once. */
  readonly functions: () => readonly SchemaEntry[];
}

// Only a query that reads watchlists should fail for one that is broken.
function watchlists(directory: string): TableRows {
  let read: TableRows | undefined;
  return (mentioned) => {
    read ??= watchlistTable(readWatchlistRows(shippedWatchlists, join(directory, 'watchlists')))['Watchlist'];
    if (read === undefined) throw new Error('Watchlist: the workspace has no such table');
    return typeof read === 'function' ? read(mentioned) : read;
  };
}

function open(directory: string): QueryData {
  const networks = readNetworks(join(directory, 'networks.json'));
  return {
    tables: { Watchlist: watchlists(directory), ...directoryTables(directory) },
    ...(networks === undefined ? {} : { networks }),
  };
}

/** Makes the engine ready, some 0.3 s; nothing of the directory is read before a query asks for it. */
export function queryWorkspace(directory: string): QueryWorkspace {
  const engine = workspaceEngine();
  let functions: readonly SchemaEntry[] | undefined;
  let opened: { readonly version: string; readonly data: QueryData } | undefined;
  return {
    engine,
    functions: () => (functions ??= functionEntries(engine)),
    data: (version) => {
      if (opened?.version !== version) opened = { version, data: open(directory) };
      return opened.data;
    },
  };
}
