/** Rows for the KQL bench: those that the collector makes of a simulated tenant, repeated over thirty days. */
import { createReadStream, globSync } from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { simulator } from '../../simulator/simulator.ts';
import { measuredProcess } from './measured-process.ts';

const collector = fileURLToPath(new URL('../../collector/main.ts', import.meta.url));
const TABLE = 'CopilotAudit_CL';
const days = 30;
const DAY = 86_400_000;

/** One row per Copilot record of a tenant of 200 people over a week, as the collector wrote them: JSON texts. */
export async function collectedRows(directory: string): Promise<readonly string[]> {
  const tenant = await simulator({ users: 200, days: 7, switches: { quotaPerMinute: 100_000 } });
  try {
    const env = {
      ...tenant.env,
      REQUESTS_PER_MINUTE: '100000',
      INGESTION_URL: join(directory, 'collected'),
      STATE_URL: join(directory, 'state'),
    };
    const { code, stderr } = await measuredProcess([collector, 'once'], env);
    if (code !== 0) throw new Error(`the collector ended with ${code}: ${stderr.slice(-2000)}`);
  } finally {
    await tenant.close();
  }
  const lines: string[] = [];
  for (const path of globSync(join(directory, 'collected', TABLE, '*.ndjson')).toSorted())
    for await (const line of createInterface({ input: createReadStream(path) })) lines.push(line);
  return lines;
}

const timeNames = /"(TimeGenerated|EventTime|_TimeReceived|RecordId)":"[^"]*"/g;

/** A row with other times and another id. */
function toCopy(line: string): (id: string, event: string, received: string) => string {
  // Only the row's own members: a payload with such a name keeps its value, which no query of ours reads.
  const parts = line.split(timeNames);
  return (id, event, received) =>
    parts
      .map((part, index) => {
        if (index % 2 === 0) return part;
        const value = part === 'RecordId' ? id : part === '_TimeReceived' ? received : event;
        return `"${part}":"${value}"`;
      })
      .join('');
}

/**
 * Writes a workspace with so many audit rows, spread evenly over the thirty days before `until`, each received
 * five minutes after its event, and a watchlist.
 * @returns the workspace's directory
 */
export async function writeWorkspace(
  lines: readonly string[],
  { rows, until, directory }: { readonly rows: number; readonly until: Date; readonly directory: string },
): Promise<string> {
  const copies = lines.map(toCopy);
  await mkdir(join(directory, TABLE), { recursive: true });
  const file = await open(join(directory, TABLE, `${until.toISOString().slice(0, 10)}.ndjson`), 'w');
  try {
    let text = '';
    for (let row = 0; row < rows; row += 1) {
      const event = until.getTime() - ((rows - row) * days * DAY) / rows;
      const id = `${row.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
      text += copies[row % copies.length]?.(id, new Date(event).toISOString(), new Date(event + 300_000).toISOString());
      text += '\n';
      if (text.length < 4_000_000 && row < rows - 1) continue;
      await file.write(text);
      text = '';
    }
  } finally {
    await file.close();
  }
  const actors = new Set(lines.map((line) => /"ActorName":"([^"]+)"/.exec(line)?.[1] ?? ''));
  const items = [...actors].slice(0, 50).map((user, index) =>
    JSON.stringify({
      TimeGenerated: until.toISOString(),
      WatchlistAlias: 'CopilotWatchedUsers',
      _DTItemType: 'watchlist-item',
      _DTItemId: `item-${index}`,
      _DTItemStatus: 'Create',
      _DTTimestamp: until.toISOString(),
      LastUpdatedTimeUTC: until.toISOString(),
      SearchKey: user,
      WatchlistItem: { UserPrincipalName: user, Reason: 'bench' },
    }),
  );
  await mkdir(join(directory, 'Watchlist'), { recursive: true });
  await writeFile(join(directory, 'Watchlist', 'items.ndjson'), `${items.join('\n')}\n`);
  return directory;
}
