import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { gunzipSync } from 'node:zlib';
import type { Row } from '../../../collector/schema/index.ts';
import { certificates } from '../../../simulator/server/certificates.ts';

/** What the service does with a request. `lost`: accepted, but the answer never arrives. */
export type Answer =
  | 'accept'
  | 'hang'
  | 'lost by reset'
  | 'lost in silence'
  | 'reset'
  | { readonly status: number; readonly code?: string; readonly message?: string; readonly headers?: object };

/** Answers in turn; a function makes one when the request has come. */
type Script = readonly (Answer | ((received: Received) => Answer | Promise<Answer>))[];

/** A request as it arrived. */
export interface Received {
  readonly stream: string;
  readonly ruleId: string;
  readonly token: string;
  /** Of the inflated body. */
  readonly bytes: number;
  readonly rows: readonly Row[];
  readonly at: number;
}

/** A stand-in for a data collection endpoint, which takes nothing that the contract does not allow. */
export interface IngestionServer {
  readonly url: string;
  readonly requests: Received[];
  /** Rows of all requests that were accepted, in the order of arrival. */
  readonly accepted: Row[];
  /** Violations of the wire contract. */
  readonly problems: string[];
  /** Sets the answers of the next requests, in turn; after them all are accepted. */
  answer(...next: Script): void;
  /** Requests that are being answered now, and the most there ever were. */
  readonly atOnce: { now: number; most: number };
  close(): Promise<void>;
}

let trusted: Promise<{ readonly key: string; readonly cert: string }> | undefined;

/** Makes this process trust the server; once for all servers of a test file. */
function trust(): Promise<{ readonly key: string; readonly cert: string }> {
  trusted ??= certificates().then(({ ca, server }) => {
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), ca]);
    return server;
  });
  return trusted;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const PATH = /^\/dataCollectionRules\/(dcr-[0-9a-f]{32})\/streams\/(Custom-[A-Za-z]+_CL)$/;

/** Starts a server on 127.0.0.1. `limitBytes` is the longest inflated body. */
export async function ingestionServer({ limitBytes = 1_000_000 } = {}): Promise<IngestionServer> {
  const problems: string[] = [];
  const requests: Received[] = [];
  const accepted: Row[] = [];
  const atOnce = { now: 0, most: 0 };
  let script: Script = [];

  function check(request: IncomingMessage, wire: Buffer): Received {
    const must = (holds: boolean, problem: string): void => void (holds || problems.push(problem));
    const url = new URL(request.url ?? '', 'https://127.0.0.1');
    const [, ruleId = '', stream = ''] = PATH.exec(url.pathname) ?? [];
    must(request.method === 'POST', `method ${request.method}`);
    must(ruleId !== '', `path ${url.pathname}`);
    must(url.searchParams.get('api-version') === '2023-01-01', `query ${url.search}`);
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    must(token !== '', 'no bearer token');
    must(request.headers['content-type'] === 'application/json', `type ${request.headers['content-type']}`);
    must(request.headers['content-encoding'] === 'gzip', 'not gzip');
    must(/^[0-9a-f-]{36}$/.test(String(request.headers['x-ms-client-request-id'])), 'no client request id');
    const text = gunzipSync(wire);
    must(text.length <= limitBytes, `${text.length} bytes: more than ${limitBytes}`);
    const rows = JSON.parse(text.toString('utf8')) as Row[];
    must(Array.isArray(rows) && rows.length > 0, 'no array of rows');
    for (const row of rows) {
      must(typeof row['TimeGenerated'] === 'string', 'a row without TimeGenerated');
      must(!Object.values(row).includes(null), 'a null column');
    }
    return { stream, ruleId, token, bytes: text.length, rows, at: performance.now() };
  }

  function give(answer: Answer, { rows }: Received, request: IncomingMessage, response: ServerResponse): void {
    if (answer === 'accept' || answer === 'lost by reset' || answer === 'lost in silence') accepted.push(...rows);
    if (answer === 'accept') response.writeHead(204).end();
    else if (answer === 'reset' || answer === 'lost by reset') request.socket.destroy();
    else if (typeof answer === 'object') {
      const { status, code = `Code${status}`, message = 'why', headers = {} } = answer;
      response.writeHead(status, { 'content-type': 'application/json', 'x-ms-error-code': code, ...headers });
      response.end(code === '' ? '<html>canary-page</html>' : JSON.stringify({ error: { code, message } }));
    }
  }

  const server: Server = createServer(await trust(), (request, response) => {
    void (async () => {
      const [next = 'accept', ...rest] = script;
      script = rest;
      if (next === 'reset') {
        request.socket.destroy();
        return;
      }
      atOnce.most = Math.max(atOnce.most, ++atOnce.now);
      response.on('close', () => void atOnce.now--);
      const received = check(request, await bodyOf(request));
      requests.push(received);
      const answer = typeof next === 'function' ? await next(received) : next;
      give(answer, received, request, response);
    })().catch((error: unknown) => {
      problems.push(String(error));
      request.socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    accepted,
    problems,
    atOnce,
    answer(...next) {
      script = next;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
