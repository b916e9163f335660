import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** What the probes ask for. */
export interface HealthView {
  /** False when the process should be restarted: it has made no progress for too long. */
  readonly isAlive: () => boolean;
  /** True once a pass has begun, or when another replica is the owner. */
  readonly isReady: () => boolean;
  readonly role: () => 'owner' | 'standby' | 'none';
  readonly metrics: (request: IncomingMessage, response: ServerResponse) => void;
}

/** Serves /healthz, /readyz and /metrics; answers GET and HEAD only, and says nothing about tenants or users. */
export async function healthServer(options: {
  readonly host: string;
  readonly port: number;
  readonly view: HealthView;
}): Promise<{ readonly port: number; close(): Promise<void> }> {
  const { host, port, view } = options;
  const say = (response: ServerResponse, isGood: boolean): void => {
    const body = JSON.stringify({ status: isGood ? 'ok' : 'failing', role: view.role() });
    response.writeHead(isGood ? 200 : 503, { 'content-type': 'application/json' }).end(body);
  };
  const server: Server = createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') response.writeHead(405).end();
    else if (request.url === '/healthz') say(response, view.isAlive());
    else if (request.url === '/readyz') say(response, view.isReady());
    else if (request.url === '/metrics') view.metrics(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new Error(`health: cannot listen on ${host}:${port}: choose another HEALTH_PORT, or 0 for none`, { cause }),
      ),
    );
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
