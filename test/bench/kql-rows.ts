/** Rows for the KQL bench: those that the collector makes of a simulated tenant, repeated over thirty days. */
import { createReadStream, globSync } from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { simulator } from '../../simulator/simulator.ts';
import { activityLine, cloudAppLine, entityLines, healthLines, usageLines } from './kql-side-rows.ts';
import { measuredProcess } from './measured-process.ts';

const collector = fileURLToPath(new URL('../../collector/main.ts', import.meta.url));
const TABLE = 'CopilotAudit_CL';
const days = 30;
const DAY = 86_400_000;

/** What the collector wrote: JSON texts of rows. */
export interface Collected {
  /** One row per Copilot record of a tenant of 200 people over a week. */
  readonly audit: readonly string[];
  readonly health: readonly string[];
}

/** Lets the collector read a simulated tenant. */
export async function collectedRows(directory: string): Promise<Collected> {
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
  const linesOf = async (table: string): Promise<readonly string[]> => {
    const lines: string[] = [];
    for (const path of globSync(join(directory, 'collected', table, '*.ndjson')).toSorted())
      for await (const line of createInterface({ input: createReadStream(path) })) lines.push(line);
    return lines;
  };
  return { audit: await linesOf(TABLE), health: await linesOf('CopilotHealth_CL') };
}

const times: ReadonlySet<string> = new Set(['TimeGenerated', 'EventTime', 'CreationTime']);
const names = /"(TimeGenerated|EventTime|_TimeReceived|RecordId)":"[^"]*"/g;
// Names that payloads have too are filled only where the line leaves them empty.
const emptyNames = /"(TimeGenerated|_TimeReceived|CreationTime|RecordId|Id)":""/g;

/** A row with other times and another id. */
function toCopy(line: string, replaced: RegExp): (id: string, event: string, received: string) => string {
  // Only the row's own members: a payload with such a name keeps its value, which no query of ours reads.
  const parts = line.split(replaced);
  return (id, event, received) =>
    parts
      .map((part, index) => {
        if (index % 2 === 0) return part;
        return `"${part}":"${times.has(part) ? event : part === '_TimeReceived' ? received : id}"`;
      })
      .join('');
}

/** How many rows, until when, and where. */
export interface Extent {
  readonly rows: number;
  readonly until: Date;
  readonly directory: string;
}

type Copy = ReturnType<typeof toCopy>;

/** So many rows of one table, spread evenly over the thirty days before `until`, each received five minutes after. */
async function writeEvents(table: string, copies: readonly Copy[], { rows, until, directory }: Extent): Promise<void> {
  await mkdir(join(directory, table), { recursive: true });
  const file = await open(join(directory, table, `${until.toISOString().slice(0, 10)}.ndjson`), 'w');
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
}

async function writeLines(directory: string, table: string, lines: Iterable<string>): Promise<void> {
  await mkdir(join(directory, table), { recursive: true });
  await writeFile(join(directory, table, 'rows.ndjson'), `${[...lines].join('\n')}\n`);
}

/**
 * Writes a workspace: audit rows, a watchlist of users, entities, usage reports and the collector's ledger.
 * @returns the workspace's directory
 */
export async function writeWorkspace({ audit, health }: Collected, extent: Extent): Promise<string> {
  const { rows, until, directory } = extent;
  await writeEvents(
    TABLE,
    audit.map((line) => toCopy(line, names)),
    extent,
  );
  await writeLines(directory, 'CopilotEntities_CL', entityLines(audit, until));
  await writeLines(directory, 'CopilotUsage_CL', usageLines(rows, until));
  // A month of hours; the number of events does not change it.
  await writeLines(directory, 'CopilotHealth_CL', healthLines(health, 3 * 24 * days, until));
  const actors = new Set(audit.map((line) => /"ActorName":"([^"]+)"/.exec(line)?.[1] ?? ''));
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
  await writeLines(directory, 'Watchlist', items);
  return directory;
}

/** Adds as many rows of Microsoft's own tables, with the ids and times of the audit rows. */
export async function addMicrosoftTables({ audit }: Collected, extent: Extent): Promise<void> {
  const forms = { CopilotActivity: activityLine, CloudAppEvents: cloudAppLine };
  for (const [table, toLine] of Object.entries(forms))
    await writeEvents(
      table,
      audit.map((line) => toCopy(toLine(line), emptyNames)),
      extent,
    );
}
