import { rm } from 'node:fs/promises';
import { afterAll } from 'vitest';
import { diskBench, memoryBench } from './bench.ts';
import { everyContract } from './every-contract.ts';

const roots: string[] = [];
afterAll(() => Promise.all(roots.map((root) => rm(root, { recursive: true, force: true }))));

const kinds = [
  ['in memory', async () => memoryBench()],
  ['on disk', () => diskBench(roots)],
] as const;
for (const [kind, bench] of kinds) everyContract(kind, bench);
