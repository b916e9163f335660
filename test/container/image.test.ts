/** The container image itself: built from the real Dockerfile, run as the documentation asks, stopped in order. */
import { freePort } from '../e2e/harness.ts';
import { randomUUID } from 'node:crypto';
import { chown, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { nodeEnvironment, nodeFlags } from '../../scripts/bundle.ts';
import { simulator } from '../../simulator/simulator.ts';
import { builtImage, type BuiltImage } from './image.ts';
import { runningContainer } from './running-container.ts';
import { containerTools } from './tools.ts';

const found = await containerTools();
if (!found.ok) console.warn(`container image: skipped: ${found.reason}`);
const why = found.ok ? '' : ` (skipped: ${found.reason})`;
const NONROOT = 65_532;

async function until(what: string, isTrue: () => Promise<boolean>, said: () => string): Promise<void> {
  for (const end = performance.now() + 30_000; performance.now() < end; await sleep(50)) if (await isTrue()) return;
  throw new Error(`waited 30 s in vain: ${what}; the container said: ${said()}`);
}

const answers = (url: string): Promise<number> =>
  fetch(url).then(
    ({ status }) => status,
    () => 0,
  );

describe.skipIf(!found.ok)(`the container image${why}`, () => {
  let directory = '';
  let image: BuiltImage;
  beforeAll(async () => {
    if (!found.ok) return;
    // Not mkdtemp: image names are lower case.
    directory = join(tmpdir(), `copilot-sentinel-image-${randomUUID()}`);
    await mkdir(directory);
    image = await builtImage(found.tools, directory);
  }, 180_000);
  afterAll(async () => {
    if (directory !== '') await rm(directory, { recursive: true, force: true });
  });

  it('runs node on the bundle with the measured flags, as nobody in particular', () => {
    const { config } = image;
    expect(config.Entrypoint).toEqual(['/nodejs/bin/node', ...nodeFlags, '/app/collector.mjs']);
    expect(config.Cmd).toEqual(['run']);
    expect(config.User).toBe(`${NONROOT}:${NONROOT}`);
    expect(config.WorkingDir).toBe('/app');
    expect(Object.keys(config.ExposedPorts)).toEqual(['8080/tcp']);
    const env = Object.fromEntries(config.Env.map((line) => line.split('=', 2)));
    expect(env).toMatchObject({ ...nodeEnvironment, NODE_ENV: 'production', HEALTH_HOST: '0.0.0.0' });
    expect(Object.keys(env).toSorted()).toEqual(['HEALTH_HOST', 'MALLOC_ARENA_MAX', 'NODE_ENV', 'PATH']);
    expect(config.Labels).toMatchObject({
      'org.opencontainers.image.title': manifest.name,
      'org.opencontainers.image.version': manifest.version,
      'org.opencontainers.image.licenses': manifest.license,
      'org.opencontainers.image.base.name': image.base,
    });
  });

  it('adds four files to its base, which its user can read and not replace', async () => {
    const rootfs = join(image.bundle, 'rootfs');
    expect((await readdir(rootfs)).toSorted()).toEqual(
      ['app', ...(await readdir(join(directory, 'base-root')))].toSorted(),
    );
    const app = join(rootfs, 'app');
    const names = (await readdir(app, { recursive: true })).toSorted();
    expect(names).toEqual(['LICENSE', 'THIRD-PARTY-NOTICES.txt', 'collector.mjs', 'sbom.cdx.json']);
    for (const path of [app, ...names.map((name) => join(app, name))]) {
      const { uid, mode } = await stat(path);
      expect({ path, uid, others: mode & 0o006 }).toEqual({ path, uid: 0, others: 0o004 });
    }
  });

  it('collects with a read-only root and no rights, answers probes and scrapes, and ends in order', async () => {
    if (!found.ok) return;
    const now = Date.parse('2026-11-18T15:00:00Z');
    const tenant = await simulator({ users: 6, days: 2, clock: () => now });
    onTestFinished(() => tenant.close());
    const data = join(directory, 'data');
    await mkdir(data);
    await chown(data, NONROOT, NONROOT);
    const port = await freePort();
    const id = `copilot-sentinel-${process.pid}`;
    const container = await runningContainer(found.tools, {
      bundle: image.bundle,
      id,
      env: {
        ...tenant.env,
        NODE_EXTRA_CA_CERTS: '/ca.pem',
        INGESTION_URL: 'file:///data/rows',
        STATE_URL: 'file:///data/state',
        POLL_SECONDS: '1',
        HEALTH_PORT: String(port),
      },
      mounts: [
        { from: data, to: '/data', mode: 'rw' },
        { from: tenant.caPath, to: '/ca.pem', mode: 'ro' },
      ],
    });
    onTestFinished(() => container.kill('KILL').catch(() => undefined));

    const at = `http://127.0.0.1:${port}`;
    await until('readyz', async () => (await answers(`${at}/readyz`)) === 200, container.output);
    expect(await answers(`${at}/healthz`)).toBe(200);
    const scrape = async (): Promise<string> => (await fetch(`${at}/metrics`)).text();
    const accepted = 'copilot_records_total{source="activity-feed",outcome="accepted"} ';
    await until('rows in the metrics', async () => (await scrape()).includes(accepted), container.output);
    expect(await scrape()).toMatch(/\n# EOF\n$/);
    const lag = 'copilot_lag_seconds{source="activity-feed"} ';
    await until('the lag at the end of a pass', async () => (await scrape()).includes(lag), container.output);

    expect((await container.status('Uid')).split('\t')).toEqual(Array(4).fill(String(NONROOT)));
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
      expect(`${set} ${BigInt(`0x${await container.status(set)}`)}`).toBe(`${set} 0`);
    expect(await container.status('NoNewPrivs')).toBe('1');
    const tries = ['/', '/app', '/tmp', '/etc'].map(
      (path) => `try{fs.writeFileSync('${path}/x','');'written'}catch(error){error.code}`,
    );
    for (const script of tries)
      expect(['EROFS', 'ENOENT', 'EACCES']).toContain((await container.evaluate(script)).trim());
    expect((await container.evaluate(tries[0] ?? '')).trim()).toBe('EROFS');

    await container.kill('TERM');
    const { code, output } = await container.ended;
    expect(code, output).toBe(0);
    const files = await readdir(join(data, 'rows/CopilotAudit_CL'));
    const texts = await Promise.all(files.map((name) => readFile(join(data, 'rows/CopilotAudit_CL', name), 'utf8')));
    const ids = texts.flatMap((text) => text.trim().split('\n')).map((line) => String(JSON.parse(line).RecordId));
    expect(ids.toSorted()).toEqual(tenant.report().ids.expected);
  }, 120_000);
});
