import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { healthServer } from '../../collector/health-server.ts';
import { type Metrics, metrics } from '../../collector/metrics.ts';
import type { OtlpOptions } from '../../collector/otlp-reader.ts';

const start = Date.parse('2026-11-18T15:00:00Z');

/** Puts metrics where a scraper finds them. */
async function scraper(of: Metrics): Promise<(accept?: string) => Promise<Response>> {
  const view = { isAlive: () => true, isReady: () => true, role: () => 'owner' as const, metrics: of.answer };
  const server = await healthServer({ host: '127.0.0.1', port: 0, view });
  onTestFinished(() => server.close());
  return (accept = '*/*') => fetch(`http://127.0.0.1:${server.port}/metrics`, { headers: { accept } });
}

interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: Map<string, number>;
}

const METADATA = /^# (TYPE|HELP) ([a-z_]+) (.+)$/;
const SAMPLE = /^([a-z_]+)((?:\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)+\})?) (\+Inf|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;

/** Reads OpenMetrics text and throws at whatever the specification does not allow. */
function parseOpenMetrics(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n# EOF\n')) throw new Error('the text does not end with # EOF');
  const families = new Map<string, { type: string; help: string; samples: Map<string, number> }>();
  let current = '';
  for (const line of text.slice(0, -'# EOF\n'.length).trimEnd().split('\n')) {
    const [, keyword, family, value] = METADATA.exec(line) ?? [];
    if (keyword !== undefined && family !== undefined && value !== undefined) {
      if (family !== current && families.has(family)) throw new Error(`family twice: ${line}`);
      current = family;
      const own = families.get(family) ?? { type: '', help: '', samples: new Map() };
      families.set(family, own);
      const key = keyword === 'TYPE' ? 'type' : 'help';
      if (own[key] !== '' || own.samples.size > 0) throw new Error(`metadata twice, or after samples: ${line}`);
      own[key] = value;
      continue;
    }
    const [, name, labels, number] = SAMPLE.exec(line) ?? [];
    const own = families.get(current);
    if (name === undefined || own === undefined) throw new Error(`neither metadata nor a sample: ${line}`);
    if (name !== (own.type === 'counter' ? `${current}_total` : current)) throw new Error(`wrong name: ${line}`);
    if (own.samples.has(`${name}${labels}`)) throw new Error(`sample twice: ${line}`);
    own.samples.set(`${name}${labels}`, number === '+Inf' ? Infinity : Number(number));
  }
  return families;
}

/** A receiver of OTLP that keeps what came; `answer` decides how it behaves. */
async function receiver(answer: (server: Server) => number | 'silence' = () => 200) {
  const got: { path: string | undefined; headers: IncomingHttpHeaders; body: Buffer }[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      got.push({ path: request.url, headers: request.headers, body: Buffer.concat(chunks) });
      for (const look of waiting) look();
      const status = answer(server);
      if (status !== 'silence') response.writeHead(status).end();
    });
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  /** Resolves when `count` requests have come. */
  const requests = (count: number): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (got.length >= count) resolve();
      };
      waiting.add(look);
      look();
    });
  return { url: `http://127.0.0.1:${port}/v1/metrics`, got, requests };
}

function pushed(otlp: OtlpOptions): Metrics {
  const own = metrics({ otlp, version: '1.2.3', now: () => start });
  onTestFinished(() => own.close());
  return own;
}

