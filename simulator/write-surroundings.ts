import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlantedItem, PlantedRow } from './planted.ts';

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const iso = (ms: number): string => new Date(ms).toISOString();

/**
 * Writes rows as `DIR/<Table>/planted.ndjson` and lists as `DIR/watchlists/<Alias>.csv`, where an embedded workspace
 * reads them. Files of the same names are replaced.
 */
export async function writeSurroundings(
  directory: string,
  { rows, items }: { readonly rows: readonly PlantedRow[]; readonly items: readonly PlantedItem[] },
): Promise<void> {
  for (const [table, own] of Map.groupBy(rows, (row) => row.table)) {
    await mkdir(join(directory, table), { recursive: true });
    const lines = own.map(({ timeMs, receivedMs, columns }) =>
      JSON.stringify({ TimeGenerated: iso(timeMs), ...columns, _TimeReceived: iso(receivedMs) }),
    );
    await writeFile(join(directory, table, 'planted.ndjson'), `${lines.join('\n')}\n`);
  }
  const lists = Map.groupBy(items, ({ watchlist }) => watchlist);
  if (lists.size > 0) await mkdir(join(directory, 'watchlists'), { recursive: true });
  for (const [alias, own] of lists) {
    const names = [...new Set(['SearchKey', ...own.flatMap(({ columns }) => Object.keys(columns))])];
    const lines = own.map(({ columns }) => names.map((name) => quoted(columns[name] ?? '')).join(','));
    await writeFile(join(directory, 'watchlists', `${alias}.csv`), `${[names.join(','), ...lines].join('\n')}\n`);
  }
}
