/** Who may know whom: the dependency rules that keep the parts apart. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface File {
  readonly path: string;
  readonly text: string;
  /** Packages as named, files of the project as paths from its root; types count, too. */
  readonly imports: readonly string[];
}

const specifiers = /^(?:import|export)\b[^'";()]*?\bfrom\s*'([^']+)'|^import\s*'([^']+)'|\bimport\(\s*'([^']+)'/gm;

function fileAt(path: string): File {
  const text = readFileSync(join(root, path), 'utf8');
  const imports = [...text.matchAll(specifiers)].map(([, from, bare, dynamic]) => {
    const name = from ?? bare ?? dynamic ?? '';
    return name.startsWith('.') ? normalize(join(dirname(path), name)) : name;
  });
  return { path, text, imports };
}

const files = ['collector', 'simulator', 'scripts', 'kql', 'workspace']
  .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx,mjs}`, { cwd: root }))
  .map((path) => fileAt(path.replaceAll('\\', '/')));
const below = (folder: string): readonly File[] => files.filter(({ path }) => path.startsWith(folder));

/** "file imports that", for every import that is not allowed. */
const violations = (of: readonly File[], isAllowed: (name: string, path: string) => boolean): readonly string[] =>
  of.flatMap(({ path, imports }) =>
    imports.filter((name) => !isAllowed(name, path)).map((name) => `${path} imports ${name}`),
  );
const within = (name: string, ...folders: readonly string[]): boolean =>
  folders.some((folder) => name.startsWith(folder));
const importersOf = (isIt: (name: string) => boolean): readonly string[] =>
  files.filter(({ imports }) => imports.some(isIt)).map(({ path }) => path);

describe('imports', () => {
  it('are found at all', () => {
    expect(fileAt('collector/pipeline.ts').imports).toEqual(
      expect.arrayContaining(['collector/contracts.ts', 'collector/schema/index.ts']),
    );
    expect(files.length).toBeGreaterThan(80);
  });

  it('name files that exist, and none outside the project', () => {
    const paths = new Set(files.map(({ path }) => path));
    expect(
      violations(
        files,
        (name) =>
          !/^(?:(?:collector|simulator|scripts|kql|workspace)\/|\.\.)/.test(name) ||
          paths.has(name) ||
          (name.endsWith('.css') && existsSync(join(root, name))),
      ),
    ).toEqual([]);
  });

  it('of schema and records are zod and each other only', () => {
    expect(
      violations(below('collector/schema/'), (name) => name === 'zod' || within(name, 'collector/schema/')),
    ).toEqual([]);
    const allowed = ['collector/schema/', 'collector/records/'];
    // Hashing is a pure function of Node.
    const isPure = (name: string): boolean => name === 'zod' || name === 'node:crypto' || name === 'node:net';
    expect(violations(below('collector/records/'), (name) => isPure(name) || within(name, ...allowed))).toEqual([]);
  });

  it('of rows do no I/O', () => {
    const allowed = ['collector/rows/', 'collector/records/', 'collector/schema/', 'collector/enrich/'];
    expect(violations(below('collector/rows/'), (name) => within(name, ...allowed))).toEqual([]);
    for (const { path, text } of below('collector/rows/'))
      expect(text, path).not.toMatch(/\b(?:fetch|setTimeout|Date\.now|Math\.random|console)\b/);
  });

  it('keep sources, sinks, state and enrich apart', () => {
    const folders = ['collector/sources/', 'collector/sinks/', 'collector/state/', 'collector/enrich/'];
    for (const own of folders) {
      const others = folders.filter((folder) => folder !== own);
      expect(violations(below(own), (name) => !within(name, ...others))).toEqual([]);
    }
  });

  it('keep one source from knowing another', () => {
    const of = (path: string): string => path.split('/')[2] ?? '';
    const foreign = (name: string, path: string): boolean =>
      within(name, 'collector/sources/') && of(name) !== of(path);
    expect(violations(below('collector/sources/'), (name, path) => !foreign(name, path))).toEqual([]);
  });

  it('of settings and permissions are none: they are data', () => {
    for (const path of ['collector/settings.ts', 'collector/permissions.ts']) expect(fileAt(path).imports).toEqual([]);
  });

  it('bring each client into one place, and credentials into main.ts only', () => {
    expect(importersOf((name) => name === 'undici')).toEqual(['collector/http.ts']);
    expect(importersOf((name) => name === '@azure/identity')).toEqual(['collector/credentials.ts']);
    expect(importersOf((name) => name === 'collector/credentials.ts')).toEqual(['collector/main.ts']);
    expect(importersOf((name) => name === '@azure/monitor-ingestion')).toEqual(['collector/sinks/logs-ingestion.ts']);
    expect(
      importersOf((name) => name === '@azure/storage-blob')
        .filter((path) => !path.startsWith('collector/state/blob-'))
        .toSorted(),
    ).toEqual(['collector/archive/blob-archive.ts', 'collector/sources/storage-export/blobs.ts']);
    const clients = /^node:(?:http2|https|dgram)$/;
    expect(violations(below('collector/'), (name) => !clients.test(name))).toEqual([]);
    for (const { path, text } of below('collector/')) expect(text, path).not.toMatch(/\bfetch\(/);
  });

  it('never lead to main.ts, which joins everything', () => {
    expect(importersOf((name) => name === 'collector/main.ts')).toEqual([]);
  });

  it('keep the simulator and the collector strangers', () => {
    expect(violations(below('simulator/'), (name) => !within(name, 'collector/', 'scripts/', 'test/'))).toEqual([]);
    expect(violations(below('collector/'), (name) => !within(name, 'simulator/', 'scripts/', 'test/'))).toEqual([]);
  });

  it('keep the collector and the simulator from knowing KQL and the workspace', () => {
    for (const own of ['collector/', 'simulator/'])
      expect(violations(below(own), (name) => !within(name, 'kql/', 'workspace/'))).toEqual([]);
  });

  it('of the KQL engine are itself and packages, so that it can be used alone', () => {
    const isPackage = (name: string): boolean => !/^(?:\.|[a-z]+\/.*\.ts$)/.test(name);
    expect(violations(below('kql/engine/'), (name) => within(name, 'kql/engine/') || isPackage(name))).toEqual([]);
    // Nothing but the binder reads a file, and that by `require`.
    const reading = /^node:(?!crypto$|zlib$|module$)/;
    expect(violations(below('kql/engine/'), (name) => !reading.test(name))).toEqual([]);
    const others = ['collector/', 'simulator/', 'workspace/', 'scripts/'];
    expect(violations(below('kql/conformance/'), (name) => !within(name, ...others))).toEqual([]);
  });

  it('of the tables and the checks of KQL are the engine, the functions and the schema', () => {
    const common = ['kql/engine/', 'kql/functions.ts', 'kql/tables/', 'kql/content/', 'collector/schema/'];
    for (const own of ['kql/tables/', 'kql/check/']) {
      const allowed = [...common, own, ...(own === 'kql/check/' ? ['kql/workbook/'] : [])];
      const isOwn = (name: string): boolean => within(name, ...allowed) || !name.endsWith('.ts');
      expect(violations(below(own), isOwn)).toEqual([]);
    }
    // The tables know nothing of the checks on them, nor do the readers of content know more than the files.
    expect(violations(below('kql/content/'), (name) => within(name, 'kql/content/') || !name.endsWith('.ts'))).toEqual(
      [],
    );
    expect(violations(below('kql/tables/'), (name) => !within(name, 'kql/check/'))).toEqual([]);
  });

  it('of the reader of workbooks are itself and zod, so that it runs in a page', () => {
    expect(violations(below('kql/workbook/'), (name) => within(name, 'kql/workbook/') || name === 'zod')).toEqual([]);
  });

  it('of the page are its packages, the reader of workbooks and the form of the API, because it runs in a browser', () => {
    const page = below('workspace/console/page/');
    expect(page.length).toBeGreaterThan(50);
    const isAllowed = (name: string): boolean =>
      within(name, 'workspace/console/page/', 'kql/workbook/') ||
      name === 'workspace/console/api.ts' ||
      /^(?:react|react-dom|react-markdown|wouter|echarts|@tanstack|@codemirror)(?:\/|$)/.test(name);
    expect(violations(page, isAllowed)).toEqual([]);
  });

  it('of the workspace are KQL and the schema', () => {
    const isAllowed = (name: string): boolean =>
      within(name, 'workspace/', 'kql/', 'collector/schema/') || !name.endsWith('.ts');
    expect(violations(below('workspace/'), isAllowed)).toEqual([]);
    expect(violations(below('kql/'), (name) => !within(name, 'workspace/', 'simulator/', 'scripts/'))).toEqual([]);
  });

  it('bring the binder and the regular expressions of KQL into one place each', () => {
    const isBinder = ({ text }: File): boolean => /['"]@kusto\/language-service-next/.test(text);
    expect(files.filter(isBinder).map(({ path }) => path)).toEqual(['kql/engine/language/kusto-language.ts']);
    expect(importersOf((name) => name === 're2js').toSorted()).toEqual([
      'kql/check/rules/invalid-regex.ts',
      'kql/engine/expressions/search.ts',
      'kql/engine/regular-expression.ts',
    ]);
  });

  it('are packages that package.json declares for where they run', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly dependencies: Record<string, string>;
      readonly devDependencies: Record<string, string>;
    };
    const packageOf = (name: string): string => name.split('/', name.startsWith('@') ? 2 : 1).join('/');
    const isOwn = (name: string): boolean =>
      name.startsWith('node:') ||
      within(name, 'collector/', 'simulator/', 'scripts/', 'kql/', 'workspace/', 'package.json');
    expect(violations(below('collector/'), (name) => isOwn(name) || packageOf(name) in dependencies)).toEqual([]);
    const all = { ...dependencies, ...devDependencies };
    expect(violations(files, (name) => isOwn(name) || packageOf(name) in all)).toEqual([]);
  });
});

describe('the process', () => {
  it('is touched by main.ts only: environment, exit, standard output', () => {
    const touches = /process\.(?:env|exit|exitCode|stdout|argv)\b/;
    const code = (text: string): string => text.replaceAll(/\/\*[^]*?\*\//g, '').replaceAll(/\/\/.*$/gm, '');
    const found = below('collector/').filter(({ text }) => touches.test(code(text)));
    expect(found.map(({ path }) => path)).toEqual(['collector/main.ts']);
  });
});
