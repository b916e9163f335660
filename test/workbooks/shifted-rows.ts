import { createReadStream, globSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const rowSchema = z.looseObject({ EventTime: z.iso.datetime({ offset: true }) });

/**
 * Copies the audit rows of a directory whose events lie in a span, as they would be if each had come in so long after
 * it happened: TimeGenerated, ingestion and collection move, EventTime stays.
 */
export async function writeShifted(
  from: string,
  to: string,
  { start, end, delayMs }: { readonly start: Date; readonly end: Date; readonly delayMs: number },
): Promise<number> {
  let count = 0;
  for (const path of globSync('CopilotAudit_CL/*.ndjson', { cwd: from })) {
    const lines: string[] = [];
    for await (const line of createInterface({ input: createReadStream(join(from, path)) })) {
      const row = rowSchema.parse(JSON.parse(line));
      const happened = Date.parse(row.EventTime);
      if (happened < start.getTime() || happened >= end.getTime()) continue;
      const received = new Date(happened + delayMs).toISOString();
      lines.push(JSON.stringify({ ...row, TimeGenerated: received, _TimeReceived: received, CollectedTime: received }));
    }
    count += lines.length;
    await mkdir(join(to, dirname(path)), { recursive: true });
    await writeFile(join(to, dirname(path), basename(path)), lines.map((line) => `${line}\n`).join(''));
  }
  return count;
}
