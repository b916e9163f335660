/** The workbooks of a folder. */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readWorkbook } from '../../../kql/workbook/read-workbook.ts';
import type { WorkbookSummary } from '../api.ts';

const filesOf = (folder: string): readonly string[] =>
  globSync('*.json', { cwd: folder })
    .map((name) => basename(name, '.json'))
    .sort();

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function summary(folder: string, file: string): WorkbookSummary {
  try {
    const json: unknown = JSON.parse(readFileSync(join(folder, `${file}.json`), 'utf8'));
    return { file, title: readWorkbook(file, json).title, problem: null };
  } catch (error) {
    return { file, title: file, problem: `${file}.json cannot be shown: ${reasonOf(error)}` };
  }
}

/** Every workbook by the name of its file; one that cannot be read says why. */
export const workbookSummaries = (folder: string): readonly WorkbookSummary[] =>
  filesOf(folder).map((file) => summary(folder, file));

/** The text of a workbook that is in the list; undefined for any other name, whatever path it spells. */
export const workbookText = (folder: string, file: string): string | undefined =>
  filesOf(folder).includes(file) ? readFileSync(join(folder, `${file}.json`), 'utf8') : undefined;
