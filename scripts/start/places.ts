/** Where a start keeps what it makes. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Mode } from '../../workspace/console/api.ts';

/** The directory of a start that names none. */
export const ownDirectory = fileURLToPath(new URL('../../.copilot-sentinel', import.meta.url));

/** Folders of one kind of start. */
export interface Places {
  readonly rows: string;
  readonly state: string;
  /** Alerts of a real tenant. */
  readonly alerts: string;
  /** Up to when the rules of a real tenant have run. */
  readonly runs: string;
  /** Says that the folders are ours, and who uses them. */
  readonly mark: string;
  /** What points the collector there. */
  readonly env: Readonly<Record<string, string>>;
}

/** Names the folders; nothing is made yet. */
export function placesOf(directory: string, mode: Mode): Places {
  const at = (name: string): string => join(resolve(directory), mode, name);
  const [rows, state] = [at('rows'), at('state')];
  return {
    rows,
    state,
    alerts: at('alerts.ndjson'),
    runs: at('rule-runs.json'),
    mark: at('npm-start.json'),
    env: { INGESTION_URL: rows, STATE_URL: state },
  };
}

const markForm = z.object({ pid: z.number().nullable() });

/** The process that a mark names; null: none uses the folders. Undefined without a mark. */
async function userOf(mark: string): Promise<number | null | undefined> {
  try {
    return markForm.parse(JSON.parse(await readFile(mark, 'utf8'))).pid;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    // Cut short by a crash: it was ours all the same.
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of somebody else's is one, too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

const isEmpty = async (folder: string): Promise<boolean> => (await readdir(folder).catch(() => [])).length === 0;

const write = (mark: string, pid: number | null): Promise<void> =>
  writeFile(mark, `${JSON.stringify({ made: 'by npm start, which empties rows and state at a start', pid })}\n`);

/**
 * Makes the folders. A real tenant's rows and state are kept from start to start; others begin anew, where an earlier
 * start made what is there. @returns gives the folders back
 * @throws Error naming folders that another start uses, or that hold what no start has made: nothing is deleted then
 */
export async function openPlaces({ rows, state, mark }: Places, mode: Mode): Promise<() => Promise<void>> {
  const user = await userOf(mark);
  if (typeof user === 'number' && user !== process.pid && isAlive(user))
    throw new Error(
      `${rows} is in use by process ${user}: end it, or name another folder with --directory (no npm start? then remove ${mark})`,
    );
  const folders = [rows, state];
  if (mode !== 'tenant') {
    const isOurs = user !== undefined || rows === placesOf(ownDirectory, mode).rows;
    for (const folder of isOurs ? [] : folders)
      if (!(await isEmpty(folder)))
        throw new Error(
          `${folder} holds files that no npm start has made, and would be emptied: name another folder with --directory, or move them away`,
        );
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  }
  for (const folder of folders) await mkdir(folder, { recursive: true, mode: 0o700 });
  await write(mark, process.pid);
  return () => write(mark, null);
}
