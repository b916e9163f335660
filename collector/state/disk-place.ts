import { randomUUID } from 'node:crypto';
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { appendDurably, diskError, errorCode, fileMode, makeDirectory, syncDirectory } from '../durable-file.ts';
import { diskLock } from './disk-lock.ts';
import { checkpointName, segmentFile, segmentFolder, TakenError, type Place, type StoredSegment } from './place.ts';

/** State in a directory of its own, for one process at a time. */
export function diskPlace(directory: string): Place {
  const lock = diskLock(directory, randomUUID());
  const checkpoint = join(directory, checkpointName);
  const draft = `${checkpoint}.tmp`;
  let loss = new AbortController();

  /** Says which path failed, and what to do; errors of our own say so already. */
  async function at<T>(path: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw errorCode(error) === undefined ? error : diskError('state', path, 'STATE_URL', error);
    }
  }

  /** Throws when another process has taken over, however that came about. */
  async function checkOwner(): Promise<void> {
    if (!loss.signal.aborted && !(await lock.isOurs()))
      loss.abort(
        new TakenError(
          `state: ${directory} was taken over by another process, nothing was saved: start only one collector on it`,
        ),
      );
    loss.signal.throwIfAborted();
  }

  async function filesOf(folder: string): Promise<readonly StoredSegment[]> {
    const names = (await readdir(join(directory, folder))).filter((name) => segmentFile.test(name));
    return Promise.all(
      names.map(async (file) => ({
        name: `${folder}/${file}`,
        length: (await stat(join(directory, folder, file))).size,
      })),
    );
  }

  return {
    name: directory,
    open: () =>
      at(directory, async () => {
        await makeDirectory(directory);
        await lock.take();
        loss = new AbortController();
        return loss.signal;
      }),
    readCheckpoint: () =>
      at(checkpoint, async () => {
        try {
          return await readFile(checkpoint, 'utf8');
        } catch (error) {
          if (errorCode(error) === 'ENOENT') return undefined;
          throw error;
        }
      }),
    replaceCheckpoint: (text) =>
      at(directory, async () => {
        await rm(draft, { force: true });
        await appendDurably(draft, Buffer.from(text), 0);
        await checkOwner();
        await rename(draft, checkpoint);
        await syncDirectory(directory);
      }),
    read: (segment, offset, into) =>
      at(join(directory, segment), async () => {
        const handle = await open(join(directory, segment), 'r', fileMode);
        try {
          let done = 0;
          for (let read = -1; read !== 0 && done < into.length; done += read) {
            read = (await handle.read(into, done, into.length - done, offset + done)).bytesRead;
          }
          return done;
        } finally {
          await handle.close();
        }
      }),
    append: (segment, offset, bytes) =>
      at(join(directory, segment), () => appendDurably(join(directory, segment), bytes, offset)),
    list: () =>
      at(directory, async () => {
        const folders = (await readdir(directory, { withFileTypes: true })).filter(
          (entry) => entry.isDirectory() && segmentFolder.test(entry.name),
        );
        return (await Promise.all(folders.map((folder) => filesOf(folder.name)))).flat();
      }),
    remove: (segment) =>
      at(join(directory, segment), async () => {
        await checkOwner();
        await rm(join(directory, segment), { force: true });
      }),
    close: () => at(directory, () => lock.release()),
  };
}
