import { afterEach, expect, test } from 'vitest';
import type { Simulator, SimulatorOptions } from '../../../simulator/simulator.ts';
import {
  accessToken,
  ask,
  blob,
  code,
  contentPath,
  feedPath,
  hourMs,
  json,
  now,
  readAll,
  someBlobs,
  started,
  text,
} from './server-harness.ts';

const running: Simulator[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((sim) => sim.close()));
});
async function start(options: SimulatorOptions = {}): Promise<{ sim: Simulator; token: string }> {
  const sim = await started(options);
  running.push(sim);
  return { sim, token: await accessToken(sim) };
}
const entries = (body: string): Readonly<Record<string, string>>[] => json(body);
const dayMs = 24 * hourMs;

test('lists contentCreated from the start inclusive to the end exclusive, and only what is visible', async () => {
  const blobs = [
    blob(1, now - 3 * hourMs),
    blob(2, now - 2 * hourMs),
    blob(3, now - hourMs),
    blob(4, now - 2.5 * hourMs, { visibleMs: now + 1 }),
  ];
  const { sim, token } = await start({ blobs });
  const { body } = await ask(sim, contentPath(sim, now - 3 * hourMs, now - hourMs), { token });
  expect(entries(body).map((entry) => entry['contentId'])).toEqual([blobs[0]?.contentId, blobs[1]?.contentId]);
});

test('a late blob appears once the clock has passed its visible time', async () => {
  let clock = now;
  const late = blob(1, now - 2 * hourMs, { visibleMs: now + hourMs });
  const { sim, token } = await start({ blobs: [late], clock: () => clock });
  const path = contentPath(sim, now - 3 * hourMs, now);
  expect(entries((await ask(sim, path, { token })).body)).toHaveLength(0);
  expect(code(await ask(sim, feedPath(sim, `audit/${late.contentId}`), { token }))).toBe('AF20050');
  expect(sim.report().idsExpected).toBe(0);
  clock = now + hourMs;
  expect(entries((await ask(sim, path, { token })).body)).toHaveLength(1);
  expect((await ask(sim, feedPath(sim, `audit/${late.contentId}`), { token })).status).toBe(200);
  expect(sim.report()).toMatchObject({ idsExpected: 1, idsServed: 1 });
});

const windows: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  ['only a start', { startTime: text(now - hourMs) }, 'AF20030'],
  ['only an end', { endTime: text(now) }, 'AF20030'],
  ['more than 24 hours', { startTime: text(now - dayMs - 1000), endTime: text(now) }, 'AF20055'],
  ['an end before the start', { startTime: text(now), endTime: text(now - 1000) }, 'AF20055'],
  ['an empty range', { startTime: text(now), endTime: text(now) }, 'AF20055'],
  [
    'a start over 7 days back',
    { startTime: text(now - 7 * dayMs - 1000), endTime: text(now - 6.5 * dayMs) },
    'AF20055',
  ],
  ['a zone suffix', { startTime: `${text(now - hourMs)}Z`, endTime: `${text(now)}Z` }, 'AF20002'],
  ['milliseconds', { startTime: '2026-11-20T10:00:00.000', endTime: text(now) }, 'AF20002'],
  ['a day that does not exist', { startTime: '2026-11-31', endTime: '2026-12-01' }, 'AF20002'],
  ['an unknown content type', { contentType: 'Audit.Copilot' }, 'AF20020'],
  ['no content type', { contentType: '' }, 'AF20001'],
];
test.for(windows)('refuses a listing with %s', async ([, query, expected]) => {
  const { sim, token } = await start();
  const path = feedPath(sim, 'subscriptions/content', { contentType: 'Audit.General', ...query });
  const answer = await ask(sim, path, { token });
  expect([answer.status, code(answer)]).toEqual([400, expected]);
});

test('accepts exactly 24 hours, exactly 7 days back, an end in the future, dates alone, and no times at all', async () => {
  const { sim, token } = await start();
  const good = [
    contentPath(sim, now - dayMs, now),
    contentPath(sim, now - 7 * dayMs, now - 6 * dayMs),
    contentPath(sim, now - hourMs, now + hourMs),
    feedPath(sim, 'subscriptions/content', {
      contentType: 'Audit.General',
      startTime: '2026-11-19',
      endTime: '2026-11-20',
    }),
    feedPath(sim, 'subscriptions/content', {
      contentType: 'Audit.General',
      startTime: '2026-11-20T10:00',
      endTime: '2026-11-20T11:00',
    }),
    feedPath(sim, 'subscriptions/content', { contentType: 'Audit.General' }),
  ];
  const statuses = [];
  for (const path of good) statuses.push((await ask(sim, path, { token })).status);
  expect(statuses).toEqual(good.map(() => 200));
  expect(sim.report().listings).toMatchObject({ count: good.length, widestHours: 24, invalidRanges: 0 });
});

