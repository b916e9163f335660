import { join } from 'node:path';
import { readAll } from '../../kql/content/content-error.ts';
import { readSavedFunctions, type SavedFunction } from './read-functions.ts';
import { readHunts, type Hunt } from '../../kql/content/read-hunting.ts';
import { readRules, type Rule } from '../../kql/content/read-rules.ts';
import { readWatchlists, type Watchlist } from '../../kql/content/read-watchlists.ts';
import { readWorkbooks, type Workbook } from './read-workbooks.ts';

/** All that is shipped beside tables and collector. */
export interface Content {
  /** In the order of their calls. */
  readonly functions: readonly SavedFunction[];
  readonly hunts: readonly Hunt[];
  readonly watchlists: readonly Watchlist[];
  readonly rules: readonly Rule[];
  readonly workbooks: readonly Workbook[];
}

/** Where rules lie below the project's root. */
export const RULES_FOLDER = 'analytics-rules';

/** Reads the content folders below the project's root; a folder that is not there holds nothing.
 *  @throws ContentError with the problems of all folders. */
export function readContent(root: string): Content {
  const content: { -readonly [K in keyof Content]: Content[K] } = {
    functions: [],
    hunts: [],
    watchlists: [],
    rules: [],
    workbooks: [],
  };
  const readers = [
    () => (content.functions = readSavedFunctions(join(root, 'kql/functions'))),
    () => (content.hunts = readHunts(join(root, 'kql/hunting'))),
    () => (content.watchlists = readWatchlists(join(root, 'watchlists'))),
    () => (content.rules = readRules(join(root, RULES_FOLDER))),
    () => (content.workbooks = readWorkbooks(join(root, 'workbooks'))),
  ];
  readAll(readers, (read) => read());
  return content;
}
