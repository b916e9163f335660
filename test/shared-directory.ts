/** A directory that all files of a test run share, for what is dear to make; gone when the run has ended. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly sharedDirectory: string;
  }
}

/** Makes it before the first file. */
export default function setup(project: TestProject): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'copilot-sentinel-tests-'));
  project.provide('sharedDirectory', directory);
  // Hundreds of processes run the same few programs: half of each start is compiling, so what one compiled others take.
  process.env['NODE_COMPILE_CACHE'] ??= join(directory, 'compiled');
  return () => rmSync(directory, { recursive: true, force: true });
}