test('as a switch, a wide window is answered with silently partial results', async () => {
  const { sim, token } = await start({ blobs: someBlobs(40), switches: { wideWindow: 'partial' } });
  const { body, status } = await ask(sim, contentPath(sim, now - 48 * hourMs, now), { token });
  expect([status, entries(body).length]).toEqual([200, 16]);
  expect(sim.report().listings.widestHours).toBe(48);
});

test('as a switch, content a little over 7 days old is still listed', async () => {
  const { sim, token } = await start({ switches: { lookbackToleranceMinutes: 60 } });
  const path = contentPath(sim, now - 7 * dayMs - 0.9 * hourMs, now - 6.5 * dayMs);
  expect((await ask(sim, path, { token })).status).toBe(200);
});

test('pages by NextPageUri, whose link has the /api/v1/ path and no PublisherIdentifier', async () => {
  const { sim, token } = await start({ pageSize: 2 });
  const [seen, links, names]: [string[], string[], string[]] = [[], [], []];
  let path: string | undefined = contentPath(sim, now - dayMs, now);
  while (path !== undefined) {
    const page = await ask(sim, path, { token });
    seen.push(...entries(page.body).map((entry) => entry['contentId'] ?? ''));
    const link: unknown = page.headers['nextpageuri'];
    links.push(...(typeof link === 'string' ? [link] : []));
    names.push(...page.names);
    path = typeof link === 'string' ? link : undefined;
  }
  expect(seen).toEqual(sim.blobs.map((one) => one.contentId));
  expect(links).toHaveLength(2);
  expect(names).toContain('NextPageUri');
  for (const link of links) {
    expect(link).toMatch(new RegExp(`^${sim.url}/api/v1/${sim.tenantId}/activity/feed/subscriptions/content\\?`));
    expect(link).not.toContain('PublisherIdentifier');
    expect(link).toContain('&startTime=');
  }
  const report = sim.report();
  expect(report.pages).toEqual({ never: 0, once: 2, repeatedly: 0 });
  expect(report.withoutPublisherIdentifier).toBe(2);
});

test('as a switch, page links have the v1.0 path and lower-case times, and still work', async () => {
  const { sim, token } = await start({ pageSize: 3, switches: { pagePath: 'v1.0', pageTimes: 'starttime' } });
  const page = await ask(sim, contentPath(sim, now - dayMs, now), { token });
  const link = String(page.headers['nextpageuri']);
  expect(link).toContain('/api/v1.0/');
  expect(link).toContain('&starttime=');
  expect(entries((await ask(sim, link, { token })).body)).toHaveLength(2);
});

test('refuses a page token that it never gave, that belongs to another window, or that is an hour old', async () => {
  let clock = now;
  const { sim, token } = await start({ pageSize: 2, clock: () => clock });
  const first = contentPath(sim, now - dayMs, now);
  expect(code(await ask(sim, `${first}&nextPage=2026112000000R000000000001`, { token }))).toBe('AF20031');
  const link = String((await ask(sim, first, { token })).headers['nextpageuri']);
  const given = new URL(link).searchParams.get('nextPage') ?? '';
  const other = contentPath(sim, now - dayMs, now - 1000);
  expect(code(await ask(sim, `${other}&nextPage=${given}`, { token }))).toBe('AF20031');
  expect((await ask(sim, link, { token })).status).toBe(200);
  clock = now + hourMs + 1000;
  expect(code(await ask(sim, link, { token }))).toBe('AF20031');
});

test('start is 200 once, then 400 AF20024; documented behaviour as a switch is 200 again', async () => {
  for (const secondStart of ['live', 'documented'] as const) {
    const { sim, token } = await start({ switches: { secondStart, subscription: 'absent' } });
    const path = feedPath(sim, 'subscriptions/start', { contentType: 'Audit.General' });
    expect((await ask(sim, path, { token, method: 'POST' })).status).toBe(200);
    const again = await ask(sim, path, { token, method: 'POST' });
    expect(again.status).toBe(secondStart === 'live' ? 400 : 200);
    expect(/AF20024/.test(again.body)).toBe(secondStart === 'live');
    expect(sim.report().starts.map((call) => call.status)).toEqual([200, again.status]);
  }
});

