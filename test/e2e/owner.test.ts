/** One owner: an orderly end, a standby, an owner that was paused, and a state store that fails. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { azureScene, type AzureScene } from './azure-scene.ts';
import { freePort, newestLedger, until, type Running } from './harness.ts';
import type { Fate } from '../storage-proxy.ts';

const startMs = Date.parse('2026-11-18T15:00:00Z');
const hourMs = 3_600_000;

function expectNothingLost({ tenant }: AzureScene): void {
  const { ids } = tenant.report();
  expect(ids.notStored).toEqual([]);
  expect(ids.stored).toEqual(ids.expected);
  newestLedger(tenant.stored('CopilotHealth_CL'));
}

async function stop(running: Running): Promise<string> {
  running.child.kill('SIGTERM');
  const { code, stderr } = await running.ended;
  expect(code, stderr).toBe(0);
  return stderr;
}

const probe = async (port: number): Promise<{ status: number; role: string }> => {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
  if (answer === undefined) return { status: 0, role: '' };
  const body = (await answer.json()) as { role: string };
  return { status: answer.status, role: body.role };
};

it(
  'ends with 0 within 25 seconds of SIGTERM, also while the endpoint does not answer',
  { timeout: 120_000 },
  async () => {
    let isAnswering = false;
    await using scene = await azureScene({
      clock: () => startMs,
      onIngestion: () => (isAnswering ? undefined : new Promise<void>(() => undefined)),
    });
    const running = scene.start(['run']);
    await until('a request', () => (scene.tenant.report().requests.byKind['blob'] ?? 0) > 3);
    await sleep(500);
    const stoppedAt = performance.now();
    await stop(running);
    expect(performance.now() - stoppedAt).toBeLessThan(25_000);
    expect(scene.tenant.report().ids.stored).toEqual([]);

    // The lease was given back: nobody has to wait for it.
    isAnswering = true;
    const later = await scene.collect(['once']);
    expect(later.code, later.stderr).toBe(0);
    expectNothingLost(scene);
  },
);

it('a second process stands by, is ready, and takes over when the owner ends', { timeout: 120_000 }, async () => {
  let clock = startMs;
  await using scene = await azureScene({ clock: () => clock, aheadHours: 2 });
  const ports = { owner: await freePort(), standby: await freePort() };
  const at = (port: number) => ({ ...scene.env, HEALTH_PORT: String(port), POLL_SECONDS: '1' });
  const owner = scene.start(['run'], at(ports.owner));
  await owner.said('"msg":"pass ended"');
  const standby = scene.start(['run'], at(ports.standby));
  await until('a standby', async () => (await probe(ports.standby)).status === 200);
  expect(await probe(ports.standby)).toEqual({ status: 200, role: 'standby' });
  expect(await probe(ports.owner)).toEqual({ status: 200, role: 'owner' });
  const scrape = await (await fetch(`http://127.0.0.1:${ports.standby}/metrics`)).text();
  expect(scrape).toContain('copilot_leader 0');
  // once does not wait.
  const refused = await scene.collect(['once']);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/in use/);

  await stop(owner);
  clock += 2 * hourMs;
  await until('the standby to take over', async () => (await probe(ports.standby)).role === 'owner', 30_000);
  await standby.said('"msg":"pass ended"');
  await until('the new content', () => scene.tenant.report().ids.notStored.length === 0, 30_000);
  await stop(standby);
  expectNothingLost(scene);
  expect(scene.tenant.report().ids.storedTwice).toBe(0);
});

it('an owner that was paused beyond its lease saves nothing, and stands by', { timeout: 180_000 }, async () => {
  let clock = startMs;
  let isPausing = true;
  const saves: { readonly leaseId: string | undefined; readonly status: number }[] = [];
  const ports = { first: await freePort(), second: await freePort() };
  await using scene = await azureScene({
    clock: () => clock,
    aheadHours: 2,
    // In the middle of a pass: rows were accepted, nothing is saved yet.
    onIngestion: (moment) => {
      if (moment === 'answered' && isPausing) {
        isPausing = false;
        first.child.kill('SIGSTOP');
      }
    },
  });
  scene.storage.watch((moment, { action, leaseId }, status) => {
    if (moment === 'done' && action === 'checkpoint') saves.push({ leaseId, status });
  });
  const at = (port: number) => ({ ...scene.env, HEALTH_PORT: String(port), POLL_SECONDS: '1' });
  const first: Running = scene.start(['run'], at(ports.first));
  await until('the pause', () => !isPausing);
  await scene.expireLease();
  const second = scene.start(['run'], at(ports.second));
  await second.said('"msg":"pass ended"');
  const heldBySecond = saves.at(-1)?.leaseId;
  const ofFirst = (): number =>
    saves.filter(({ leaseId, status }) => leaseId !== heldBySecond && status === 201).length;
  const before = ofFirst();

  first.child.kill('SIGCONT');
  await until('the first to stand by', async () => (await probe(ports.first)).role === 'standby', 60_000);
  clock += 2 * hourMs;
  await until('the new content', () => scene.tenant.report().ids.notStored.length === 0, 30_000);
  // Nothing of the first was taken after it had lost the lease.
  expect(ofFirst()).toBe(before);
  expect(saves.at(-1)?.leaseId).toBe(heldBySecond);
  expect(await stop(first)).toContain('"role":"standby"');
  await stop(second);
  expectNothingLost(scene);
});

const troubles: Readonly<Record<string, Fate>> = {
  'fails with 500': { kind: 'answer', status: 500, code: 'InternalError' },
  'answers with a stale ETag': { kind: 'answer', status: 412, code: 'ConditionNotMet' },
  'breaks the connection': { kind: 'reset' },
};
it.for(Object.entries(troubles))(
  'a state store that %s costs a repeated pass and no record',
  { timeout: 180_000 },
  async ([, trouble]) => {
    await using scene = await azureScene({ clock: () => startMs, users: 6 });
    let failures = 0;
    scene.storage.decide(({ action, n }) => {
      // The second save: the first one makes the state.
      if (action !== 'checkpoint' || n < 2 || failures >= 6) return { kind: 'pass' };
      failures++;
      return trouble;
    });
    const running = scene.start(['run'], { ...scene.env, POLL_SECONDS: '1' });
    // A stale ETag says that somebody else writes there: the process stands in line again.
    const consequence = trouble.kind === 'answer' && trouble.status === 412 ? '"role":"standby"' : 'the pass failed';
    await running.said(consequence);
    await running.said('"msg":"pass ended"');
    await stop(running);
    expect(failures).toBeGreaterThan(0);
    scene.storage.decide(() => ({ kind: 'pass' }));
    const after = await scene.collect(['once']);
    expect(after.code, after.stderr).toBe(0);
    expectNothingLost(scene);
  },
);
