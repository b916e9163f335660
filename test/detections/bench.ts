/** The workspaces that cases run in, and the files that hold cases. */
import { readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ContentFile, contentFiles, normalText } from '../../kql/content/content-file.ts';
import { readFunctions } from '../../kql/functions.ts';
import { shippedWatchlists, sparseEngine } from '../../workspace/rules/rule-workspace.ts';
import { readWatchlistRows } from '../../workspace/rules/watchlist-rows.ts';
import { shippedFunctions, workspaceEngine } from '../../workspace/workspace.ts';
import { type Bench, checkHuntFile, checkRuleFile, type FileReport } from './check-file.ts';

/** The project. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Makes the workspaces: watchlists are those of the project, as they are deployed. */
export function bench(): Bench {
  const functions = readFunctions(shippedFunctions);
  return {
    engine: workspaceEngine(functions),
    bare: sparseEngine([], functions),
    watchlists: readWatchlistRows(shippedWatchlists),
  };
}

/** The rules' files. */
export const ruleFiles = (): readonly ContentFile[] => contentFiles(join(root, 'analytics-rules'), '.yaml');
/** The hunts' files. */
export const huntFiles = (): readonly ContentFile[] => contentFiles(join(root, 'kql/hunting'), '.yaml');

/** A file named on the command line. */
export const fileAt = (path: string): ContentFile => ({
  path: relative(process.cwd(), path),
  name: basename(path, '.yaml'),
  text: normalText(readFileSync(path, 'utf8')),
});

/** Runs the cases of a file: a rule has a schedule, a hunt has none. */
export const checkFile = (file: ContentFile, within: Bench): FileReport =>
  /^queryFrequency\s*:/m.test(file.text) ? checkRuleFile(file, within) : checkHuntFile(file, within);
