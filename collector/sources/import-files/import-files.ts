import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Batch, Element, Hour, Source } from '../../contracts.ts';
import { decode } from '../../formats/decode.ts';

const BATCH = 500;

/**
 * Files that somebody exported: arrays or lines of Management API JSON, plain or gzip, and audit CSV exports of
 * Microsoft Purview. A file that cannot be read to its end keeps what was read, counts as a gap, and the next follows.
 */
export function importFiles(options: { readonly paths: readonly string[]; readonly now: () => number }): Source {
  async function* read(_position: unknown, signal: AbortSignal): AsyncGenerator<Batch, void> {
    // Exports have no contentCreated: the hour of reading stands for it.
    const hour = Math.floor(options.now() / 3_600_000);
    for (const path of options.paths) {
      yield { kind: 'listed', hour, count: 1, earliestExpiry: null };
      try {
        yield* readFile(path, hour, signal);
        yield { kind: 'ended', id: path, hour, outcome: { kind: 'fetched' } };
      } catch (error) {
        signal.throwIfAborted();
        const why = error instanceof Error ? error.message : String(error);
        const reason = `${path}: ${why}: what came before is imported; export it again and import the new file`;
        yield { kind: 'ended', id: path, hour, outcome: { kind: 'expired', reason } };
      }
    }
  }
  return { name: 'import', read };
}

async function* readFile(path: string, hour: Hour, signal: AbortSignal): AsyncGenerator<Batch, void> {
  let elements: Element[] = [];
  const take = (): Batch => {
    const held = elements;
    elements = [];
    const item = basename(path);
    return { kind: 'records', item, hour, contentCreated: null, seen: held.length, foreign: 0, elements: held };
  };
  let failure: unknown;
  try {
    for await (const element of decode(createReadStream(path, { signal }))) {
      elements.push(element);
      if (elements.length >= BATCH) yield take();
    }
  } catch (error) {
    failure = error;
  }
  if (elements.length > 0) yield take();
  if (failure !== undefined) throw failure;
}