test('as a switch, a start within 15 minutes of the last is throttled, and stop is exempt', async () => {
  let clock = now;
  const { sim, token } = await start({
    clock: () => clock,
    switches: { startCooldownMinutes: 15, subscription: 'absent' },
  });
  const change = (operation: string) =>
    ask(sim, feedPath(sim, `subscriptions/${operation}`, { contentType: 'Audit.General' }), { token, method: 'POST' });
  expect((await change('start')).status).toBe(200);
  expect((await change('stop')).status).toBe(200);
  expect(code(await change('start'))).toBe('AF429');
  clock += 15 * 60_000;
  expect((await change('start')).status).toBe(200);
});

test('content is refused without a subscription, after a stop, and when it was disabled', async () => {
  const list = (sim: Simulator, token: string) => ask(sim, feedPath(sim, 'subscriptions/list'), { token });
  const absent = await start({ switches: { subscription: 'absent' } });
  expect(code(await ask(absent.sim, contentPath(absent.sim, now - hourMs, now), absent))).toBe('AF20022');
  expect(JSON.parse((await list(absent.sim, absent.token)).body)).toEqual([]);
  const disabled = await start({ switches: { subscription: 'disabled' } });
  expect(code(await ask(disabled.sim, contentPath(disabled.sim, now - hourMs, now), disabled))).toBe('AF20023');
  const stopped = await start();
  const stop = feedPath(stopped.sim, 'subscriptions/stop', { contentType: 'Audit.General' });
  await ask(stopped.sim, stop, { token: stopped.token, method: 'POST' });
  expect(code(await ask(stopped.sim, contentPath(stopped.sim, now - hourMs, now), stopped))).toBe('AF20022');
  expect(JSON.parse((await list(stopped.sim, stopped.token)).body)).toMatchObject([{ status: 'disabled' }]);
});

test('a blob is its exact body; unknown, malformed and re-encoded ids have their own codes', async () => {
  const { sim, token } = await start();
  const known = sim.blobs[0]?.contentId ?? '';
  const get = (id: string) => ask(sim, feedPath(sim, `audit/${id}`), { token });
  expect((await get(known)).body).toBe(sim.blobs[0]?.body());
  const unknown = await get('20260101000000000000001$20260101000000000000001$audit_general$Audit_General$na0001');
  expect([unknown.status, code(unknown)]).toEqual([404, 'AF20050']);
  expect(code(await get('nonsense'))).toBe('AF20052');
  expect(code(await get(known.replaceAll('$', '%24')))).toBe('AF20052');
});

test('content expires after 20 days as live, or after 7 as documented', async () => {
  for (const [expiration, days] of [
    ['live', 20],
    ['documented', 7],
  ] as const) {
    let clock = now;
    const { sim, token } = await start({ clock: () => clock, switches: { expiration } });
    const [first] = entries((await ask(sim, contentPath(sim, now - dayMs, now), { token })).body);
    const lifeMs = Date.parse(first?.['contentExpiration'] ?? '') - Date.parse(first?.['contentCreated'] ?? '');
    expect(lifeMs).toBe(days * dayMs);
    clock = now + days * dayMs;
    expect(code(await ask(sim, `${first?.['contentUri']}`, { token }))).toBe('AF20051');
  }
});

test('refuses requests without a token, for another audience, tenant or non-GUID, and without the role', async () => {
  const { sim, token } = await start();
  const path = feedPath(sim, 'subscriptions/list');
  const elsewhere = (tenant: string) => path.replace(sim.tenantId, tenant);
  expect((await ask(sim, path)).status).toBe(401);
  expect((await ask(sim, path, { token: `${token}x` })).status).toBe(401);
  const graph = await accessToken(sim, { scope: 'https://graph.microsoft.com/.default' });
  const wrongAudience = await ask(sim, path, { token: graph });
  expect([wrongAudience.status, code(wrongAudience)]).toEqual([401, '']);
  const own = await accessToken(sim, { scope: `${sim.url}/.default` });
  expect((await ask(sim, path, { token: own })).status).toBe(200);
  const mismatch = await ask(sim, elsewhere('0a0a0a0a-0000-4000-8000-000000000001'), { token });
  expect([mismatch.status, code(mismatch)]).toEqual([401, 'AF20010']);
  expect(code(await ask(sim, elsewhere('contoso.example'), { token }))).toBe('AF20013');
  const poor = await start({ switches: { roles: [] } });
  expect(code(await ask(poor.sim, feedPath(poor.sim, 'subscriptions/list'), poor))).toBe('AF10001');
});

