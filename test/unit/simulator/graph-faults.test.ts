import { afterEach, expect, it } from 'vitest';
import { faultMenu } from '../../../simulator/server/faults.ts';
import type { Simulator, SimulatorOptions } from '../../../simulator/simulator.ts';
import { batch, get, graphToken, people, shareId, type GraphAnswer } from './graph-harness.ts';
import { started } from './server-harness.ts';

const tenant = people();
const running: Simulator[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((sim) => sim.close()));
});
async function start(fault: string, options: SimulatorOptions = {}): Promise<{ sim: Simulator; token: string }> {
  const sim = await started({ faults: fault === '' ? [] : [fault], ...options });
  running.push(sim);
  return { sim, token: await graphToken(sim) };
}
const urlOf = (nth: number): string => `/users/${tenant.users[nth]?.id}?$select=id,displayName,accountEnabled`;
const pathOf = (nth: number): string => `/v1.0${urlOf(nth)}`;
const isGood = ({ status, body }: GraphAnswer, nth: number): boolean =>
  status === 200 && body['id'] === tenant.users[nth]?.id && typeof body['displayName'] === 'string';

const firstHits: readonly (readonly [string, (answer: GraphAnswer) => void])[] = [
  ['graph-throttled', ({ status, raw }) => expect([status, raw.headers['retry-after']]).toEqual([429, '1'])],
  ['graph-errors', ({ status, code }) => expect([status, code]).toEqual([500, 'InternalServerError'])],
  ['graph-html', ({ status, raw }) => expect([status, raw.headers['content-type']]).toEqual([200, 'text/html'])],
  [
    'graph-wrong-types',
    ({ status, body }) => expect([status, body['displayName']]).toEqual([200, [expect.any(String)]]),
  ],
  ['graph-forbidden', ({ status, code }) => expect([status, code]).toEqual([403, 'Authorization_RequestDenied'])],
];
it.for(firstHits)('%s is seen by a single request, and the next try is good', async ([fault, check]) => {
  const { sim, token } = await start(fault);
  check(await get(sim, token, pathOf(0)));
  expect(isGood(await get(sim, token, pathOf(0)), 0)).toBe(true);
  expect(sim.report().faults).toEqual({ [fault]: 1 });
});

const itemHits: readonly (readonly [string, readonly string[]])[] = [
  ['graph-item-throttled', ['429 TooManyRequests']],
  ['graph-forbidden', ['403 Authorization_RequestDenied']],
  ['graph-errors', ['500 InternalServerError', '503 serviceNotAvailable', '504 UnknownError', '502 BadGateway']],
];
it.for(itemHits)('%s strikes some of a batch, and all are good after some tries', async ([fault, expected]) => {
  const { sim, token } = await start(fault);
  const seen = new Set<string>();
  let left = Array.from({ length: 20 }, (_, nth) => nth);
  for (let tries = 0; left.length > 0 && tries < 5; tries += 1) {
    const asked = left;
    const { answer, codes, items } = await batch(sim, token, asked.map(urlOf));
    if (answer.status !== 200) continue;
    for (const code of codes.filter((one) => one !== '200')) seen.add(code);
    left = asked.filter((nth, index) => items[index]?.body['id'] !== tenant.users[nth]?.id);
  }
  expect(left).toEqual([]);
  for (const code of seen) expect(expected).toContain(code);
  expect(seen.size).toBeGreaterThan(0);
});

it('graph-item-throttled says to some when to come back, and not to others', async () => {
  const { sim, token } = await start('graph-item-throttled');
  const all = Array.from({ length: 50 }, (_, nth) => nth);
  const delays = new Set<string | undefined>();
  for (let from = 0; from < 50; from += 20) {
    const { items } = await batch(sim, token, all.slice(from, from + 20).map(urlOf));
    for (const { status, headers } of items) if (status === 429) delays.add(headers['Retry-After']);
  }
  expect(delays).toEqual(new Set(['1', undefined]));
});

it('graph-throttled strikes a whole batch, and the same batch is good then', async () => {
  const { sim, token } = await start('graph-throttled');
  expect((await batch(sim, token, [urlOf(0), urlOf(1)])).answer.status).toBe(429);
  expect((await batch(sim, token, [urlOf(1), urlOf(0)])).codes).toEqual(['200', '200']);
});

it('graph-wrong-types spoils in several ways, and never the same request twice', async () => {
  const { sim, token } = await start('graph-wrong-types');
  const bodies = new Set<string>();
  for (let nth = 0; nth < 50; nth += 1) {
    const { raw, body } = await get(sim, token, pathOf(nth));
    if (body?.['id'] !== tenant.users[nth]?.id || typeof body?.['accountEnabled'] !== 'boolean')
      bodies.add(Array.isArray(body) ? 'array' : raw.body.slice(0, 1));
    expect((await get(sim, token, pathOf(nth))).body['id']).toBe(tenant.users[nth]?.id);
  }
  // An object with wrong members, null, an array and a text.
  expect(bodies.size).toBeGreaterThan(2);
}, 20_000);

