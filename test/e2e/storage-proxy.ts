/** A proxy in front of Azurite that tells what the collector does to its state, and can spoil it. */
import { createServer, request, type RequestOptions } from 'node:https';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

/** What a request does to the state. */
export type StorageAction =
  | 'lease-acquire'
  | 'lease-renew'
  | 'lease-release'
  | 'checkpoint'
  | 'append'
  | 'create'
  | 'delete'
  | 'list'
  | 'read';

/** Before the store hears of it; when the store has done it and nobody was told; when the answer is out. */
export type StorageMoment = 'asked' | 'done' | 'told';

/** One request; `body` is what was sent. */
export interface StorageCall {
  readonly action: StorageAction;
  /** Counts the calls of this action since the proxy began. */
  readonly n: number;
  readonly leaseId: string | undefined;
  /** Object id of the identity whose token came along. */
  readonly objectId: string;
  readonly body: Buffer;
  /** Status of the store's answer; undefined while it has not answered. */
  readonly status: number | undefined;
}

/** What a test does at a moment: nothing, or instead of asking the store an answer of its own or a broken connection. */
export type StorageReaction = { readonly status: number; readonly code: string } | 'reset' | 'hang' | undefined;

export interface StorageProxy {
  readonly origin: string;
  /** Is asked at every moment; replaced as the test goes on. What it returns counts at `asked` only. */
  on: (moment: StorageMoment, call: StorageCall) => StorageReaction | Promise<StorageReaction>;
  close(): Promise<void>;
}

function actionOf(method: string, url: URL, headers: IncomingHttpHeaders): StorageAction {
  const comp = url.searchParams.get('comp');
  if (comp === 'lease') {
    const action = String(headers['x-ms-lease-action']);
    return action === 'renew' ? 'lease-renew' : action === 'acquire' ? 'lease-acquire' : 'lease-release';
  }
  if (comp === 'appendblock') return 'append';
  if (comp === 'list') return 'list';
  if (method === 'DELETE') return 'delete';
  if (method !== 'PUT') return 'read';
  // The empty checkpoint that is made to be leased is a creation, too.
  return url.pathname.endsWith('/checkpoint.json') && headers['x-ms-lease-id'] !== undefined ? 'checkpoint' : 'create';
}

function objectIdIn({ headers }: IncomingMessage): string {
  const claims = Buffer.from(headers.authorization?.split('.')[1] ?? '', 'base64url').toString();
  return /"oid":"([^"]+)"/.exec(claims)?.[1] ?? '';
}

async function read(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Listens on loopback with `tls`, and passes everything on to `target`, whose certificate `ca` signed. */
export async function storageProxy(options: {
  readonly target: string;
  readonly ca: string;
  readonly tls: { readonly key: string; readonly cert: string };
}): Promise<StorageProxy> {
  const counts = new Map<StorageAction, number>();
  const target = new URL(options.target);

  const forward = (to: RequestOptions, body: Buffer): Promise<{ head: IncomingMessage; body: Buffer }> =>
    new Promise((resolve, reject) => {
      const outgoing = request({ ...to, ca: options.ca }, (head) => {
        read(head).then((answer) => resolve({ head, body: answer }), reject);
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', target);
    const action = actionOf(incoming.method ?? 'GET', url, incoming.headers);
    const n = (counts.get(action) ?? 0) + 1;
    counts.set(action, n);
    const lease = incoming.headers['x-ms-lease-id'];
    const leaseId = typeof lease === 'string' ? lease : undefined;
    const call = { action, n, leaseId, objectId: objectIdIn(incoming), body: await read(incoming) };
    const reaction = await proxy.on('asked', { ...call, status: undefined });
    if (reaction === 'hang') return;
    if (reaction === 'reset') {
      incoming.socket.destroy();
      return;
    }
    if (reaction !== undefined) {
      response.writeHead(reaction.status, { 'x-ms-error-code': reaction.code, 'content-type': 'application/xml' });
      response.end(`<?xml version="1.0"?><Error><Code>${reaction.code}</Code><Message>told to</Message></Error>`);
      return;
    }
    const { hostname, port } = target;
    // Azurite judges names by path, and a lower-case host is all that it reads of this header.
    const headers = { ...incoming.headers, host: target.host };
    const to = { hostname, port, method: incoming.method, path: incoming.url, headers };
    const answer = await forward(to, call.body);
    const done = { ...call, status: answer.head.statusCode };
    await proxy.on('done', done);
    if (incoming.socket.destroyed) return;
    response.writeHead(answer.head.statusCode ?? 502, answer.head.headers);
    await new Promise<void>((resolve) => {
      response.once('close', resolve);
      response.end(answer.body);
    });
    await proxy.on('told', done);
  }

  const server = createServer(options.tls, (incoming, response) => {
    serve(incoming, response).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const proxy: StorageProxy = {
    origin: `https://127.0.0.1:${port}`,
    on: () => undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}