test('a token is refused after its lifetime', async () => {
  const { sim, token } = await start({ switches: { tokenSeconds: 1 } });
  const path = feedPath(sim, 'subscriptions/list');
  expect((await ask(sim, path, { token })).status).toBe(200);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  expect((await ask(sim, path, { token })).status).toBe(401);
});

test('answers 404 and 405 for what is not an operation', async () => {
  const { sim, token } = await start();
  expect((await ask(sim, feedPath(sim, 'subscriptions/nothing'), { token })).status).toBe(404);
  expect((await ask(sim, feedPath(sim, 'subscriptions/start'), { token })).status).toBe(405);
  const wrongVersion = feedPath(sim, 'subscriptions/list').replace('v1.0', 'v1');
  expect((await ask(sim, wrongVersion, { token })).status).toBe(404);
});

test('enforces the quota with AF429 inside a 403', async () => {
  const { sim, token } = await start({ switches: { quotaPerMinute: 3 } });
  const path = feedPath(sim, 'subscriptions/list');
  for (let sent = 0; sent < 3; sent += 1) expect((await ask(sim, path, { token })).status).toBe(200);
  const answer = await ask(sim, path, { token });
  expect([answer.status, code(answer), answer.headers['retry-after']]).toEqual([403, 'AF429', undefined]);
  expect(sim.report().peakRequestsPerMinute).toBe(4);
});

test('the Date header is the simulated clock', async () => {
  const { sim, token } = await start();
  const answer = await ask(sim, feedPath(sim, 'subscriptions/list'), { token });
  expect(Date.parse(answer.headers['date']?.toString() ?? '')).toBe(now);
});

test('reports ranges, blobs never read, ids served and expected, publishers and concurrency', async () => {
  const { sim, token } = await start();
  await ask(sim, contentPath(sim, now - 24 * hourMs, now), { token });
  await ask(sim, contentPath(sim, now - 25 * hourMs, now), { token });
  const before = sim.report();
  expect(before.blobs).toMatchObject({ listed: 5, once: 0, repeatedly: 0 });
  expect(before.blobs.never).toHaveLength(5);
  expect(before.listings).toMatchObject({ count: 2, invalidRanges: 1, widestHours: 25 });
  expect(before.listings.ranges).toHaveLength(2);
  const first = sim.blobs[0]?.contentId ?? '';
  await Promise.all([1, 2].map(() => ask(sim, feedPath(sim, `audit/${first}`), { token })));
  const after = sim.report();
  expect(after.blobs).toMatchObject({ once: 0, repeatedly: 1 });
  expect(after).toMatchObject({ idsServed: 1, idsExpected: 5, withoutPublisherIdentifier: 0, tokensIssued: 1 });
  expect(after.ids.missing).toHaveLength(4);
  expect(after.publisherIdentifiers).toEqual([sim.tenantId]);
  expect(after.requests.byKind).toMatchObject({ token: 1, listing: 2, blob: 2 });
  expect(after.maxConcurrentRequests).toBeGreaterThan(0);
});

test('a complete client serves itself every expected id, and a request without a publisher is counted', async () => {
  const { sim, token } = await start({ blobs: someBlobs(30), pageSize: 7 });
  await readAll(sim);
  await ask(sim, `/api/v1.0/${sim.tenantId}/activity/feed/subscriptions/list`, { token });
  expect(sim.report()).toMatchObject({
    idsServed: 30,
    idsExpected: 30,
    ids: { missing: [] },
    pages: { never: 0 },
    blobs: { never: [], once: 30 },
    withoutPublisherIdentifier: 1,
  });
});

test('closes within a second although a body is still trickling', async () => {
  const sim = await started({ faults: ['slow'], switches: { slowMs: 60_000 } });
  const token = await accessToken(sim);
  const pending = ask(sim, feedPath(sim, 'subscriptions/list'), { token }).catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const began = performance.now();
  await sim.close();
  await pending;
  expect(performance.now() - began).toBeLessThan(1000);
});
