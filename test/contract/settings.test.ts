/** A setting is typed once: configuration, documentation and help know the same ones. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { toConfig } from '../../collector/config.ts';
import { settings } from '../../collector/settings.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const names = settings.map(({ name }) => name);

describe('settings', () => {
  it('have distinct names, a meaning, and a default only where there is one', () => {
    expect(new Set(names).size).toBe(names.length);
    for (const { name, meaning } of settings) {
      expect(name).toMatch(/^[A-Z][A-Z0-9_]+$/);
      expect(meaning).toMatch(/^[A-Z]\S.+[^.]$/);
    }
  });

  it('are all that the configuration reads', () => {
    const asked = new Set<string>();
    const env = new Proxy<Record<string, string>>(
      {},
      {
        get: (_target, name) => {
          asked.add(String(name));
          return undefined;
        },
      },
    );
    expect(() => toConfig(env, new Set(['tenant', 'rows']))).toThrow('TENANT_ID');
    expect([...asked].toSorted()).toEqual([...names].toSorted());
  });

  it('have defaults that the configuration takes', () => {
    const config = toConfig({ INGESTION_URL: '/var/rows' }, new Set(['rows']));
    expect(config).toMatchObject({ pollSeconds: 300, requestsPerMinute: 1000, fetchConcurrency: 16, healthPort: 8080 });
  });

  it('are marked as secret when they are, and no secret has a default', () => {
    const secret = settings.filter(({ name }) => /SECRET|PASSWORD|KEY$|HEADER$/.test(name));
    expect(secret.length).toBeGreaterThan(0);
    for (const setting of secret) expect(setting).toMatchObject({ isSecret: true });
    for (const setting of settings) if ('isSecret' in setting) expect(setting).not.toHaveProperty('default');
  });

  it('are the only environment that any file of the collector names', () => {
    for (const path of globSync('collector/**/*.ts', { cwd: root })) {
      const text = read(path);
      const read1 = [...text.matchAll(/\benv(?:ironment)?(?:\.([A-Z][A-Z0-9_]+)|\[['"]([A-Z][A-Z0-9_]+)['"]\])/g)];
      expect(
        read1.map(([, dotted, quoted]) => dotted ?? quoted).filter((name) => !names.includes(name as never)),
        path,
      ).toEqual([]);
      if (path !== 'collector/main.ts') expect(text.replaceAll(/\/\*[^]*?\*\//g, ''), path).not.toMatch(/process\.env/);
    }
  });

  it('stand in README with their defaults, where README has a table of them', () => {
    const text = existsSync(join(root, 'README.md')) ? read('README.md') : '';
    const rows = text.split('\n').filter((line) => /^\|\s*`[A-Z_]+`/.test(line));
    if (rows.length === 0) return;
    const documented = new Set(
      rows.flatMap((row) => [...row.matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name]) => name)),
    );
    expect(names.filter((name) => !documented.has(name))).toEqual([]);
    for (const setting of settings) {
      if (!('default' in setting) || setting.default === '') continue;
      const row = rows.find((line) => line.includes(`\`${setting.name}\``)) ?? '';
      expect(row, setting.name).toContain(setting.default);
    }
  });
});
