/** The console: one page and its API on loopback, over a directory of rows. */
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createAdaptorServer } from '@hono/node-server';
import type { IncidentView, Status } from './api.ts';
import { answers } from './server/answers.ts';
import { consoleApp } from './server/app.ts';
import { ownHosts } from './server/guard.ts';
import { bundlePage } from './server/page-bundle.ts';
import { queryPool } from './server/query-pool.ts';

/** What the console shows, and where. */
export interface ConsoleOptions {
  /** Rows as the collector writes them; may be empty, and grow. */
  readonly directory: string;
  /** Of 127.0.0.1; 0 is any free one. */
  readonly port: number;
  readonly status: () => Status;
  readonly incidents: () => readonly IncidentView[];
  /** The folder of workbooks. Default the shipped ones. */
  readonly workbooks?: string;
  /** That answer queries. Default 2. */
  readonly threads?: number;
  /** Milliseconds since 1970. Default the clock. */
  readonly now?: () => number;
}

/** A console that is being served. */
export interface Console {
  /** `http://127.0.0.1:4280/` */
  readonly url: string;
  readonly close: () => Promise<void>;
}

const ADDRESS = '127.0.0.1';
const shippedWorkbooks = fileURLToPath(new URL('../../workbooks', import.meta.url));

function toListenError(cause: unknown, port: number): Error {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const why = code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${String(code ?? cause)})`;
  return new Error(`port ${port} of ${ADDRESS} ${why}: name another one with --port, or 0 for any that is free`, {
    cause,
  });
}

/**
 * Serves the console. It answers as soon as this resolves; the page itself a second later, when it is bundled.
 * @throws Error naming --port where the port cannot be used
 */
export async function consoleServer(options: ConsoleOptions): Promise<Console> {
  const { directory, port, status, incidents, workbooks = shippedWorkbooks, threads = 2, now = Date.now } = options;
  let hosts: ReadonlySet<string> = new Set();
  const page = bundlePage();
  // Whoever opens the page is told; nobody else waits for it.
  page.catch(() => undefined);
  const pool = queryPool({ directory, threads });
  const app = consoleApp({
    hosts: () => hosts,
    page,
    answers: answers({ directory, pool, now }),
    status,
    incidents,
    workbooks,
  });
  const server = createAdaptorServer({ fetch: app.fetch, hostname: ADDRESS, overrideGlobalObjects: false });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, ADDRESS, resolve);
    });
  } catch (cause) {
    await pool.close();
    throw toListenError(cause, port);
  }
  const address: AddressInfo | string | null = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  hosts = ownHosts(bound);
  return {
    url: `http://${ADDRESS}:${bound}/`,
    close: async () => {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      if ('closeAllConnections' in server) server.closeAllConnections();
      await Promise.all([closed, pool.close(), page.catch(() => undefined)]);
    },
  };
}
