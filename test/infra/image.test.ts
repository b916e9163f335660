/** The build context: its bytes, what is in it, and what the program makes of it. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type ContextFile, DOCKERFILE, readImageContext, toImageContext } from '../../infra/image-context.ts';
import { findRun, type RunResult } from '../../infra/image-run.ts';
import { type Plan, planOf } from '../../infra/plan/plan.ts';
import type { Values } from '../../infra/plan/wire-values.ts';
import { configurations } from './configurations.ts';
import { IMAGE, LOCATION, planned } from './runs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const file = (path: string, text: string): ContextFile => ({ path, content: Buffer.from(text) });
const some = [
  file('dist/b.mjs', 'b'.repeat(150_000)),
  file('LICENSE', 'MIT\n'),
  file('collector/Dockerfile', 'FROM x\n'),
];

describe('a build context', () => {
  it('has bytes that follow from paths and contents alone, on every machine', () => {
    const { tag, bytes } = toImageContext(some);
    expect(toImageContext(some.toReversed()).bytes.equals(bytes)).toBe(true);
    // A constant: another Node, another zlib or another processor must not give another tag.
    expect(tag).toBe('0625d9c82bad0f80');
  });

  it.for([
    ['a byte of a file', [file('dist/b.mjs', 'c'), ...some.slice(1)]],
    ['a path', [file('dist/c.mjs', 'b'.repeat(150_000)), ...some.slice(1)]],
    ['a file more', [...some, file('x', '')]],
  ] as const)('has another tag with %s changed', ([, files]) => {
    expect(toImageContext(files).tag).not.toBe(toImageContext(some).tag);
  });

  it('is what tar and gzip read: sorted, of nobody, from 1970', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'copilot-sentinel-context-'));
    try {
      const archive = join(directory, 'context.tar.gz');
      await writeFile(archive, toImageContext(some).bytes);
      const listed = spawnSync('tar', ['--utc', '-tvzf', archive], { encoding: 'utf8' });
      expect(listed.status, listed.stderr).toBe(0);
      expect(
        listed.stdout
          .trim()
          .split('\n')
          .map((line) => line.replaceAll(/\s+/g, ' ')),
      ).toEqual([
        '-rw-r--r-- 0/0 4 1970-01-01 00:00 LICENSE',
        '-rw-r--r-- 0/0 7 1970-01-01 00:00 collector/Dockerfile',
        '-rw-r--r-- 0/0 150000 1970-01-01 00:00 dist/b.mjs',
      ]);
      expect(spawnSync('tar', ['-xzf', archive, '-C', directory]).status).toBe(0);
      for (const { path, content } of some)
        expect((await readFile(join(directory, path))).equals(content), path).toBe(true);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  it.for([
    ['a path that comes twice', [file('a', '1'), file('a', '2')], /comes twice/],
    ['an absolute path', [file('/a', '')], /"\/a" must be relative/],
    ['a path that is too long', [file('a'.repeat(101), '')], /at most 100 bytes/],
  ] as const)('refuses %s', ([, files, message]) => {
    expect(() => toImageContext(files)).toThrow(message);
  });

  it('holds what the Dockerfile copies and nothing else, the same every time', { timeout: 120_000 }, async () => {
    const context = await readImageContext();
    const tar = gunzipSync(context.bytes);
    const names: string[] = [];
    for (let at = 0; tar[at] !== 0;) {
      const size = Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8);
      names.push(tar.toString('latin1', at, at + 100).replace(/\0+$/, ''));
      at += 512 * (1 + Math.ceil(size / 512));
    }
    const copied = /^COPY (.+) \/app\/$/m.exec(readFileSync(join(root, DOCKERFILE), 'utf8'))?.[1]?.split(' ') ?? [];
    expect(names).toEqual([...copied, DOCKERFILE].toSorted());
    expect((await readImageContext()).tag).toBe(context.tag);
  });
});

const built = (): Promise<Plan> => planned(configurations.built);
const taken = (): Promise<Plan> => planned(configurations.new);
const ofType = (plan: Plan, type: string): Plan['registrations'] =>
  plan.registrations.filter((one) => one.type === `azure-native:${type}`);
const BUILD_TYPES = ['containerregistry:Registry', 'containerregistry:TaskRun', 'storage:Blob'];

describe('an image that the program builds', { timeout: 120_000 }, () => {
  it('is pulled by digest, and with its content in the names', async () => {
    const plan = await built();
    const [run] = ofType(plan, 'containerregistry:TaskRun');
    const tag = String(run?.inputs['forceUpdateTag']);
    expect(tag).toMatch(/^[0-9a-f]{16}$/);
    expect(run?.name).toBe(`image-build-${tag}`);
    expect(run?.inputs).toMatchObject({
      taskRunName: `collector-${tag}`,
      runRequest: { type: 'DockerBuildRequest', dockerFilePath: DOCKERFILE, imageNames: [`collector:${tag}`] },
    });
    expect(ofType(plan, 'storage:Blob')[0]?.inputs['blobName']).toBe(`${tag}.tar.gz`);
    for (const app of ofType(plan, 'app:ContainerApp'))
      expect(JSON.stringify(app.inputs)).toMatch(/"image":"[a-z0-9]+\.azurecr\.io\/collector@sha256:[0-9a-f]{64}"/);
  });

  it('comes over a signed address that is a secret and ends within an hour', async () => {
    const [run] = ofType(await built(), 'containerregistry:TaskRun');
    expect(run?.secretPaths).toEqual(['runRequest.sourceLocation']);
    const plan = await built();
    const [signed] = plan.invokes.filter(({ token }) => token.endsWith(':listStorageAccountServiceSAS'));
    expect(signed?.inputs).toMatchObject({ permissions: 'r', resource: 'b', protocols: 'https' });
    const expires = Date.parse(String(signed?.inputs['sharedAccessExpiryTime']));
    expect(expires - Date.now()).toBeLessThanOrEqual(60 * 60_000);
  });

  it('lies in a registry that only the collectors may read, without a password', async () => {
    const plan = await built();
    const [registry] = ofType(plan, 'containerregistry:Registry');
    expect(registry?.inputs).toMatchObject({ adminUserEnabled: false, anonymousPullEnabled: false });
    const pulls = ofType(plan, 'authorization:RoleAssignment').filter(({ inputs }) => inputs['scope'] === registry?.id);
    expect(pulls).toHaveLength(ofType(plan, 'managedidentity:UserAssignedIdentity').length);
    for (const { inputs } of pulls) expect(inputs['roleDefinitionId']).toMatch(/7f951dda-4ed3-4680-a7ca-43fe172d538d$/);
    for (const app of ofType(plan, 'app:ContainerApp'))
      expect(app.dependencies).toEqual(expect.arrayContaining(pulls.map(({ urn }) => urn)));
  });

  it('has the only account with shared keys, which holds nothing but the context', async () => {
    const plan = await built();
    const accounts = ofType(plan, 'storage:StorageAccount');
    const open = accounts.filter(({ inputs }) => inputs['allowSharedKeyAccess'] !== false);
    expect(open.map(({ name }) => name)).toEqual(['image-context-account']);
    const name = open[0]?.inputs['accountName'];
    const inside = plan.registrations.filter(({ inputs }) => inputs['accountName'] === name && name !== undefined);
    expect(inside.map((one) => one.name).toSorted()).toEqual([
      'image-context',
      'image-context-account',
      'image-context-container',
    ]);
    for (const { inputs } of accounts) expect(inputs['allowBlobPublicAccess']).toBe(false);
    for (const { inputs } of ofType(plan, 'storage:BlobContainer')) expect(inputs['publicAccess']).toBe('None');
  });

  it('is planned in a preview as well, where nothing is signed yet', async () => {
    const plan = await planned({ preview: true });
    expect(ofType(plan, 'containerregistry:TaskRun')).toHaveLength(1);
    expect(plan.invokes.filter(({ token }) => token.endsWith('SAS'))).toEqual([]);
  });

  it('comes with the advice for subscriptions that refuse tasks', async () => {
    const said = (await built()).logs.map(({ message }) => message).join('\n');
    expect(said).toMatch(/TasksOperationsNotAllowed.*image\.ref/);
  });
});

const FAILED: Values = { runId: 'ca1', status: 'Failed', runErrorMessage: 'no space left' };
const SUCCEEDED: Values = {
  runId: 'ca2',
  status: 'Succeeded',
  outputImages: [{ digest: `sha256:${'ab'.repeat(32)}` }],
};
const up = (rest: { readonly taskRuns?: Readonly<Record<string, Values>>; readonly fails?: true }): Promise<Plan> =>
  planOf({
    config: { 'azure-native:location': LOCATION },
    around: { taskRuns: rest.taskRuns ?? {} },
    created: rest.fails ? { 'azure-native:containerregistry:TaskRun': { runResult: FAILED } } : {},
  });
const imagesOf = (plan: Plan): readonly string[] =>
  ofType(plan, 'app:ContainerApp').map(
    ({ inputs }) => /"image":"([^"]+)"/.exec(JSON.stringify(inputs['template']))?.[1] ?? '',
  );
const signed = (plan: Plan): number => plan.invokes.filter(({ token }) => token.endsWith('SAS')).length;

describe('pulumi up after pulumi up', { timeout: 120_000 }, () => {
  it('builds anew, with a new name and a new address, where the first build failed', async () => {
    const first = await up({ fails: true });
    expect(first.exitCode).not.toBe(0);
    const said = `${first.printed}${first.logs.map(({ message }) => message).join('')}`;
    expect(said).toMatch(/run ca1 .*ended as Failed.*then run pulumi up again, which builds anew.*no space left/);
    const name = String(ofType(first, 'containerregistry:TaskRun')[0]?.inputs['taskRunName']);

    const second = await up({ taskRuns: { [name]: FAILED } });
    expect(second.exitCode).toBe(0);
    const [run] = ofType(second, 'containerregistry:TaskRun');
    expect(run?.inputs['taskRunName']).toBe(`${name}-2`);
    expect(run?.urn).not.toBe(ofType(first, 'containerregistry:TaskRun')[0]?.urn);
    // Only then is the address that the second has signed sent.
    expect(run?.ignoreChanges).toEqual([]);
    expect(signed(second)).toBe(1);
    expect(imagesOf(second)).toHaveLength(1);
  });

  it('takes the image of a run that has been, whatever Pulumi was told of it, and builds nothing', async () => {
    const plan = await built();
    const [run] = ofType(plan, 'containerregistry:TaskRun');
    expect(run?.retainOnDelete).toBe(true);
    const name = String(run?.inputs['taskRunName']);
    const second = await up({ taskRuns: { [name]: FAILED, [`${name}-2`]: SUCCEEDED } });
    expect(second.exitCode).toBe(0);
    expect(ofType(second, 'containerregistry:TaskRun')).toEqual([]);
    expect(signed(second)).toBe(0);
    expect(imagesOf(second)).toEqual([expect.stringMatching(/\.azurecr\.io\/collector@sha256:(?:ab){32}$/)]);
    const rest = ({ registrations }: Plan): readonly string[] =>
      registrations.filter(({ type }) => !type.endsWith(':TaskRun')).map(({ urn }) => urn);
    expect(rest(second).toSorted()).toEqual(rest(plan).toSorted());
  });

  it('asks for the run where it is made', async () => {
    const plan = await built();
    const [run] = ofType(plan, 'containerregistry:TaskRun');
    const asked = plan.invokes.filter(({ token }) => token.endsWith(':getTaskRun')).map(({ inputs }) => inputs);
    const { resourceGroupName, registryName, taskRunName } = run?.inputs ?? {};
    expect(asked).toEqual([{ resourceGroupName, registryName, taskRunName }]);
  });

  it('gives up after 50 runs without an image, and says how to go on', async () => {
    const failed: RunResult = { status: 'Failed' };
    const place = { resourceGroupName: 'rg', registryName: 'cr', taskRunName: 'collector-0' };
    await expect(findRun(place, () => Promise.resolve(failed))).rejects.toThrow(/50 runs.*az acr taskrun delete/);
  });
});

describe('an image that exists', { timeout: 120_000 }, () => {
  it('is taken as it is, and nothing of a build exists', async () => {
    const plan = await taken();
    for (const type of BUILD_TYPES) expect(ofType(plan, type), type).toEqual([]);
    expect(ofType(plan, 'storage:StorageAccount').map(({ inputs }) => inputs['allowSharedKeyAccess'])).toEqual([false]);
    for (const app of ofType(plan, 'app:ContainerApp')) {
      expect(JSON.stringify(app.inputs)).toContain(IMAGE);
      expect(app.inputs['configuration']).not.toHaveProperty('registries');
    }
  });

  it('in a registry of Azure is pulled as the identity', async () => {
    const reference = IMAGE.replace('registry.contoso.example', 'contoso.azurecr.io');
    const plan = await planned({ config: { 'image.ref': reference } });
    const [app] = ofType(plan, 'app:ContainerApp');
    expect(app?.inputs['configuration']).toMatchObject({ registries: [{ server: 'contoso.azurecr.io' }] });
    expect(plan.logs.map(({ message }) => message).join()).toMatch(/AcrPull at contoso\.azurecr\.io before its app/);
  });
});