describe('a scrape', () => {
  it('is OpenMetrics 1.0 that a strict parser accepts, with the names of the interface', async () => {
    const own = metrics({ now: () => start });
    own.record('activity-feed', 'accepted', 3);
    own.record('activity-feed', 'foreign', 40);
    own.blob('activity-feed', 'fetched');
    own.readUpTo('activity-feed', start - 90_500);
    own.oldestUnfetchedExpiry('activity-feed', undefined);
    own.leader(1);
    own.ingestion('accepted');
    own.ingestion('throttled');
    own.ingestion('failed');
    own.rows('CopilotAudit_CL', 3);
    const scrape = await scraper(own);
    const response = await scrape('application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5');
    expect(response.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    const families = parseOpenMetrics(await response.text());
    const samples = Object.fromEntries([...families.values()].flatMap((family) => [...family.samples]));
    expect(samples).toEqual({
      'copilot_records_total{source="activity-feed",outcome="accepted"}': 3,
      'copilot_records_total{source="activity-feed",outcome="foreign"}': 40,
      'copilot_blobs_total{source="activity-feed",outcome="fetched"}': 1,
      'copilot_lag_seconds{source="activity-feed"}': 90.5,
      'copilot_oldest_unfetched_expiry_seconds{source="activity-feed"}': Infinity,
      copilot_leader: 1,
      'copilot_ingestion_requests_total{outcome="accepted"}': 1,
      'copilot_ingestion_requests_total{outcome="throttled"}': 1,
      'copilot_ingestion_requests_total{outcome="failed"}': 1,
      'copilot_ingestion_rows_total{table="CopilotAudit_CL"}': 3,
    });
    expect([...families].map(([name, { type }]) => `${name} ${type}`).toSorted()).toEqual([
      'copilot_blobs counter',
      'copilot_ingestion_requests counter',
      'copilot_ingestion_rows counter',
      'copilot_lag_seconds gauge',
      'copilot_leader gauge',
      'copilot_oldest_unfetched_expiry_seconds gauge',
      'copilot_records counter',
    ]);
    expect([...families.values()].every(({ help }) => help.length > 10)).toBe(true);
  });

  it('survives label values that need escaping', async () => {
    const own = metrics();
    own.record('a "quoted"\nback\\slash', '# EOF', 1);
    const families = parseOpenMetrics(await (await (await scraper(own))()).text());
    expect([...(families.get('copilot_records')?.samples.keys() ?? [])]).toEqual([
      String.raw`copilot_records_total{source="a \"quoted\"\nback\\slash",outcome="# EOF"}`,
    ]);
  });

  it('is Prometheus text 0.0.4 for a client that takes only that', async () => {
    const own = metrics();
    own.record('activity-feed', 'accepted', 3);
    const response = await (await scraper(own))('text/plain;version=0.0.4');
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await response.text();
    expect(text).toContain('# TYPE copilot_records_total counter\ncopilot_records_total{source="activity-feed"');
    expect(text).toMatch(/ 3\n$/);
    expect(text).not.toContain('# EOF');
  });

  it('shows a lag that grows and an expiry that nears while nothing is reported', async () => {
    let time = start;
    const own = metrics({ now: () => time });
    own.readUpTo('activity-feed', start - 60_000);
    own.oldestUnfetchedExpiry('activity-feed', start + 3_600_000);
    const scrape = await scraper(own);
    const levels = async (): Promise<readonly (number | undefined)[]> => {
      const families = parseOpenMetrics(await (await scrape()).text());
      return ['copilot_lag_seconds', 'copilot_oldest_unfetched_expiry_seconds'].map((name) =>
        families.get(name)?.samples.get(`${name}{source="activity-feed"}`),
      );
    };
    expect(await levels()).toEqual([60, 3600]);
    time += 600_000;
    expect(await levels()).toEqual([660, 3000]);
    time = start - 120_000;
    expect(await levels(), 'a clock that was set back').toEqual([0, 3720]);
  });

  it('is whole before anything has happened', async () => {
    const response = await (await scraper(metrics()))();
    expect(await response.text()).toBe('# EOF\n');
  });
});

describe('export over OTLP', () => {
  it('pushes protobuf with names, service and headers at the end', async () => {
    const at = await receiver();
    const own = pushed({ url: at.url, headers: { 'x-api-key': 'key-for-a-test' } });
    own.record('activity-feed', 'accepted', 3);
    own.readUpTo('activity-feed', start - 1000);
    own.oldestUnfetchedExpiry('activity-feed', undefined);
    await own.close();
    expect(at.got).toHaveLength(1);
    const [{ path, headers, body } = { path: '', headers: {}, body: Buffer.of() }] = at.got;
    expect(path).toBe('/v1/metrics');
    expect(headers).toMatchObject({ 'content-type': 'application/x-protobuf', 'x-api-key': 'key-for-a-test' });
    for (const name of ['copilot_records_total', 'copilot_lag_seconds', 'activity-feed'])
      expect(body.includes(name), name).toBe(true);
    // In protobuf four bytes of tags and lengths stand between a key and its text.
    expect(body.toString('latin1')).toMatch(/service\.name[^]{4}copilot-sentinel[^]*service\.version[^]{4}1\.2\.3/);
  });

  it('goes on pushing by itself, beside scrapes', async () => {
    const at = await receiver();
    const own = pushed({ url: at.url, intervalMs: 20 });
    own.leader(1);
    await at.requests(2);
    const text = await (await (await scraper(own))()).text();
    expect(text).toContain('copilot_leader 1\n');
  });

  const failures: readonly { readonly name: string; readonly status: number; readonly reason: string }[] = [
    { name: 'refuses', status: 401, reason: 'HTTP 401' },
    { name: 'breaks', status: 500, reason: 'HTTP 500' },
  ];
  it.for(failures)('tells that the receiver $name, without address or key, and closes', async ({ status, reason }) => {
    const at = await receiver(() => status);
    const told: string[] = [];
    const headers = { authorization: 'Bearer canary-of-a-test' };
    const own = pushed({ url: `${at.url}?key=canary-of-a-test`, headers, onError: (text) => told.push(text) });
    own.leader(1);
    await own.close();
    expect(told).toEqual([reason]);
  });

  it('tells that nobody listens by its code', async () => {
    const told: string[] = [];
    // Port 9 (discard) is closed everywhere; the first try fails and the deadline ends the rest.
    const own = pushed({ url: 'http://127.0.0.1:9/v1/metrics', intervalMs: 50, onError: (text) => told.push(text) });
    own.leader(1);
    await own.close();
    expect([...new Set(told)]).toEqual(['ECONNREFUSED']);
  });

  it('closes in the end when the receiver never answers, and scrapes go on meanwhile', async () => {
    const at = await receiver(() => 'silence');
    const own = pushed({ url: at.url, intervalMs: 200 });
    own.leader(1);
    await at.requests(1);
    expect(await (await (await scraper(own))()).text()).toContain('copilot_leader 1\n');
    await own.close();
    expect(at.got.length).toBeGreaterThan(0);
  });
});
