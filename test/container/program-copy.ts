import { execFile } from 'node:child_process';
import { cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** Copies a program of this machine to `to` below `root`, and the libraries it needs to where its loader looks. */
export async function copyProgram(file: string, root: string, to: string): Promise<void> {
  const put = async (from: string, at: string): Promise<void> => {
    await mkdir(dirname(join(root, at)), { recursive: true });
    await cp(from, join(root, at), { dereference: true });
  };
  await put(file, to);
  const { stdout } = await promisify(execFile)('ldd', [file]);
  for (const [path] of stdout.matchAll(/\/\S+/g)) await put(path, path);
}
