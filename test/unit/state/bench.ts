/** Places to keep state at, each with a way to look behind it, so that one contract can be put to all of them. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ContainerClient, type BlobItem } from '@azure/storage-blob';
import { blobPlace } from '../../../collector/state/blob-place.ts';
import { diskPlace } from '../../../collector/state/disk-place.ts';
import { checkpointName, type Place } from '../../../collector/state/place.ts';
import type { Azurite } from '../../azurite.ts';
import { memoryPlace } from './memory-place.ts';

/** A place that is empty at first, and what lies there. */
export interface Bench {
  /** The place as a new process sees it. */
  place(): Place;
  /** Everything that lies there, by name; an empty checkpoint is none. */
  files(): Promise<ReadonlyMap<string, Buffer>>;
  /** Puts a file there, whoever is the writer. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  erase(name: string): Promise<void>;
  /** What a restart, or another process that comes by force, finds: nobody is the writer. */
  restart(): Promise<void>;
}

export function memoryBench(): Bench {
  const memory = memoryPlace();
  return {
    place: () => memory.view(),
    files: async () => new Map(memory.files),
    put: async (name, bytes) => void memory.files.set(name, Buffer.from(bytes)),
    erase: async (name) => void memory.files.delete(name),
    restart: async () => memory.restart(),
  };
}

/** In directories of its own below one that `roots` collects, for the test to remove. */
export async function diskBench(roots: string[]): Promise<Bench> {
  const root = await mkdtemp(join(tmpdir(), 'state-'));
  roots.push(root);
  const directory = join(root, 'deep', '.state');
  return {
    place: () => diskPlace(directory),
    files: async () => {
      const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
      const files = entries.filter((entry) => entry.isFile() && entry.name !== 'lock');
      return new Map(
        await Promise.all(
          files.map(async ({ parentPath, name }) => {
            const path = join(parentPath, name);
            return [path.slice(directory.length + 1).replaceAll('\\', '/'), await readFile(path)] as const;
          }),
        ),
      );
    },
    put: async (name, bytes) => {
      await mkdir(dirname(join(directory, name)), { recursive: true });
      await writeFile(join(directory, name), bytes);
    },
    erase: (name) => rm(join(directory, name), { force: true }),
    restart: () => rm(join(directory, 'lock'), { force: true }),
  };
}

/** In a folder of a container. */
export function blobBench(azurite: Azurite, containerUrl: string, folder = 'tenants/contoso ä'): Bench {
  const container = new ContainerClient(containerUrl, azurite.credential);
  const prefix = folder === '' ? '' : `${folder}/`;
  const checkpoint = container.getBlockBlobClient(`${prefix}${checkpointName}`);
  const breakLease = (): Promise<unknown> =>
    // It is not there, or nobody has it.
    checkpoint
      .getBlobLeaseClient()
      .breakLease(0)
      .catch(() => undefined);

  async function erase(name: string): Promise<void> {
    if (name === checkpointName) await breakLease();
    await container.getBlobClient(`${prefix}${name}`).deleteIfExists();
  }

  return {
    place: () =>
      blobPlace({
        containerUrl: `${containerUrl}/${folder.split('/').map(encodeURIComponent).join('/')}`,
        credential: azurite.credential,
        retryDelayMs: 1,
      }),
    files: async () => {
      const items: BlobItem[] = [];
      for await (const item of container.listBlobsFlat({ prefix })) items.push(item);
      const wanted = items.filter(
        (item) => item.name !== `${prefix}${checkpointName}` || item.properties.contentLength !== 0,
      );
      return new Map(
        await Promise.all(
          wanted.map(
            async ({ name }) =>
              [name.slice(prefix.length), await container.getBlobClient(name).downloadToBuffer()] as const,
          ),
        ),
      );
    },
    put: async (name, bytes) => {
      await erase(name);
      if (!name.includes('/')) {
        await container.getBlockBlobClient(`${prefix}${name}`).upload(bytes, bytes.length);
        return;
      }
      const blob = container.getAppendBlobClient(`${prefix}${name}`);
      await blob.create();
      if (bytes.length > 0) await blob.appendBlock(bytes, bytes.length);
    },
    erase,
    restart: async () => void (await breakLease()),
  };
}
