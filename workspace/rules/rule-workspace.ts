/** A directory of rows as rules see it: only the tables that are there, and watchlists. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Engine, engine } from '../../kql/engine/engine.ts';
import { fromJsonRows } from '../../kql/engine/json-rows.ts';
import type { FunctionDefinition } from '../../kql/engine/language/schema.ts';
import type { NetworkLocation } from '../../kql/engine/scope.ts';
import { readFunctions } from '../../kql/functions.ts';
import { logAnalyticsTables } from '../../kql/tables/log-analytics.ts';
import { shippedTables } from '../../kql/tables/shipped-tables.ts';
import { workspaceFunctions } from '../../kql/tables/workspace-functions.ts';
import { directoryTables, schemaOf, shippedFunctions } from '../workspace.ts';
import type { Tables } from './run-rule.ts';
import { readWatchlistRows, type Watchlists } from './watchlist-rows.ts';

/** The folder of the shipped watchlists. */
export const shippedWatchlists = fileURLToPath(new URL('../../watchlists', import.meta.url));

// What Sentinel makes in every workspace; other tables come with the product that fills them.
const always: ReadonlySet<string> = new Set([
  'Watchlist',
  'SecurityAlert',
  'SecurityIncident',
  'SentinelHealth',
  'Operation',
  'Usage',
]);

/** An engine that knows the product's tables, those that Sentinel always has, and the named ones: a rule that reads
 *  another table does not bind, as in Azure. */
export function sparseEngine(
  names: Iterable<string>,
  functions: readonly FunctionDefinition[] = readFunctions(shippedFunctions),
): Engine {
  const there = new Set([...always, ...names]);
  return engine({
    tables: [...shippedTables, ...logAnalyticsTables.filter(({ name }) => there.has(name))],
    functions: [...workspaceFunctions, ...functions],
  });
}

/** Watchlists as the table that holds them. */
export const watchlistTable = (lists: Watchlists): Tables => ({
  Watchlist: fromJsonRows(schemaOf('Watchlist'), [...lists.values()].flat()),
});

/** What a directory holds. */
export interface RuleWorkspace {
  readonly engine: Engine;
  readonly tables: Tables;
  /** Where addresses are; undefined where the directory does not say. */
  readonly networks: readonly NetworkLocation[] | undefined;
}

const networksSchema = z.array(
  z.object({
    network: z.string(),
    country: z.string().optional(),
    state: z.string().optional(),
    city: z.string().optional(),
    latitude: z.number().optional(),
    longitude: z.number().optional(),
  }),
);

/** Places of networks as `geo_info_from_ip_address` answers them: a JSON array of `{ network, country, ... }`. */
export function readNetworks(path: string): readonly NetworkLocation[] | undefined {
  if (!existsSync(path)) return undefined;
  try {
    // A member that is undefined is not there.
    return JSON.parse(JSON.stringify(networksSchema.parse(JSON.parse(readFileSync(path, 'utf8')))));
  } catch (cause) {
    throw new Error(`${path}: must be a JSON array of { network, country, city, latitude, longitude }`, { cause });
  }
}

/**
 * Opens a directory of rows. Rows of `Watchlist` are all the watchlists there are; without them the shipped lists
 * count, each replaced by `<directory>/watchlists/<Alias>.csv` where that is there.
 * `<directory>/networks.json` tells where addresses are; without it a rule that asks so cannot run.
 * @throws Error naming a watchlist or a file that cannot be read
 */
export function ruleWorkspace(directory: string): RuleWorkspace {
  const found = directoryTables(directory);
  const lists = readWatchlistRows(shippedWatchlists, join(directory, 'watchlists'));
  return {
    engine: sparseEngine(Object.keys(found)),
    tables: { ...watchlistTable(lists), ...found },
    networks: readNetworks(join(directory, 'networks.json')),
  };
}
