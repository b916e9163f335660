import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { jsonReply, type Call, type Head, type Reply } from './reply.ts';

/** One listening port. */
export interface Listener {
  /** `https://127.0.0.1:PORT` or `http://…`, no trailing slash. */
  readonly origin: string;
  /** Stops listening and destroys every socket; resolves within a second. */
  close(): Promise<void>;
}

/** What a listener needs. */
export interface ListenerOptions {
  readonly port: number;
  /** Absent: plain http. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly handle: (call: Call) => Promise<Reply> | Reply;
  /** Epoch milliseconds for the Date header. */
  readonly dateMs: () => number;
  readonly slowMs: number;
  /** Told when a request arrives; the function it returns is called when its answer is over. */
  readonly onRequest?: (call: Call) => () => void;
  /** Asked once per request, when half of the body is read; reading waits for the answer. */
  readonly onHalfBody?: (head: Head, half: Buffer) => Promise<'read on' | 'reset'>;
}

// Far above what any of these APIs accepts, so that they can answer to what is too large.
const maxBodyBytes = 64 * 1_048_576;

/** Listens on loopback and answers with what `handle` returns; a handler that throws becomes a 500 that says why. */
export async function listener(options: ListenerOptions): Promise<Listener> {
  let requests = 0;
  const onRequest = (req: IncomingMessage, res: ServerResponse): void => {
    requests += 1;
    // A request whose body is not read to its end lets go of its socket.
    const { socket } = req;
    answer(req, res, requests, options).then(
      (end) => end === 'reset' && socket.destroy(),
      () => socket.destroy(),
    );
  };
  const server = options.tls ? createHttps({ ...options.tls }, onRequest) : createHttp(onRequest);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('simulator: the server has no TCP port');
  return {
    origin: `${options.tls ? 'https' : 'http'}://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  req: IncomingMessage,
  res: ServerResponse,
  nth: number,
  options: ListenerOptions,
): Promise<'reset' | undefined> {
  const call = await readCall(req, nth, options.onHalfBody);
  if (call === 'reset') return 'reset';
  const over = options.onRequest?.(call);
  if (over) res.once('close', over);
  let reply: Reply;
  try {
    reply = await options.handle(call);
  } catch (error) {
    reply = jsonReply(500, { Message: `simulator: ${String(error)}` });
  }
  if (reply.delivery === 'reset-before') return 'reset';
  if (reply.delivery === 'hang') return undefined;
  res.sendDate = false;
  res.statusCode = reply.status;
  res.setHeader('Date', new Date(options.dateMs()).toUTCString());
  for (const [name, value] of Object.entries(reply.headers)) res.setHeader(name, value);
  if (reply.onSent) res.once('finish', () => void reply.onSent?.());
  await deliver(res, reply, options.slowMs);
  return undefined;
}

async function deliver(res: ServerResponse, reply: Reply, slowMs: number): Promise<void> {
  if (typeof reply.body !== 'string' && !Buffer.isBuffer(reply.body)) {
    for await (const piece of reply.body) {
      if (res.destroyed) return;
      if (!res.write(piece)) await drained(res);
    }
    res.end();
    return;
  }
  const bytes = Buffer.from(reply.body);
  if (reply.delivery === 'close-delimited') {
    // HTTP/1.1 allows a body that ends with the connection: nothing tells the client that it was cut.
    res.removeHeader('Content-Length');
    res.removeHeader('Transfer-Encoding');
    res.setHeader('Connection', 'close');
    res.end(bytes);
    return;
  }
  // RFC 9110 8.6: no Content-Length in a 204.
  if (reply.status !== 204) res.setHeader('Content-Length', bytes.length);
  if (reply.delivery === 'reset-within') {
    res.write(bytes.subarray(0, Math.floor(bytes.length / 2)));
    await pause(20);
    res.destroy();
    return;
  }
  if (reply.delivery === 'slow') {
    const pieces = 20;
    const size = Math.max(1, Math.ceil(bytes.length / pieces));
    for (let at = 0; at < bytes.length && !res.destroyed; at += size) {
      res.write(bytes.subarray(at, at + size));
      await pause(slowMs / pieces);
    }
    res.end();
    return;
  }
  if (reply.delivery === 'whole' && reply.onHalf) {
    const half = Math.floor(bytes.length / 2);
    await written(res, bytes.subarray(0, half));
    await reply.onHalf();
    res.end(bytes.subarray(half));
    return;
  }
  res.end(bytes);
}

/** Resolves when the bytes were handed to the operating system, or the client is gone. */
function written(res: ServerResponse, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    res.once('close', resolve);
    res.write(bytes, () => {
      res.off('close', resolve);
      resolve();
    });
  });
}

function drained(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      res.off('drain', done);
      res.off('close', done);
      resolve();
    };
    res.once('drain', done);
    res.once('close', done);
  });
}

async function readCall(
  req: IncomingMessage,
  nth: number,
  onHalfBody: ListenerOptions['onHalfBody'],
): Promise<Call | 'reset'> {
  const target = req.url ?? '/';
  const mark = target.indexOf('?');
  const head = {
    nth,
    method: req.method ?? 'GET',
    path: mark < 0 ? target : target.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
    headers: req.headers,
  };
  const chunks: Buffer[] = [];
  let size = 0;
  // Of a body without a length, the first piece counts as half.
  const halfSize = Number(req.headers['content-length'] ?? 0) / 2;
  let isHalfTold = false;
  for await (const chunk of req) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxBodyBytes) throw new Error(`simulator: request body over ${maxBodyBytes} bytes`);
    chunks.push(bytes);
    if (onHalfBody === undefined || isHalfTold || size < halfSize) continue;
    isHalfTold = true;
    if ((await onHalfBody(head, Buffer.concat(chunks))) === 'reset') return 'reset';
  }
  const bytes = Buffer.concat(chunks);
  return {
    ...head,
    bytes,
    get body() {
      return bytes.toString('utf8');
    },
  };
}
