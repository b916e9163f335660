/** The source alone: reads a container of exports and counts what it finds. Arguments: URL, blobs at once. */
import { isCopilotRecord } from '../../collector/records/is-copilot-record.ts';
import { exportContainer } from '../../collector/sources/storage-export/blobs.ts';
import { storageExport } from '../../collector/sources/storage-export/storage-export.ts';
import { storageCredential } from '../azurite.ts';

const [container = '', concurrency = '4'] = process.argv.slice(2);
const containers = [exportContainer({ address: { container, prefix: '' }, credential: storageCredential() })];
const source = storageExport({ containers, concurrency: Number(concurrency), now: Date.now });
const fromNothing = { cursor: undefined, isDone: () => false, parked: [], operations: [], cursorOf: () => undefined };
let rows = 0;
let selected = 0;
const started = performance.now();
for await (const batch of source.read(fromNothing, new AbortController().signal)) {
  if (batch.kind !== 'records') continue;
  rows += batch.seen;
  for (const element of batch.elements) if (element.ok && isCopilotRecord(element.value)) selected++;
}
process.stdout.write(JSON.stringify({ seconds: (performance.now() - started) / 1000, rows, selected }));
