/** Up to when rules have run, kept in a file, so that a restart neither leaves a run out nor repeats one. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const runsForm = z.record(z.string(), z.iso.datetime());

/** A file of times by id of rule. */
export interface RunFile {
  /** Epoch milliseconds. @throws Error naming a file that holds something else */
  readonly read: () => ReadonlyMap<string, number>;
  /** Replaces what was there. */
  readonly write: (ranUpTo: ReadonlyMap<string, number>) => void;
}

/** The times of a path; a file that is not there is empty. */
export const runFile = (path: string): RunFile => ({
  read: () => {
    if (!existsSync(path)) return new Map();
    try {
      const runs = runsForm.parse(JSON.parse(readFileSync(path, 'utf8')));
      return new Map(Object.entries(runs).map(([id, time]) => [id, Date.parse(time)]));
    } catch (cause) {
      throw new Error(`${path}: does not say when rules have run: remove it, and every rule runs once`, { cause });
    }
  },
  write: (ranUpTo) => {
    const runs = [...ranUpTo].map(([id, ms]) => [id, new Date(ms).toISOString()]);
    writeFileSync(`${path}.new`, `${JSON.stringify(Object.fromEntries(runs), null, 2)}\n`, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  },
});
