import { request } from 'node:https';
import { createGunzip } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { faultMenu } from '../../../simulator/server/faults.ts';
import { simulator, type Simulator, type SimulatorOptions } from '../../../simulator/simulator.ts';
import {
  accessToken,
  ask,
  code,
  contentPath,
  feedPath,
  hourMs,
  json,
  now,
  readAll,
  someBlobs,
  started,
  type Answer,
} from './server-harness.ts';

const running: Simulator[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((sim) => sim.close()));
});
async function start(fault: string, options: SimulatorOptions = {}): Promise<{ sim: Simulator; token: string }> {
  const sim = await started({ faults: [fault], ...options });
  running.push(sim);
  return { sim, token: await accessToken(sim) };
}
const window = (sim: Simulator): string => contentPath(sim, now - 24 * hourMs, now);
const blobPath = (sim: Simulator, index = 0): string => feedPath(sim, `audit/${sim.blobs[index]?.contentId}`);
const isJson = (answer: Answer): boolean => {
  try {
    JSON.parse(answer.body);
    return true;
  } catch {
    return false;
  }
};

// What the first hit looks like, on a listing or a blob; the second try of the same request must be good.
const firstHits: readonly (readonly [string, 'listing' | 'blob', (answer: Answer) => void])[] = [
  [
    'throttle-403',
    'listing',
    (a) => expect([a.status, code(a), a.headers['retry-after']]).toEqual([403, 'AF429', undefined]),
  ],
  [
    'throttle-429',
    'listing',
    (a) => expect([a.status, code(a), a.headers['retry-after']]).toEqual([429, 'AF429', undefined]),
  ],
  ['throttle-429-retry-after', 'blob', (a) => expect([a.status, a.headers['retry-after']]).toEqual([429, '1'])],
  ['server-error', 'blob', (a) => expect([a.status, code(a)]).toEqual([500, 'AF50000'])],
  [
    'html-503',
    'listing',
    (a) => expect([a.status, a.headers['content-type'], isJson(a)]).toEqual([503, 'text/html', false]),
  ],
  ['html-200', 'blob', (a) => expect([a.status, isJson(a)]).toEqual([200, false])],
  [
    'truncated',
    'blob',
    (a) => expect([a.status, a.broken, isJson(a), a.body.length > 20]).toEqual([200, false, false, true]),
  ],
  ['unauthorized-once', 'listing', (a) => expect(a.status).toBe(401)],
  ['bad-headers', 'listing', (a) => expect([a.status, a.headers['retry-after']]).toEqual([429, 'soon'])],
];
test.for(firstHits)('%s is seen once and the next try is good', async ([fault, target, check]) => {
  const { sim, token } = await start(fault);
  const path = target === 'listing' ? window(sim) : blobPath(sim);
  check(await ask(sim, path, { token }));
  const good = await ask(sim, path, { token });
  expect([good.status, isJson(good)]).toEqual([200, true]);
  expect(sim.report().faults).toEqual({ [fault]: 1 });
});

