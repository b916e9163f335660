/** What goes into the image, without building one: the bundle, its bill of materials and its licences. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { bundled, nodeEnvironment, nodeFlags } from '../../scripts/bundle.ts';
import { imageFiles } from '../../scripts/image.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** An empty directory outside of the project, gone after the test. */
async function emptyDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'copilot-sentinel-bundle-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

interface Sbom {
  readonly serialNumber: string;
  readonly metadata: { readonly component: Readonly<Record<string, unknown>>; readonly timestamp?: string };
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly purl: string;
    readonly licenses: readonly { readonly license?: { readonly id?: string } }[];
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

const filesIn = async (directory: string): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries(
    await Promise.all(
      (await readdir(directory))
        .toSorted()
        .map(async (name) => [name, await readFile(join(directory, name), 'utf8')] as const),
    ),
  );

describe('the bundle', () => {
  it('runs every client in an empty directory without node_modules', async () => {
    const directory = await emptyDirectory();
    const outfile = join(directory, 'everything.mjs');
    await bundled({ entry: join(root, 'test/container/everything.ts'), outfile });
    const { stdout, stderr } = await run(process.execPath, [...nodeFlags, outfile], { cwd: directory, env: {} });
    expect(stderr).toBe('');
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { name: string; error: string });
    expect(lines.map(({ name }) => name)).toEqual([
      'client secret',
      'managed identity',
      'blob storage',
      'logs ingestion',
      'undici',
      'otlp',
    ]);
    // Every one of them came as far as the network.
    for (const { name, error } of lines.slice(0, -1))
      expect(error, name).toMatch(/ECONNREFUSED|network_error|endpoints_resolution_error/);
  });

  it('of the collector shows its help there', async () => {
    const directory = await emptyDirectory();
    const { outfile } = await bundled({ outfile: join(directory, 'collector.mjs') });
    const { stdout } = await run(process.execPath, [...nodeFlags, outfile, '--version'], { cwd: directory, env: {} });
    expect(stdout.trim()).toBe(manifest.version);
  });
});

describe('the files of the image', () => {
  let first: Readonly<Record<string, string>> = {};
  let inside: readonly { readonly name: string; readonly version: string; readonly license: string }[] = [];
  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'copilot-sentinel-bundle-'));
    try {
      await imageFiles(directory);
      first = await filesIn(directory);
      const { metafile } = await bundled({ outfile: join(directory, 'collector.mjs') });
      const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
      const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
      const folders = new Set(used.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
      inside = await Promise.all(
        [...folders].map(async (folder) => JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'))),
      );
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
  const sbom = (): Sbom => JSON.parse(first['sbom.cdx.json'] ?? '') as Sbom;
  const keyed = (list: readonly { readonly name: string; readonly version: string }[]): readonly string[] =>
    list.map(({ name, version }) => `${name}@${version}`).toSorted();

  it('are the same bytes when they are made again', async () => {
    const directory = await emptyDirectory();
    // Elsewhere and deeper, where relative paths differ.
    const place = join(directory, 'deeper', 'still');
    await mkdir(place, { recursive: true });
    await imageFiles(place);
    const again = await filesIn(place);
    expect(Object.keys(again)).toEqual([
      'THIRD-PARTY-NOTICES.txt',
      'collector.mjs',
      'collector.mjs.map',
      'sbom.cdx.json',
    ]);
    for (const name of ['THIRD-PARTY-NOTICES.txt', 'collector.mjs', 'sbom.cdx.json'])
      expect(again[name] === first[name], name).toBe(true);
    expect(sbom().metadata.timestamp).toBe(undefined);
    expect(sbom().serialNumber).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(first['collector.mjs']).not.toContain(root);
  });

  it('list every package of the bundle with version and licence, and nothing else', () => {
    expect(inside.length).toBeGreaterThan(20);
    expect(keyed(sbom().components)).toEqual(keyed(inside));
    const licences = new Map(inside.map(({ name, version, license }) => [`${name}@${version}`, license]));
    for (const { name, version, purl, licenses } of sbom().components) {
      expect(licenses.map(({ license }) => license?.id)).toEqual([licences.get(`${name}@${version}`)]);
      expect(purl).toBe(`pkg:npm/${name.replace('@', '%40')}@${version}`);
    }
    expect(sbom().metadata.component).toMatchObject({ name: manifest.name, version: manifest.version });
    const refs = new Set([`${manifest.name}@${manifest.version}`, ...keyed(inside)]);
    expect(
      sbom()
        .dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn])
        .filter((ref) => !refs.has(ref)),
    ).toEqual([]);
    expect(sbom().dependencies.length).toBe(refs.size);
  });

  it('carry a licence text for every package that ships one', () => {
    const text = first['THIRD-PARTY-NOTICES.txt'] ?? '';
    for (const { name, version, license } of inside) expect(text).toContain(`\n${name}@${version} (${license})\n`);
    expect(text.split('(ships no text)').length - 1).toBeLessThan(5);
    expect(text).toContain('Apache License');
  });
});

describe('collector/Dockerfile', () => {
  it('has the flags and the environment of scripts/bundle.ts, no shell forms, and leaves sources out', async () => {
    const text = (await readFile(join(root, 'collector/Dockerfile'), 'utf8'))
      .replaceAll(/^#.*\n/gm, '')
      .replaceAll('\\\n', ' ');
    const lines = text
      .trim()
      .split('\n')
      .map((line) => line.trim().replaceAll(/\s+/g, ' '));
    const of = (word: string): readonly string[] =>
      lines.flatMap((line) => (line.startsWith(`${word} `) ? line.slice(word.length + 1) : []));
    expect(JSON.parse(of('ENTRYPOINT').join(''))).toEqual(['/nodejs/bin/node', ...nodeFlags, '/app/collector.mjs']);
    expect(JSON.parse(of('CMD').join(''))).toEqual(['run']);
    expect(of('ENV').join('')).toContain(
      Object.entries(nodeEnvironment)
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
    );
    expect(of('COPY')).toEqual(['LICENSE dist/THIRD-PARTY-NOTICES.txt dist/sbom.cdx.json dist/collector.mjs /app/']);
    expect(of('USER')).toEqual(['65532:65532']);
    for (const word of ['RUN', 'ADD', 'SHELL', 'HEALTHCHECK']) expect(of(word), word).toEqual([]);
  });
});
