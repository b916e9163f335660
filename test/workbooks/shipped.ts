import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readWorkbook } from '../../kql/workbook/read-workbook.ts';
import type { Workbook } from '../../kql/workbook/workbook.ts';

const folder = fileURLToPath(new URL('../../workbooks', import.meta.url));

/** Every shipped workbook by name of its file. */
export const shippedWorkbooks: readonly Workbook[] = globSync('*.json', { cwd: folder })
  .sort()
  .map((path) => readWorkbook(basename(path, '.json'), JSON.parse(readFileSync(join(folder, path), 'utf8'))));
