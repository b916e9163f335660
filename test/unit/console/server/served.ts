/** A console for tests: served for real, asked over sockets. */
import { request } from 'node:http';
import type { IncidentView, Status } from '../../../../workspace/console/api.ts';
import { type Console, consoleServer } from '../../../../workspace/console/serve.ts';

const status: Status = {
  mode: 'simulated',
  title: 'Simulated tenant, 2 people, 1 day',
  steps: [{ name: 'collect', state: 'done', detail: '2 of 2 records' }],
  collector: { state: 'running', exitCode: null, log: [], metrics: [] },
  tables: [],
  version: 1,
  rules: {
    evaluatedUpTo: null,
    done: 0,
    total: 0,
    failures: [],
    incidents: { High: 0, Medium: 0, Low: 0, Informational: 0 },
    remark: null,
  },
  span: null,
};

/** An incident of a rule. */
export const incident = (id: string, createdTime: string): IncidentView => ({
  id,
  title: `Title of ${id} <b>=cmd</b>`,
  severity: 'High',
  rule: 'some-rule',
  tactics: ['Exfiltration'],
  createdTime,
  lastAlertTime: createdTime,
  alertCount: 0,
  entities: [],
  alerts: [],
  description: 'What to do first.',
  query: 'CopilotEvents',
  catalogue: 'A1',
  techniques: [],
});

/** Serves a directory on a free port. */
export const served = async (
  directory: string,
  options: { readonly workbooks?: string; readonly incidents?: readonly IncidentView[] } = {},
): Promise<Console> =>
  consoleServer({
    directory,
    port: 0,
    threads: 1,
    status: () => status,
    incidents: () => options.incidents ?? [],
    ...(options.workbooks === undefined ? {} : { workbooks: options.workbooks }),
  });

/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
  readonly text: string;
}

/** One request with exactly these headers and this path, as no browser would send it. */
export async function send(
  { url }: Console,
  path: string,
  options: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const { method = 'GET', headers = {}, body } = options;
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const sent = request(
    { hostname, port, path, method, headers, agent: false, setHost: !('host' in headers) },
    (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const whole = Buffer.concat(parts);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: whole, text: whole.toString() });
      });
    },
  );
  sent.on('error', reject);
  sent.end(body);
  return promise;
}

/** A POST as the page sends it. */
export const post = async (console: Console, path: string, body: unknown): Promise<Answer> =>
  send(console, path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
