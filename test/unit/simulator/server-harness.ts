/** A simulator with hand-made blobs, raw requests to it, and the smallest client that does everything right. */
import { request } from 'node:https';
import { gunzipSync } from 'node:zlib';
import type { FeedBlob } from '../../../simulator/feed-blob.ts';
import { simulator, type Simulator, type SimulatorOptions } from '../../../simulator/simulator.ts';

export const now = Date.parse('2026-11-20T12:00:00Z');
export const hourMs = 3_600_000;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Header names as sent. */
  readonly names: readonly string[];
  readonly body: string;
  /** The connection broke before the answer was complete. */
  readonly broken: boolean;
}

/** JSON as the shape that the test expects to find in it. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- a type guard for each answer would hide the tests
export function json<T>(text: string): T {
  const value: T = JSON.parse(text);
  return value;
}

export function blob(number: number, createdMs: number, more: Partial<FeedBlob> = {}): FeedBlob {
  const stamp = new Date(createdMs).toISOString().replace(/\D/g, '');
  const id = `0b10b000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  const records = [
    { Id: id, RecordType: 261, Workload: 'Copilot', CopilotEventData: { AppHost: 'Word' } },
    { Id: `0f0f0f00-0000-4000-8000-${String(number).padStart(12, '0')}`, RecordType: 63, Workload: 'Endpoint' },
  ];
  return {
    contentId: `${stamp}00000${number}$${stamp}00000${number}$audit_general$Audit_General$emea0016`,
    createdMs,
    expiresMs: createdMs + 20 * 24 * hourMs,
    visibleMs: createdMs,
    recordCount: records.length,
    copilotIds: [id],
    body: () => JSON.stringify(records),
    ...more,
  };
}

/** Blobs one hour apart, the last one an hour before now. */
export function someBlobs(count: number): readonly FeedBlob[] {
  return Array.from({ length: count }, (_, index) => blob(index + 1, now - (count - index) * hourMs));
}

export function started(options: SimulatorOptions): Promise<Simulator> {
  return simulator({ clock: () => now, blobs: someBlobs(5), ...options });
}

/** One request; `path` is a path below the origin or an absolute URI. */
export function ask(
  sim: Simulator,
  path: string,
  options: {
    readonly method?: string;
    readonly token?: string;
    readonly body?: string;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<Answer> {
  const headers: Record<string, string> = { ...options.headers };
  if (options.token !== undefined) headers['Authorization'] = `Bearer ${options.token}`;
  return new Promise((resolve, reject) => {
    const sent = request(
      path.startsWith('https:') ? path : `${sim.url}${path}`,
      { method: options.method ?? 'GET', ca: sim.ca, headers, agent: false },
      (res) => {
        const chunks: Buffer[] = [];
        const end = (broken: boolean) => (): void => {
          const bytes = Buffer.concat(chunks);
          const body = broken ? bytes.toString() : decoded(bytes, res.headers['content-encoding']);
          if (body === undefined) {
            reject(new Error('the body inflates beyond the limit'));
            return;
          }
          resolve({
            status: res.statusCode ?? 0,
            headers: res.headers,
            names: res.rawHeaders.filter((_, index) => index % 2 === 0),
            body,
            broken,
          });
        };
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('end', end(false));
        res.on('error', end(true));
      },
    );
    sent.on('error', reject);
    sent.end(options.body);
  });
}

/** A small limit: what a careful client would do, and what stops the bomb. */
function decoded(bytes: Buffer, encoding: string | undefined): string | undefined {
  if (encoding !== 'gzip') return bytes.toString();
  try {
    return gunzipSync(bytes, { maxOutputLength: 1_000_000 }).toString();
  } catch {
    return undefined;
  }
}

export async function tokenAnswer(sim: Simulator, form: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return ask(sim, `/${sim.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: sim.clientId,
      client_secret: sim.clientSecret,
      scope: 'https://manage.office.com/.default',
      ...form,
    }).toString(),
  });
}

export async function accessToken(sim: Simulator, form: Readonly<Record<string, string>> = {}): Promise<string> {
  const { body } = await tokenAnswer(sim, form);
  return json<{ access_token: string }>(body).access_token;
}

export function feedPath(sim: Simulator, operation: string, query: Readonly<Record<string, string>> = {}): string {
  const search = Object.entries({ ...query, PublisherIdentifier: sim.tenantId }).map(([k, v]) => `${k}=${v}`);
  return `/api/v1.0/${sim.tenantId}/activity/feed/${operation}?${search.join('&')}`;
}

export const text = (ms: number): string => new Date(ms).toISOString().slice(0, 19);

export function contentPath(sim: Simulator, startMs: number, endMs: number): string {
  return feedPath(sim, 'subscriptions/content', {
    contentType: 'Audit.General',
    startTime: text(startMs),
    endTime: text(endMs),
  });
}

export function code(answer: Answer): string {
  return json<{ error?: { code?: string } }>(answer.body).error?.code ?? '';
}

/** Reads everything there is, as strictly as a good client should, and ignores what it cannot get. */
export async function readAll(sim: Simulator, days = 2, acceptGzip = true): Promise<void> {
  let token = await accessToken(sim);
  const get = async (path: string, isGood: (answer: Answer) => boolean): Promise<Answer | undefined> => {
    for (let left = 4; left > 0; left -= 1) {
      try {
        const headers = acceptGzip ? { 'Accept-Encoding': 'gzip' } : {};
        const answer = await ask(sim, path, { token, headers });
        if (answer.status === 401) token = await accessToken(sim);
        else if (!answer.broken && isGood(answer)) return answer;
        if (/AF20022|AF20023/.test(answer.body))
          await ask(sim, feedPath(sim, 'subscriptions/start', { contentType: 'Audit.General' }), {
            method: 'POST',
            token,
          });
        if (/AF20031|AF20050|AF20051/.test(answer.body)) return undefined;
      } catch {
        // Broken before the headers, or a bomb: try again.
      }
    }
    return undefined;
  };
  const isArray = (answer: Answer): boolean => {
    try {
      return answer.status === 200 && Array.isArray(JSON.parse(answer.body));
    } catch {
      return false;
    }
  };
  const isOwn = (uri: unknown): uri is string =>
    typeof uri === 'string' && URL.canParse(uri) && uri.startsWith(`${sim.url}/`);
  await get(feedPath(sim, 'subscriptions/list'), isArray);
  const uris = new Set<string>();
  for (let day = 0; day < days; day += 1) {
    const first = contentPath(sim, now - (day + 1) * 24 * hourMs, now - day * 24 * hourMs);
    for (let tries = 6, next: string | undefined = first; next !== undefined && tries > 0;) {
      const page: Answer | undefined = await get(next, isArray);
      const link: unknown = page?.headers['nextpageuri'];
      for (const entry of page ? json<({ contentUri?: unknown } | null)[]>(page.body) : []) {
        if (isOwn(entry?.contentUri)) uris.add(entry.contentUri);
      }
      if (page && link === undefined) break;
      tries -= isOwn(link) ? 0 : 1;
      next = isOwn(link) ? `${link}&PublisherIdentifier=${sim.tenantId}` : first;
    }
  }
  for (const uri of uris) await get(`${uri}?PublisherIdentifier=${sim.tenantId}`, isArray);
}
