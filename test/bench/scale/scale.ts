/** `npm run bench -- --scale`: what grows with the number of users, and which limit is met first. */
import { readFile, writeFile } from 'node:fs/promises';
import { measuredDay, type MeasuredDay } from './measure.ts';
import { withTables } from './page.ts';
import { limitTable, measuredTable, scaleData, sizeTable } from './tables.ts';

const SIZES = [100, 1_000, 10_000] as const;

const PAGE = new URL('../../../docs/scale.md', import.meta.url);

/**
 * Prints the model's tables; `json`: as JSON; `measure`: first collects a day of each size that fits on one machine;
 * `docs`: writes them into docs/scale.md instead.
 */
export async function scale(wanted: ReadonlySet<string>): Promise<void> {
  if (wanted.has('docs')) {
    await writeFile(PAGE, withTables(await readFile(PAGE, 'utf8')));
    return;
  }
  const days: MeasuredDay[] = [];
  if (wanted.has('measure')) for (const users of SIZES) days.push(await measuredDay(users));
  if (wanted.has('json')) {
    console.log(JSON.stringify({ ...scaleData(), ...(days.length > 0 && { measuredNow: days }) }));
    return;
  }
  if (days.length > 0) console.log(`Measured now:\n\n${measuredTable(days)}\n`);
  console.log(`Measured before (test/bench/scale/measured.ts):\n\n${measuredTable()}\n`);
  console.log(`Computed:\n\n${sizeTable()}\n\nLimits, in the order in which they are met:\n\n${limitTable()}`);
}
