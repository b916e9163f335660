/** An HTTPS server in front of Azurite that counts requests and makes them fail. */
import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Azurite } from '../../azurite.ts';

/** A request as it came. */
export interface Seen {
  readonly method: string;
  /** Path with query, without the account. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** What becomes of a request: passed on (perhaps to another path), or one of the ways to fail. */
export type Fate =
  | { readonly kind: 'pass'; readonly path?: string }
  /** Answered without the store: status and the service's code. */
  | { readonly kind: 'answer'; readonly status: number; readonly code: string }
  /** The connection is cut before the store hears of it. */
  | { readonly kind: 'reset' }
  /** Nobody answers; the store hears nothing. */
  | { readonly kind: 'hang' }
  /** The store does what it is told, and the connection is cut instead of an answer. */
  | { readonly kind: 'lose the answer' }
  /** The same, and nobody cuts the connection. */
  | { readonly kind: 'keep the answer' };

export interface StorageProxy {
  /** URL of the account, behind the proxy. */
  readonly url: string;
  readonly seen: Seen[];
  /** Decides for every request from now on. */
  decide(fate: (seen: Seen) => Fate): void;
  close(): Promise<void>;
}

const pass: Fate = { kind: 'pass' };

/** Everything passes until told otherwise. */
export async function storageProxy({ url, ca, server: certificate }: Azurite): Promise<StorageProxy> {
  const target = new URL(url);
  const seen: Seen[] = [];
  let decide: (seen: Seen) => Fate = () => pass;

  function forward(from: IncomingMessage, body: Buffer, path: string, answer: (of: IncomingMessage) => void): void {
    const on = request(
      { host: target.hostname, port: target.port, ca, path, method: from.method, headers: from.headers },
      answer,
    );
    on.on('error', () => from.socket.destroy());
    on.end(body);
  }

  async function handle(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of from) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const path = from.url ?? '';
    const one = { method: from.method ?? '', path: path.slice(target.pathname.length), headers: from.headers };
    seen.push(one);
    const fate = decide(one);
    switch (fate.kind) {
      case 'hang':
        return;
      case 'reset':
        from.socket.destroy();
        return;
      case 'answer':
        to.writeHead(fate.status, { 'x-ms-error-code': fate.code, 'content-type': 'application/xml' });
        to.end(`<?xml version="1.0"?><Error><Code>${fate.code}</Code><Message>injected\nRequestId:1</Message></Error>`);
        return;
      case 'lose the answer':
        forward(from, body, path, (answer) => answer.resume().on('end', () => from.socket.destroy()));
        return;
      case 'keep the answer':
        forward(from, body, path, (answer) => answer.resume());
        return;
      case 'pass':
        forward(from, body, fate.path === undefined ? path : target.pathname + fate.path, (answer) => {
          to.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(to);
        });
    }
  }

  const server = createServer(certificate, (from, to) => {
    // A client that hangs up in the middle of its request.
    handle(from, to).catch(() => from.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}${target.pathname}`,
    seen,
    decide: (fate) => {
      decide = fate;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
