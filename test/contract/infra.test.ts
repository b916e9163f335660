/** The deployment's promises: one definition of its configuration, examples that load, and who may know whom. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type ConfigurationKey, configurationKeys } from '../../infra/configuration-keys.ts';
import { parseConfiguration } from '../../infra/configuration.ts';
import { toConfig } from '../../collector/config.ts';
import { enricherNames as collectorEnrichers } from '../../collector/enrich/facts.ts';
import { permissions } from '../../collector/permissions.ts';
import * as reading from '../../infra/reading.ts';
import { readRules } from '../../kql/content/read-rules.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const keys = Object.entries<ConfigurationKey>(configurationKeys);

describe('Pulumi.yaml', () => {
  const project = parse(text('Pulumi.yaml')) as {
    readonly name: string;
    readonly main: string;
    readonly runtime: unknown;
    readonly config: Readonly<Record<string, unknown>>;
  };

  it('runs infra/index.ts as it is, without compiling', () => {
    expect(project).toMatchObject({
      name: 'copilot-sentinel',
      main: 'infra/index.ts',
      runtime: { name: 'nodejs', options: { typescript: false } },
    });
  });

  it('has exactly the keys of the configuration, in their order', () => {
    expect(Object.keys(project.config)).toEqual(keys.map(([key]) => key));
  });

  it.each(keys)('says of %s what the program says', (key, { isSecret, ...definition }) => {
    expect(project.config[key]).toEqual({ ...definition, ...(isSecret ? { secret: true } : {}) });
  });

  it.each(keys)(
    'gives %s a default of its type, because Pulumi asks for a value of any key without',
    (_key, definition) => {
      const types = { string: 'string', integer: 'number', boolean: 'boolean' } as const;
      expect(typeof definition.default).toBe(definition.type === undefined ? 'object' : types[definition.type]);
      expect(definition.description).not.toBe('');
    },
  );
});

describe('examples', () => {
  const examples = globSync('examples/*.yaml', { cwd: root }).sort();
  const config = (path: string) => (parse(text(path)) as { readonly config: Readonly<Record<string, unknown>> }).config;

  it('cover a new workspace, an existing one, manual consent, several tenants and a government cloud', () => {
    expect(examples).toEqual(
      ['existing-workspace', 'government-cloud', 'manual-consent', 'new-workspace', 'several-tenants'].map(
        (name) => `examples/${name}.yaml`,
      ),
    );
  });

  it.each(examples)('%s is a configuration without problems', (path) => {
    const values = Object.fromEntries(
      Object.entries(config(path)).map(([key, value]) => [
        key,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    );
    const known = {
      azureTenantId: '00000000-0000-4000-8000-00000000000a',
      rules: readRules(join(root, 'analytics-rules')),
    };
    expect(() => parseConfiguration(values, known)).not.toThrow();
  });

  it.each(examples)('%s names keys with their project or provider, and says how to run it', (path) => {
    for (const key of Object.keys(config(path))) expect(key).toMatch(/^(?:copilot-sentinel|azure-native|azuread):/);
    expect(text(path)).toContain(`npm run plan -- ${path}`);
  });
});

describe('what a tenant may be read for', () => {
  const told = (env: Readonly<Record<string, string>>): ReturnType<typeof toConfig> =>
    toConfig(
      { INGESTION_URL: '/var/rows', TENANT_ID: '00000000-0000-4000-8000-00000000000a', ...env },
      new Set(['rows']),
    );

  it('is what the collector knows: enrichers, sources and periods', () => {
    expect([...reading.enricherNames].toSorted()).toEqual([...collectorEnrichers].toSorted());
    expect(told({ SOURCES: reading.sourceNames.join(',') }).sources).toEqual(reading.sourceNames);
    expect(told({ USAGE_PERIODS: reading.usagePeriods.join(',') }).usage.periods).toEqual(reading.usagePeriods);
    const takers: readonly string[] = [...reading.sourceNames, ...collectorEnrichers];
    expect(permissions.filter(({ neededBy }) => !takers.includes(neededBy))).toEqual([]);
  });

  it.each(['commercial', 'gcc', 'gcc-high', 'dod'] as const)(
    'is taken by a collector of %s, and refused alike',
    (CLOUD) => {
      const names = reading.defaultEnrichers(CLOUD);
      expect(() => told({ CLOUD, ENRICH: names.join(',') })).not.toThrow();
      for (const [key, name] of [
        ['sources', 'usage-report'],
        ['enrich', 'agents'],
      ] as const) {
        const own = { sources: [], enrich: [], optionalPermissions: [], [key]: [name] };
        const none = { licensePlanIds: undefined, licensePlanNames: undefined, usagePeriods: undefined };
        const isRefused = reading.readingProblems({ ...own, ...none }, CLOUD).length > 0;
        const tell = (): unknown => told({ CLOUD, [key === 'sources' ? 'SOURCES' : 'ENRICH']: name });
        if (isRefused) expect(tell).toThrow('global cloud only');
        else expect(tell).not.toThrow();
      }
    },
  );
});

describe('imports of the deployment', () => {
  const specifiers = /^(?:import|export)\b[^'";()]*?\bfrom\s*'([^']+)'|^import\s*'([^']+)'|\bimport\(\s*'([^']+)'/gm;
  const importsOf = (path: string): readonly string[] =>
    [...text(path).matchAll(specifiers)].map(([, from, bare, dynamic]) => {
      const name = from ?? bare ?? dynamic ?? '';
      return name.startsWith('.') ? normalize(join(dirname(path), name)) : name;
    });
  const filesBelow = (...folders: readonly string[]): readonly string[] =>
    folders.flatMap((folder) => globSync(`${folder}/**/*.{ts,mjs}`, { cwd: root })).sort();
  const violations = (files: readonly string[], isAllowed: (name: string) => boolean): readonly string[] =>
    files.flatMap((path) =>
      importsOf(path)
        .filter((name) => !isAllowed(name))
        .map((name) => `${path} imports ${name}`),
    );
  const infra = filesBelow('infra');

  it('are found at all', () => {
    expect(infra.length).toBeGreaterThan(30);
    expect(importsOf('infra/tables.ts')).toContain('collector/schema/index.ts');
  });

  it('of the collector are its data only', () => {
    const data = ['collector/settings.ts', 'collector/permissions.ts'];
    const isData = (name: string): boolean => name.startsWith('collector/schema/') || data.includes(name);
    expect(violations(infra, (name) => !name.startsWith('collector/') || isData(name))).toEqual([]);
  });

  it('of the other parts are the readers of what is deployed', () => {
    const allowed = ['kql/functions.ts', 'scripts/image.ts', 'package.json'];
    const isReader = (name: string): boolean => name.startsWith('kql/content/') || allowed.includes(name);
    const isOutside = (name: string): boolean => /^(?:kql|scripts|simulator|workspace|test)\//.test(name);
    expect(violations(infra, (name) => !isOutside(name) || isReader(name))).toEqual([]);
  });

  it('of azure-native and azuread name a submodule: the root loads every resource of Azure', () => {
    const roots = [
      '@pulumi/azure-native',
      '@pulumi/azuread',
      '@pulumi/azure-native/index.js',
      '@pulumi/azuread/index.js',
    ];
    expect(violations(infra, (name) => !roots.includes(name))).toEqual([]);
  });

  it('of Pulumi are in infra only', () => {
    const others = filesBelow('collector', 'simulator', 'scripts', 'kql', 'workspace');
    expect(violations(others, (name) => !name.startsWith('@pulumi/') && !name.startsWith('infra/'))).toEqual([]);
  });

  it('leave what a user of the program needs free of the stand-in engine', () => {
    const program = infra.filter((path) => !path.startsWith('infra/plan/') && !path.startsWith('infra/verify/'));
    expect(violations(program, (name) => !name.startsWith('infra/plan/'))).toEqual([]);
  });
});
