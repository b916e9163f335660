/** What has been stored, as the rows say and nobody else. */
import { createReadStream, existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

async function* linesOf(rows: string, table: string): AsyncGenerator<string> {
  const folder = join(rows, table);
  if (!existsSync(folder)) return;
  for (const name of await readdir(folder)) yield* createInterface({ input: createReadStream(join(folder, name)) });
}

/** The record ids of `CopilotAudit_CL`, each as often as it is stored. */
export async function storedIds(rows: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const line of linesOf(rows, 'CopilotAudit_CL')) {
    const id = /"RecordId":"([^"]+)"/.exec(line)?.[1];
    if (id !== undefined) ids.push(id);
  }
  return ids;
}

/** How stored records differ from those that were to be stored. */
export interface Comparison {
  readonly expected: number;
  /** Distinct. */
  readonly stored: number;
  readonly missing: number;
  /** Rows beyond the first of a record. */
  readonly twice: number;
}

/** Compares the rows with what was there to be read. */
export async function compareStored(rows: string, expected: readonly string[]): Promise<Comparison> {
  const ids = await storedIds(rows);
  const stored = new Set(ids);
  return {
    expected: expected.length,
    stored: stored.size,
    missing: expected.filter((id) => !stored.has(id)).length,
    twice: ids.length - stored.size,
  };
}

/** What is wrong, as one line; undefined where nothing is. */
export function defectOf({ expected, missing, twice }: Comparison): string | undefined {
  if (missing === 0 && twice === 0) return undefined;
  const number = (value: number): string => value.toLocaleString('en-US');
  return `Of ${number(expected)} records that were there, ${number(missing)} are not stored, and ${number(twice)} rows are stored twice: this is a defect.`;
}
