/** The ceiling: reads every blob of the bench server and throws the bytes away. Arguments: base URL, blobs, concurrency. */
import { Agent, request } from 'undici';

const [base = '', blobs = '0', concurrency = '16'] = process.argv.slice(2);
const dispatcher = new Agent({ connections: 64 });
let next = 0;
const started = performance.now();
await Promise.all(
  Array.from({ length: Number(concurrency) }, async () => {
    for (let blob = next++; blob < Number(blobs); blob = next++) {
      const url = `${base}/api/v1.0/t/activity/feed/audit/bench$${blob}$audit_general$Audit_General$bench0001`;
      const { body } = await request(url, { dispatcher });
      for await (const chunk of body) void chunk;
    }
  }),
);
process.stdout.write(JSON.stringify({ seconds: (performance.now() - started) / 1000 }));
await dispatcher.close();
