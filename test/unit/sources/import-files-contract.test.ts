import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { importFiles } from '../../../collector/sources/import-files/import-files.ts';
import { sourceContract, type Ground } from './source-contract.ts';

const idOf = (number: number): string => `0d0d0d0d-0000-4000-8000-${String(number).padStart(12, '0')}`;

sourceContract('import', async (): Promise<Ground> => {
  const directory = await mkdtemp(join(tmpdir(), 'copilot-sentinel-import-'));
  const records = Array.from({ length: 1800 }, (_, number) =>
    JSON.stringify({
      Id: idOf(number),
      CreationTime: '2026-11-18T09:00:00',
      RecordType: 261,
      Operation: 'CopilotInteraction',
      Workload: 'Copilot',
    }),
  );
  const paths = ['one.json', 'two.jsonl', 'three.jsonl.gz'].map((name) => join(directory, name));
  const contents = [
    `[${records.slice(0, 600).join(',')}]`,
    records.slice(600, 1200).join('\n'),
    gzipSync(records.slice(1200).join('\n')),
  ];
  for (const [index, path] of paths.entries()) await writeFile(path, contents[index] ?? '');
  return {
    source: () => importFiles({ paths, now: Date.now }),
    expected: records.map((_, number) => idOf(number)),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
});