it('graph-slow trickles an answer that is whole in the end', async () => {
  const { sim, token } = await start('graph-slow', { switches: { slowMs: 300 } });
  const began = performance.now();
  expect(isGood(await get(sim, token, pathOf(0)), 0)).toBe(true);
  expect(performance.now() - began).toBeGreaterThan(250);
});

it('graph-reset breaks connections before the headers and within the body', async () => {
  const { sim, token } = await start('graph-reset');
  await expect(get(sim, token, pathOf(0))).rejects.toThrow(/socket|ECONNRESET/);
  const broken: boolean[] = [];
  for (let nth = 1; nth < 50 && !broken.includes(true); nth += 1)
    broken.push((await get(sim, token, pathOf(nth)).catch(() => undefined))?.raw.broken ?? false);
  expect(broken).toContain(true);
});

it('graph-hang never answers one request, and answers the next', async () => {
  const { sim, token } = await start('graph-hang');
  const hung = get(sim, token, pathOf(0)).then(
    () => 'answered',
    () => 'closed',
  );
  const waited = new Promise((resolve) => {
    setTimeout(() => resolve('nothing'), 200);
  });
  expect(await Promise.race([hung, waited])).toBe('nothing');
  expect(isGood(await get(sim, token, pathOf(0)), 0)).toBe(true);
  await sim.close();
  expect(await hung).toBe('closed');
});

it('graph-not-found takes a few users and files away at every try, and setFaults brings them back', async () => {
  const { sim, token } = await start('graph-not-found');
  const lost = async (): Promise<readonly (readonly [number, number])[]> => {
    const counts: (readonly [number, number])[] = [];
    const few = tenant.files.slice(0, 12).map(({ viewerUrl }) => `/shares/${shareId(viewerUrl)}/driveItem?$select=id`);
    const users = tenant.users.map((_, nth) => urlOf(nth));
    for (const urls of [few, users.slice(0, 20), users.slice(20, 40), users.slice(40)]) {
      const { codes } = await batch(sim, token, urls);
      counts.push([codes.filter((code) => code.startsWith('404')).length, codes.length]);
    }
    return counts;
  };
  const [files, ...users] = await lost();
  expect([files?.[0], users.reduce((sum, [gone]) => sum + gone, 0)]).toEqual([3, 3]);
  expect(await lost()).toEqual([files, ...users]);
  sim.setFaults([]);
  expect((await lost()).map(([gone]) => gone)).toEqual([0, 0, 0, 0]);
});

it('setFaults begins to strike Graph, and ends it', async () => {
  const { sim, token } = await start('');
  expect(isGood(await get(sim, token, pathOf(0)), 0)).toBe(true);
  sim.setFaults(['graph-errors']);
  expect((await get(sim, token, pathOf(0))).status).toBe(500);
  sim.setFaults([]);
  for (let nth = 0; nth < 10; nth += 1) expect(isGood(await get(sim, token, pathOf(nth)), nth)).toBe(true);
});

const ofGraph = Object.keys(faultMenu).filter((name) => faultMenu[name]?.side === 'graph');

it('the menu has ten faults of Graph, and a client that tries again gets through all of them at once', async () => {
  expect(ofGraph).toHaveLength(10);
  const faults = ofGraph.filter((name) => name !== 'graph-hang' && name !== 'graph-not-found');
  const { sim, token } = await start('', { faults, switches: { slowMs: 20 } });
  for (let nth = 0; nth < 50; nth += 1) {
    let good = false;
    for (let tries = 0; tries < 4 && !good; tries += 1)
      good = await get(sim, token, pathOf(nth)).then(
        (answer) => answer.body !== null && isGood(answer, nth),
        () => false,
      );
    expect([nth, good]).toEqual([nth, true]);
  }
  expect(Object.keys(sim.report().faults).length).toBeGreaterThan(5);
}, 20_000);

it('the same seed strikes the same requests', async () => {
  const struck = async (seed: number): Promise<readonly number[]> => {
    const { sim, token } = await start('graph-throttled', { seed });
    const hit: number[] = [];
    for (let nth = 0; nth < 30; nth += 1) {
      const { status } = await get(sim, token, `/v1.0/users?$top=${nth + 1}&$select=id`);
      if (status === 429) hit.push(nth);
    }
    return hit;
  };
  const [one, again, other] = [await struck(1), await struck(1), await struck(2)];
  expect(again).toEqual(one);
  expect(other).not.toEqual(one);
});
