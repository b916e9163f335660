/** The ceiling: downloads every blob of a container with the SDK and throws the bytes away. Arguments: URL, concurrency. */
import { ContainerClient } from '@azure/storage-blob';
import { storageCredential } from '../azurite.ts';

const [url = '', concurrency = '4'] = process.argv.slice(2);
const container = new ContainerClient(url, storageCredential());
const names = (await Array.fromAsync(container.listBlobsFlat())).map(({ name }) => name);
const started = performance.now();
await Promise.all(
  Array.from({ length: Number(concurrency) }, async () => {
    for (let name = names.shift(); name !== undefined; name = names.shift()) {
      const { readableStreamBody } = await container.getBlobClient(name).download();
      if (readableStreamBody !== undefined) for await (const chunk of readableStreamBody) void chunk;
    }
  }),
);
process.stdout.write(JSON.stringify({ seconds: (performance.now() - started) / 1000 }));
