import { createReadStream } from 'node:fs';
import { chmod, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { appendDurably, diskError, errorCode, syncDirectory } from '../durable-file.ts';
import { ArchiveError, type ArchivePlace, objectsOf } from './place.ts';

// What is written is never changed: not even its owner may, without saying so first.
const readOnly = 0o400;

/** An archive in a directory. */
export function diskArchive(directory: string): ArchivePlace {
  const failed = (path: string, error: unknown): Error => {
    const { message } = diskError('archive', path, 'ARCHIVE_URL', error);
    return new ArchiveError(message, { cause: error });
  };

  async function* read(name: string, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const path = join(directory, name);
    try {
      yield* createReadStream(path, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw failed(path, error);
    }
  }

  return {
    name: directory,
    async put(name, bytes, signal) {
      signal.throwIfAborted();
      const path = join(directory, name);
      const draft = `${path}.${process.pid}.tmp`;
      try {
        await rm(draft, { force: true });
        await appendDurably(draft, bytes, 0);
        await chmod(draft, readOnly);
        await rename(draft, path);
        await syncDirectory(dirname(path));
      } catch (error) {
        throw failed(path, error);
      }
    },
    async list() {
      try {
        const names = await readdir(directory, { recursive: true });
        return objectsOf(names.map((name) => name.replaceAll('\\', '/')));
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return [];
        throw failed(directory, error);
      }
    },
    read,
  };
}