test('unauthorized-once also gives the first token 3 seconds and later ones an hour', async () => {
  const { sim, token } = await start('unauthorized-once');
  const life = (jwt: string): number => {
    const claims = json<{ exp: number; iat: number }>(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
    return claims.exp - claims.iat;
  };
  expect([life(token), life(await accessToken(sim))]).toEqual([3, 3599]);
});

test('slow trickles a body that is whole in the end', async () => {
  const { sim, token } = await start('slow', { switches: { slowMs: 300 } });
  const began = performance.now();
  expect(isJson(await ask(sim, blobPath(sim), { token }))).toBe(true);
  expect(performance.now() - began).toBeGreaterThan(250);
});

test('reset breaks one connection before the headers and one within a body', async () => {
  const { sim, token } = await start('reset', { blobs: someBlobs(40) });
  await expect(ask(sim, blobPath(sim), { token })).rejects.toThrow(/socket|ECONNRESET/);
  const answers: Answer[] = [];
  for (let index = 1; index < 40 && !answers.some((one) => one.broken); index += 1)
    answers.push(await ask(sim, blobPath(sim, index), { token }));
  expect(answers.at(-1)).toMatchObject({ status: 200, broken: true });
  expect(sim.report().faults).toEqual({ reset: 2 });
});

test('truncated also cuts a body that only the close ends', async () => {
  const { sim, token } = await start('truncated', { blobs: someBlobs(60) });
  const cut: Answer[] = [];
  for (let index = 0; index < 60; index += 1) {
    const answer = await ask(sim, blobPath(sim, index), { token });
    if (!isJson(answer)) cut.push(answer);
  }
  expect(
    cut.some((one) => one.headers['content-length'] === undefined && one.headers['transfer-encoding'] === undefined),
  ).toBe(true);
  expect(cut.some((one) => one.headers['content-length'] !== undefined)).toBe(true);
  expect(cut.every((one) => one.status === 200 && !one.broken)).toBe(true);
  expect(sim.report().blobs.once).toBe(60 - cut.length);
});

test('stale-page kills one link for good, and the window can be listed again', async () => {
  const { sim, token } = await start('stale-page', { pageSize: 3 });
  const link = String((await ask(sim, window(sim), { token })).headers['nextpageuri']);
  expect(code(await ask(sim, link, { token }))).toBe('AF20031');
  expect(code(await ask(sim, link, { token }))).toBe('AF20031');
  const again = String((await ask(sim, window(sim), { token })).headers['nextpageuri']);
  expect((await ask(sim, again, { token })).status).toBe(200);
  expect(sim.report().pages).toEqual({ never: 0, once: 1, repeatedly: 0 });
});

test.for([
  ['expired', 'AF20051'],
  ['missing', 'AF20050'],
] as const)('%s blobs answer %s at every try and are not expected', async ([fault, expected]) => {
  const { sim, token } = await start(fault, { blobs: someBlobs(20) });
  const gone = sim.report().blobs.unavailable;
  expect(gone).toHaveLength(3);
  for (const id of [...gone, ...gone])
    expect(code(await ask(sim, feedPath(sim, `audit/${id}`), { token }))).toBe(expected);
  expect(sim.report()).toMatchObject({ idsExpected: 17, faults: { [fault]: 6 } });
});

test('broken-forever blobs are never whole', async () => {
  const { sim, token } = await start('broken-forever', { blobs: someBlobs(20) });
  const [id] = sim.report().blobs.unavailable;
  for (let tries = 0; tries < 4; tries += 1)
    expect(isJson(await ask(sim, feedPath(sim, `audit/${id}`), { token }))).toBe(false);
  expect(sim.report().idsServed).toBe(0);
});

test('foreign-url names a foreign host that notices a token; without one nothing is counted', async () => {
  const { sim, token } = await start('foreign-url', { blobs: someBlobs(20), pageSize: 5 });
  const first = await ask(sim, window(sim), { token });
  expect(String(first.headers['nextpageuri']).startsWith(sim.foreignUrl)).toBe(true);
  const uris: string[] = [];
  for (let link: string | undefined = window(sim); link !== undefined;) {
    const page: Answer = await ask(sim, link, { token });
    uris.push(...json<{ contentUri: string }[]>(page.body).map((entry) => entry.contentUri));
    const next: unknown = page.headers['nextpageuri'];
    link = typeof next === 'string' ? next : undefined;
  }
  const foreign = uris.filter((uri) => uri.startsWith(sim.foreignUrl));
  expect(foreign).toHaveLength(3);
  await ask(sim, foreign[0] ?? '');
  expect(sim.report()).toMatchObject({ tokensAtForeignHosts: 0, foreignHost: { requests: 1 } });
  await ask(sim, foreign[0] ?? '', { token });
  expect(sim.report()).toMatchObject({ tokensAtForeignHosts: 1, foreignHost: { requests: 2 } });
});

test('gzip is used only for clients that accept it', async () => {
  const { sim, token } = await start('gzip');
  const plain = await ask(sim, blobPath(sim), { token });
  const packed = await ask(sim, blobPath(sim), { token, headers: { 'Accept-Encoding': 'gzip, br' } });
  expect([plain.headers['content-encoding'], packed.headers['content-encoding']]).toEqual([undefined, 'gzip']);
  expect(packed.body).toBe(plain.body);
});

test('gzip-bomb inflates to more than a gigabyte of valid JSON, once', async () => {
  const { sim, token } = await start('gzip-bomb');
  const headers = { Authorization: `Bearer ${token}`, 'Accept-Encoding': 'gzip' };
  const size = await new Promise<{ sent: number; inflated: number }>((resolve, reject) => {
    request(`${sim.url}${blobPath(sim)}`, { ca: sim.ca, headers, agent: false }, (res) => {
      let [sent, inflated] = [0, 0];
      res.on('data', (chunk: Buffer) => (sent += chunk.length));
      const gunzip = createGunzip({ chunkSize: 1_048_576 });
      gunzip.on('data', (chunk: Buffer) => (inflated += chunk.length));
      gunzip.on('end', () => resolve({ sent, inflated }));
      gunzip.on('error', reject);
      res.pipe(gunzip);
    }).end();
  });
  expect(size.inflated).toBeGreaterThan(1_000_000_000);
  expect(size.sent).toBeLessThan(20_000_000);
  expect(sim.report().idsServed).toBe(0);
  expect((await ask(sim, blobPath(sim), { token, headers: { 'Accept-Encoding': 'gzip' } })).body).toBe(
    sim.blobs[0]?.body(),
  );
}, 30_000);

test('subscription-absent is AF20022 until a start', async () => {
  const { sim, token } = await start('subscription-absent');
  expect(code(await ask(sim, window(sim), { token }))).toBe('AF20022');
  await ask(sim, feedPath(sim, 'subscriptions/start', { contentType: 'Audit.General' }), { token, method: 'POST' });
  expect((await ask(sim, window(sim), { token })).status).toBe(200);
});

test('subscription-disabled-once strikes at the second listing, and a start cures it for good', async () => {
  const { sim, token } = await start('subscription-disabled-once');
  expect((await ask(sim, window(sim), { token })).status).toBe(200);
  expect(code(await ask(sim, window(sim), { token }))).toBe('AF20023');
  const path = feedPath(sim, 'subscriptions/start', { contentType: 'Audit.General' });
  expect((await ask(sim, path, { token, method: 'POST' })).status).toBe(200);
  for (let tries = 0; tries < 3; tries += 1) expect((await ask(sim, window(sim), { token })).status).toBe(200);
});

test('clock-skew puts the Date header 10 minutes ahead', async () => {
  const { sim, token } = await start('clock-skew');
  const answer = await ask(sim, blobPath(sim), { token });
  expect(Date.parse(answer.headers['date']?.toString() ?? '')).toBe(now + 600_000);
});

test('bad-headers shows garbage, negative and date Retry-After, no content type, relative and invalid links', async () => {
  const { sim, token } = await start('bad-headers', { blobs: someBlobs(40), pageSize: 15 });
  const answers: Answer[] = [];
  for (let hours = 24; hours > 14; hours -= 1) {
    const path = contentPath(sim, now - hours * hourMs, now);
    answers.push(await ask(sim, path, { token }), await ask(sim, path, { token }));
  }
  for (let index = 0; index < 40; index += 1) answers.push(await ask(sim, blobPath(sim, index), { token }));
  const links = answers.map((one) => one.headers['nextpageuri']).filter((link) => link !== undefined);
  expect(links.some((link) => String(link).startsWith('/api/v1/'))).toBe(true);
  expect(links.some((link) => !String(link).startsWith('/') && !URL.canParse(String(link)))).toBe(true);
  const waits = new Set(answers.map((one) => one.headers['retry-after']));
  expect([...waits].some((wait) => wait === 'soon' || wait === '-5' || String(wait).endsWith('GMT'))).toBe(true);
  expect(sim.report().faults['bad-headers']).toBe(10);
});

test('bad-times shows malformed times for good, and null and incomplete entries beside the real ones', async () => {
  const { sim, token } = await start('bad-times', { blobs: someBlobs(20) });
  const page = json<(Record<string, string> | null)[]>((await ask(sim, window(sim), { token })).body);
  expect(page).toContain(null);
  expect(page.some((entry) => entry && entry['contentId'] === undefined && entry['contentUri'] !== undefined)).toBe(
    true,
  );
  expect(page.some((entry) => entry && entry['contentUri'] === undefined && entry['contentId'] !== undefined)).toBe(
    true,
  );
  const ids = new Set(page.filter((entry) => entry?.['contentUri']).map((entry) => entry?.['contentId']));
  for (const blob of sim.blobs) expect(ids).toContain(blob.contentId);
  const later = json<Record<string, string>[]>((await ask(sim, window(sim), { token })).body);
  expect(later.filter((entry) => Number.isNaN(Date.parse(entry['contentCreated'] ?? '')))).toHaveLength(3);
  expect(later.filter((entry) => Number.isNaN(Date.parse(entry['contentExpiration'] ?? '')))).toHaveLength(3);
});

const ofServers = Object.entries(faultMenu)
  .filter(([, fault]) => !fault.inContent && fault.side === 'feed')
  .map(([name]) => name);

test.for(ofServers)('a correct client gets everything that can be had with %s', async (fault) => {
  const { sim } = await start(fault, { blobs: someBlobs(40), pageSize: 6, switches: { slowMs: 20 } });
  await readAll(sim);
  const report = sim.report();
  expect(report.ids.missing).toEqual([]);
  expect(report.idsServed).toBe(report.idsExpected);
  expect(report.tokensAtForeignHosts).toBe(0);
  expect(report.idsExpected).toBe(40 - report.blobs.unavailable.length);
  // A skewed Date header is on every answer and is not counted.
  const happened = fault === 'clock-skew' ? 1 : (report.faults[fault] ?? report.blobs.unavailable.length);
  expect(happened).toBeGreaterThan(0);
});

test.for([1, 2, 3])('a correct client gets through all faults at once, seed %i', async (seed) => {
  const { sim } = await start('', {
    seed,
    faults: ofServers,
    blobs: someBlobs(40),
    pageSize: 6,
    switches: { slowMs: 20 },
  });
  await readAll(sim);
  const report = sim.report();
  expect(report.ids.missing).toEqual([]);
  expect(report.blobs.unavailable.length).toBeGreaterThan(3);
  expect(Object.keys(report.faults).length).toBeGreaterThan(10);
});

test('a correct client gets the whole generated feed with every fault of servers and content at once', async () => {
  const sim = await simulator({
    seed: 7,
    users: 8,
    days: 1,
    now,
    faults: Object.keys(faultMenu),
    switches: { slowMs: 20 },
  });
  running.push(sim);
  await readAll(sim, 3);
  const report = sim.report();
  expect(report.ids.missing).toEqual([]);
  expect(report.idsServed).toBeGreaterThan(50);
  expect(report.elementsServed.records).toBeGreaterThan(report.idsServed);
  expect(report.blobs.unavailable.length).toBeGreaterThan(3);
}, 30_000);

test('the same seed spoils the same blobs, another seed others', async () => {
  const gone = async (seed: number): Promise<readonly string[]> =>
    (await start('missing', { seed, blobs: someBlobs(40) })).sim.report().blobs.unavailable;
  const [one, again, other] = [await gone(1), await gone(1), await gone(2)];
  expect(again).toEqual(one);
  expect(other).not.toEqual(one);
});

test('an unknown fault is refused with the menu', async () => {
  await expect(started({ faults: ['throtle'] })).rejects.toThrow(
    /unknown fault "throtle"[\s\S]*throttle-403[\s\S]*hostile/,
  );
});
