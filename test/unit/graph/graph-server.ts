import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { graphClient, type GraphOptions } from '../../../collector/graph/graph-client.ts';

/** The answer to one request of a batch; undefined leaves it out. */
export type ItemAnswer = { readonly status: number; readonly headers?: object; readonly body?: unknown } | undefined;

/** A batch as it arrived. */
export interface AskedBatch {
  readonly url: string;
  readonly ids: readonly string[];
  readonly paths: readonly string[];
  readonly token: string;
  readonly at: number;
}

/** A service that takes batches of GETs only, and notes what came. */
export interface BatchServer {
  readonly origin: string;
  readonly batches: AskedBatch[];
  /** Batches under way, and the most there ever were. */
  readonly atOnce: { now: number; most: number };
}

const servers: Server[] = [];
const clients: AsyncDisposable[] = [];

export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** For afterEach: the clients first, so that a client that cannot close fails its test. */
export async function closeAll(): Promise<void> {
  for (const client of clients.splice(0)) await client[Symbol.asyncDispose]();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
}

/** A client with short waits. */
export function clientOf(origin: string, change: Partial<GraphOptions> = {}) {
  const short = { requestsPerMinute: 1_000_000, backoffMs: 5, maxBackoffMs: 20 };
  const client = graphClient({ origin, token: async () => 'token-1', ...short, ...change });
  clients.push(client);
  return client;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += String(part);
  return text;
}

export const found = (body: unknown): ItemAnswer => ({ status: 200, body });
export const problem = (status: number, code: string, message = 'why', headers = {}): ItemAnswer => ({
  status,
  headers,
  body: { error: { code, message } },
});

/**
 * Answers each path by `item`, which is told how often the path was asked before. `whole` answers the n-th batch itself
 * (from 0) when it gives a function.
 */
export async function batchServer(
  item: (path: string, before: number) => ItemAnswer = (path) => found({ path }),
  whole: (n: number) => ((response: ServerResponse) => void) | undefined = () => undefined,
  latencyMs = 0,
): Promise<BatchServer> {
  const batches: AskedBatch[] = [];
  const atOnce = { now: 0, most: 0 };
  const before = new Map<string, number>();
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { requests } = JSON.parse(await textOf(request)) as { requests: { id: string; url: string }[] };
    const n = batches.length;
    const token = request.headers.authorization ?? '';
    const ids = requests.map(({ id }) => id);
    batches.push({ url: request.url ?? '', ids, paths: requests.map(({ url }) => url), token, at: performance.now() });
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
    const instead = whole(n);
    if (instead !== undefined) {
      instead(response);
      return;
    }
    // Graph answers in any order.
    const responses = requests.toReversed().flatMap(({ id, url }) => {
      const times = before.get(url) ?? 0;
      before.set(url, times + 1);
      const given = item(url, times);
      return given === undefined ? [] : [{ id, ...given }];
    });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ responses }));
  }
  const origin = await serve((request, response) => {
    atOnce.most = Math.max(atOnce.most, ++atOnce.now);
    void answer(request, response).finally(() => atOnce.now--);
  });
  return { origin, batches, atOnce };
}
