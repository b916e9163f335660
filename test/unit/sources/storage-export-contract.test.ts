import { gzipSync } from 'node:zlib';
import { exportRig, idOf, pathOf, record, row } from './storage-export-rig.ts';
import { sourceContract, type Ground } from './source-contract.ts';

const all = exportRig();

sourceContract('storage-export', async (): Promise<Ground> => {
  const dump = await all.dump();
  const numbers = Array.from({ length: 1800 }, (_, number) => number);
  const lines = numbers.map(row);
  const records = numbers.map(record);
  for (let hour = 0; hour < 4; hour++) {
    const part = lines.slice(hour * 300, hour * 300 + 300);
    await dump.append(
      pathOf(hour),
      part
        .slice(0, 100)
        .map((line) => `${line}\r\n`)
        .join(''),
    );
    await dump.append(pathOf(hour), `${part.slice(100).join('\r\n')}\r\n{"time":"2026`);
  }
  // Delivered twice, as happens to a few rows in a hundred; kept once.
  await dump.append(pathOf(0), `"}\r\n${lines.slice(0, 10).join('\r\n')}\r\n`);
  await dump.put('array.json', `[${records.slice(1200, 1400).join(',')}]`);
  await dump.put('lines.jsonl', records.slice(1400, 1600).join('\n'));
  await dump.put('lines.jsonl.gz', gzipSync(records.slice(1600).join('\n')));
  return {
    source: () => dump.source(),
    expected: numbers.map(idOf),
    [Symbol.asyncDispose]: async () => undefined,
  };
});
