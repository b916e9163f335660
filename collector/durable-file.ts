/** What state and file sink share: an append that survives a power cut, and errors that say what to do. */
import { constants } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** Records name people: files of the collector are for its own user only. */
export const fileMode = 0o600;

/** The same for directories. */
const directoryMode = 0o700;

/** Makes names in a directory durable: without it a new file can be gone after a power cut, its content synced or not. */
export async function syncDirectory(directory: string): Promise<void> {
  // Windows has no way to sync a directory and refuses to open one.
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a directory and its parents, durably. */
export async function makeDirectory(directory: string): Promise<void> {
  const path = resolve(directory);
  const first = await mkdir(path, { recursive: true, mode: directoryMode });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made));
}

/**
 * Appends to a file, which is made with its directory where it is missing; resolves once the bytes are on the disk.
 * Rejects when the file is not `expectedLength` bytes long, where given. What a failed append left is cut off again
 * if the disk lets us and nobody else has written since.
 */
export async function appendDurably(path: string, bytes: Uint8Array, expectedLength?: number): Promise<void> {
  await makeDirectory(dirname(path));
  // O_APPEND: another process (check beside run) may write to the same file, and the system keeps the writes apart.
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND, fileMode);
  try {
    const { size } = await handle.stat();
    if (expectedLength !== undefined && size !== expectedLength)
      throw new Error(`${path} has ${size} bytes where ${expectedLength} were left: another process writes to it`);
    let done = 0;
    try {
      while (done < bytes.length) done += (await handle.write(bytes, done, bytes.length - done)).bytesWritten;
      await handle.sync();
    } catch (error) {
      // The failure that counts is the one already caught; who reads the file must cope with a torn end anyway.
      await undo(handle, size, done).catch(() => undefined);
      throw error;
    }
    if (size === 0) await syncDirectory(dirname(path));
  } finally {
    await handle.close();
  }
}

async function undo(handle: FileHandle, size: number, written: number): Promise<void> {
  if ((await handle.stat()).size <= size + written) await handle.truncate(size);
}

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'free space on the disk',
  EDQUOT: 'raise the disk quota',
  EROFS: 'mount it writable',
  EACCES: 'let the user of the collector read and write there',
  EPERM: 'let the user of the collector read and write there',
  ENOTDIR: 'remove the file that stands in the way of a directory',
  EMFILE: 'raise the limit of open files',
};

/** The system's error code (ENOSPC, EACCES, ...) of an error, when it has one. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** An error that names who failed, the path, the system's reason and the remedy; `setting` says where else to go. */
export function diskError(subject: string, path: string, setting: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const remedy = remedies[errorCode(cause) ?? ''];
  const advice = remedy === undefined ? `see that ${path} is usable` : remedy;
  return new Error(`${subject}: ${path}: ${reason}: ${advice}, or point ${setting} elsewhere`, { cause });
}
