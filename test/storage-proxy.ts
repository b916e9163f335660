/** An HTTPS server in front of Azurite that tells what a collector does to its state, and makes it fail. */
import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Azurite } from './azurite.ts';

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

/** A request as it came. */
export interface StorageCall {
  readonly method: string;
  /** Path with query, without the account. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly action: StorageAction;
  /** Counts the calls of this action since the proxy began. */
  readonly n: number;
  readonly leaseId: string | undefined;
  /** Object id of the identity whose token came along. */
  readonly objectId: string;
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

/** Before the store hears of it; when the store has done it and nobody was told; when the answer is out. */
export type StorageMoment = 'asked' | 'done' | 'told';

/** Told of each moment of each request that passes; `status` is the store's, 0 before it has answered. */
export type Watcher = (moment: StorageMoment, call: StorageCall, status: number) => void | Promise<void>;

export interface StorageProxy {
  /** URL of the account, behind the proxy. */
  readonly url: string;
  readonly seen: StorageCall[];
  /** Decides for every request from now on. */
  decide(fate: (call: StorageCall) => Fate): void;
  /** From now on the only one who is told. */
  watch(watcher: Watcher): void;
  close(): Promise<void>;
}

const pass: Fate = { kind: 'pass' };

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

function objectIdIn({ authorization = '' }: IncomingHttpHeaders): string {
  const claims = Buffer.from(authorization.split('.')[1] ?? '', 'base64url').toString();
  return /"oid":"([^"]+)"/.exec(claims)?.[1] ?? '';
}

async function read(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Everything passes until told otherwise. */
export async function storageProxy({ url, ca, server: certificate }: Azurite): Promise<StorageProxy> {
  const target = new URL(url);
  const seen: StorageCall[] = [];
  const counts = new Map<StorageAction, number>();
  let decide: (call: StorageCall) => Fate = () => pass;
  let watch: Watcher = () => undefined;

  function toCall(from: IncomingMessage, body: Buffer): StorageCall {
    const { method = '', headers, url: path = '' } = from;
    const action = actionOf(method, new URL(path, target), headers);
    const n = (counts.get(action) ?? 0) + 1;
    counts.set(action, n);
    const leaseId = headers['x-ms-lease-id'];
    return {
      method,
      path: path.slice(target.pathname.length),
      headers,
      body,
      action,
      n,
      leaseId: typeof leaseId === 'string' ? leaseId : undefined,
      objectId: objectIdIn(headers),
    };
  }

  async function forward({ method, headers, body }: StorageCall, path: string): Promise<IncomingMessage> {
    const to = { host: target.hostname, port: target.port, ca, path: target.pathname + path, method, headers };
    const [answer] = (await once(request(to).end(body), 'response')) as [IncomingMessage];
    return answer;
  }

  async function handle(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const call = toCall(from, await read(from));
    seen.push(call);
    const fate = decide(call);
    if (fate.kind === 'hang') return;
    if (fate.kind === 'reset') {
      from.socket.destroy();
    } else if (fate.kind === 'answer') {
      to.writeHead(fate.status, { 'x-ms-error-code': fate.code, 'content-type': 'application/xml' });
      to.end(`<?xml version="1.0"?><Error><Code>${fate.code}</Code><Message>injected\nRequestId:1</Message></Error>`);
    } else {
      await watch('asked', call, 0);
      const answer = await forward(call, (fate.kind === 'pass' ? fate.path : undefined) ?? call.path);
      const status = answer.statusCode ?? 502;
      const body = await read(answer);
      await watch('done', call, status);
      if (fate.kind === 'keep the answer' || from.socket.destroyed) return;
      if (fate.kind === 'lose the answer') {
        from.socket.destroy();
        return;
      }
      to.writeHead(status, answer.headers).end(body);
      await once(to, 'close');
      await watch('told', call, status);
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
    watch: (watcher) => {
      watch = watcher;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
