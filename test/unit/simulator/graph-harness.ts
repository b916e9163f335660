/** Requests to the simulated Microsoft Graph, alone and in batches. */
import type { Simulator } from '../../../simulator/simulator.ts';
import { tenant, type Tenant } from '../../../simulator/tenant/tenant.ts';
import { accessToken, ask, json, type Answer } from './server-harness.ts';

/** The tenant of `started({ seed: 1, users })`. */
export const people = (users = 50): Tenant => tenant({ seed: 1, users });

export const graphToken = (sim: Simulator, scope = 'https://graph.microsoft.com'): Promise<string> =>
  accessToken(sim, { scope: `${scope}/.default` });

export type Body = Readonly<Record<string, unknown>>;

export interface GraphAnswer {
  readonly status: number;
  readonly code: string;
  readonly body: Body;
  readonly raw: Answer;
}

const toAnswer = (raw: Answer): GraphAnswer => {
  let body: Body = {};
  try {
    body = json<Body>(raw.body);
  } catch {
    // CSV or HTML.
  }
  return { status: raw.status, code: errorCode(body), body, raw };
};

const errorCode = (body: unknown): string => (body as { error?: { code?: string } } | null)?.error?.code ?? '';

/** A GET below the origin of Graph, or of an absolute address. */
export async function get(sim: Simulator, token: string | undefined, path: string): Promise<GraphAnswer> {
  const address = path.startsWith('https:') ? path : `${sim.graphUrl}${path}`;
  return toAnswer(await ask(sim, address, token === undefined ? {} : { token }));
}

export async function send(
  sim: Simulator,
  token: string,
  method: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = { 'Content-Type': 'application/json' },
): Promise<GraphAnswer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return toAnswer(await ask(sim, `${sim.graphUrl}${path}`, { token, method, body: text, headers }));
}

export interface Item {
  readonly id: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
}

/** A batch of GETs with the ids 1, 2, ... */
export async function batch(
  sim: Simulator,
  token: string,
  urls: readonly string[],
): Promise<{ readonly answer: GraphAnswer; readonly items: readonly Item[]; readonly codes: readonly string[] }> {
  const requests = urls.map((url, index) => ({ id: String(index + 1), method: 'GET', url }));
  const answer = await send(sim, token, 'POST', '/v1.0/$batch', { requests });
  const items = (answer.body?.['responses'] ?? []) as readonly Item[];
  const sorted = [...items].sort((a, b) => Number(a.id) - Number(b.id));
  return { answer, items: sorted, codes: sorted.map(({ status, body }) => `${status} ${errorCode(body)}`.trim()) };
}

/** Every item of a collection. */
export async function all(sim: Simulator, token: string, path: string): Promise<readonly Body[]> {
  const found: Body[] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const { status, body }: GraphAnswer = await get(sim, token, next);
    if (status !== 200) throw new Error(`${status} for ${next}`);
    found.push(...(body['value'] as readonly Body[]));
    next = body['@odata.nextLink'] as string | undefined;
  }
  return found;
}

export const shareId = (url: string): string => `u!${Buffer.from(url).toString('base64url')}`;
