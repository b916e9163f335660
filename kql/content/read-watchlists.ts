import { parse } from 'csv-parse/sync';
import { ContentError, readAll } from './content-error.ts';
import { contentFiles, type ContentFile } from './content-file.ts';
import { titleOf } from './title.ts';

/** A watchlist as it is seeded. */
export interface Watchlist {
  /** File name without `.csv`: the argument of `_GetWatchlist`. */
  readonly alias: string;
  readonly displayName: string;
  /** The first column: what `_GetWatchlist` calls SearchKey. */
  readonly searchKey: string;
  /** CSV with LF line ends, header first. */
  readonly content: string;
}

// Local uploads up to 3.8 MB: Sentinel's service limits.
const MAX_BYTES = 3_800_000;
const ALIAS = /^[A-Za-z][A-Za-z0-9_-]{2,63}$/;

function headerProblems(header: readonly string[]): readonly string[] {
  const double = header.find((name, index) => header.indexOf(name) !== index);
  return [
    ...(header.some((name) => name.trim() === '') ? ['header: a column has no name'] : []),
    ...(double === undefined ? [] : [`header: ${double} is there twice`]),
  ];
}

function toWatchlist({ path, name, text }: ContentFile): Watchlist {
  const fail = (problem: string, cause?: unknown): ContentError => new ContentError([`${path}: ${problem}`], { cause });
  if (!ALIAS.test(name)) throw fail('file name: an alias has 3 to 64 letters, digits, - and _, a letter first');
  if (Buffer.byteLength(text) > MAX_BYTES)
    throw fail('larger than 3.8 MB: Sentinel takes it from a storage account only');
  let rows: readonly (readonly string[])[];
  try {
    rows = parse(text, { skip_empty_lines: true });
  } catch (error) {
    throw fail(`no CSV: ${error instanceof Error ? error.message : String(error)}`, error);
  }
  const [header, ...items] = rows;
  const searchKey = header?.[0];
  if (header === undefined || searchKey === undefined) throw fail('empty: write a header, the search key first');
  const problems = headerProblems(header);
  if (problems.length > 0) throw new ContentError(problems.map((problem) => `${path}: ${problem}`));
  const empty = items.findIndex(([key = '']) => key.trim() === '');
  if (empty !== -1) throw fail(`item ${empty + 1}: ${searchKey}: the search key is empty`);
  return { alias: name, displayName: titleOf(name), searchKey, content: text };
}

/** The watchlists of a folder; none where there is no folder. @throws ContentError naming file, item and column. */
export const readWatchlists = (directory: string): readonly Watchlist[] =>
  readAll(contentFiles(directory, '.csv'), toWatchlist);
