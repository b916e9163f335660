import { open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { errorCode, fileMode } from '../durable-file.ts';
import { TakenError } from './place.ts';

const holderShape = z.object({ pid: z.int().positive(), started: z.string(), token: z.string() });
type Holder = z.infer<typeof holderShape>;

/** Marks a directory as written to by this process. */
export interface DiskLock {
  /** Takes the lock, also from a process that has ended; rejects with a TakenError while its holder lives. */
  take(): Promise<void>;
  /** False once another process has taken it, or somebody has removed it. */
  isOurs(): Promise<boolean>;
  release(): Promise<void>;
}

/**
 * When a process was started, so that a pid that was given anew (in a container it always is 1) is not mistaken for
 * the holder: field 22 of proc(5)'s stat. Empty where the system has no /proc; undefined when the process is gone.
 */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    if (errorCode(error) === 'ESRCH') return undefined;
  }
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in parentheses, which may hold spaces; field 3 follows the last one.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    return holderShape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function isAlive(holder: Holder): Promise<boolean> {
  const started = await startOf(holder.pid);
  return started !== undefined && (started === '' || holder.started === '' || started === holder.started);
}

/** The lock of a directory: a file `lock` with pid and start time of its holder. */
export function diskLock(directory: string, token: string): DiskLock {
  const path = join(directory, 'lock');

  const read = async (): Promise<string | undefined> => {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  };

  const isOurs = async (): Promise<boolean> => {
    const text = await read();
    return text !== undefined && parseHolder(text)?.token === token;
  };

  async function tryToMake(): Promise<boolean> {
    try {
      const handle = await open(path, 'wx', fileMode);
      try {
        const started = (await startOf(process.pid)) ?? '';
        await handle.writeFile(JSON.stringify({ pid: process.pid, started, token }));
      } finally {
        await handle.close();
      }
      return true;
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return false;
      throw error;
    }
  }

  return {
    async take() {
      if (await tryToMake()) return;
      const text = await read();
      const holder = text === undefined ? undefined : parseHolder(text);
      if (holder !== undefined && (await isAlive(holder)))
        throw new TakenError(
          `state: ${directory} is in use by process ${holder.pid}: stop that process, or point STATE_URL elsewhere`,
        );
      // Torn by a crash, or left by a process that has ended.
      await unlink(path).catch((error: unknown) => {
        if (errorCode(error) !== 'ENOENT') throw error;
      });
      if (!(await tryToMake()))
        throw new TakenError(`state: ${directory} was just taken by another process: start only one collector on it`);
    },
    isOurs,
    async release() {
      if (await isOurs()) await unlink(path);
    },
  };
}
