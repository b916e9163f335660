/** Microsoft Graph between the collector and the simulated one, where an administrator or an outage may step in. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { request } from 'node:https';
import { buffer } from 'node:stream/consumers';
import type { Simulator } from '../../simulator/simulator.ts';

/** What becomes of an answer: changed, or `hang`: the request is read and never answered. */
export type Meddling = ((body: string) => string) | 'hang';

/** A Graph whose answers a test may change while it runs. */
export interface GraphProxy {
  readonly url: string;
  readonly requests: () => number;
  readonly meddle: (how: Meddling | undefined) => void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a proxy before the Graph of a tenant. */
export async function graphProxy(tenant: Pick<Simulator, 'graphUrl' | 'ca'>): Promise<GraphProxy> {
  let how: Meddling | undefined;
  let requests = 0;
  let url = '';
  async function pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    requests++;
    const sent = await buffer(asked);
    if (how === 'hang') return;
    const change = how ?? ((body: string) => body);
    const { host: _ours, ...headers } = asked.headers;
    const onward = request(`${tenant.graphUrl}${asked.url}`, { method: asked.method, headers, ca: tenant.ca });
    onward.end(sent);
    const [reply] = (await once(onward, 'response')) as [IncomingMessage];
    // Next pages are asked for here, too.
    const body = change((await buffer(reply)).toString().replaceAll(tenant.graphUrl, url));
    const { 'content-length': _length, 'transfer-encoding': _encoding, ...kept } = reply.headers;
    answer.writeHead(reply.statusCode ?? 502, kept).end(body);
  }

  // A client that is killed is gone: so is what was to be told it.
  const server = createServer((asked, answer) => void pass(asked, answer).catch(() => answer.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return {
    url,
    requests: () => requests,
    meddle: (next) => void (how = next),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
