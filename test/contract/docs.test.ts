import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { permissions } from '../../collector/permissions.ts';
import { settings } from '../../collector/settings.ts';
import { pages } from '../../scripts/docs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const documents = globSync('**/*.md', { cwd: root, exclude: (name) => /(?:^|\/)(?:node_modules|\..+)$/.test(name) });
const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts);

/** Targets of links that lead to files or headings of the project. */
const linksOf = (text: string): readonly string[] =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target).filter((target) => !/^[a-z]+:/.test(target));

/** Anchors of the headings, as Markdown viewers make them. */
const anchorsOf = (text: string): ReadonlySet<string> =>
  new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    ),
  );

test('there are documents to check', () => {
  expect(documents).toEqual(expect.arrayContaining(['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md']));
  expect(documents.filter((path) => path.startsWith('docs/adr/')).length).toBeGreaterThan(0);
});

// Every rule and hunt is bound for it.
test('generated pages are what npm run docs writes now', { timeout: 120_000 }, async () => {
  for (const { path, text } of await pages()) {
    expect(existsSync(join(root, path)) && read(path), `${path} is stale: run npm run docs`).toBe(text);
  }
});

test('docs/permissions.md says of each permission who needs it, what it buys, what is missing without it, and whether it can be left out', () => {
  const lines = read('docs/permissions.md').split('\n');
  for (const { role, neededBy, buys, withoutIt, isOptional } of permissions) {
    const cells = lines.find((line) => line.includes(`\`${role}\``))?.split('|') ?? [];
    expect(cells.map((cell) => cell.trim()).slice(1, -1)).toEqual([
      `\`${neededBy}\``,
      `\`${role}\``,
      expect.any(String),
      buys,
      withoutIt,
      isOptional === true ? 'yes' : '',
    ]);
  }
});

test('README names every setting', () => {
  const readme = read('README.md');
  expect(settings.map(({ name }) => name).filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

test('README quotes tests that exist', () => {
  const quoted = [...read('README.md').matchAll(/\["([^"]+)"\]\(([^)]+)\)/g)];
  expect(quoted.length).toBeGreaterThan(15);
  const missing = quoted.filter(
    ([, name = '', path = '']) => !existsSync(join(root, path)) || !read(path).includes(name),
  );
  expect(missing.map(([, name, path]) => `${path}: ${name}`)).toEqual([]);
});

describe('docs/operations.md', () => {
  const page = read('docs/operations.md');
  const collector = globSync('collector/**/*.ts', { cwd: root }).map(read).join('\n');
  /** What stands in code spans of the first column of a section's table. */
  const firstColumn = (heading: string): readonly string[] => {
    const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
    const cells = [...section.matchAll(/^\| (`[^|]+`) +\|/gm)].map(([, cell = '']) => cell);
    return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text));
  };

  test('explains every kind of health row', () => {
    const kinds = [...read('collector/health-rows.ts').matchAll(/\brow\('([a-z-]+)'/g)].map(([, kind = '']) => kind);
    expect(firstColumn('Health rows').toSorted()).toEqual([...new Set(kinds)].toSorted());
  });

  test('explains every metric', () => {
    const names = [...read('collector/metrics.ts').matchAll(/'(copilot_\w+)'/g)].map(([, name = '']) => name);
    const explained = firstColumn('Metrics').map((name) => name.replace(/\{.*/, ''));
    expect(explained.toSorted()).toEqual(names.toSorted());
  });

  test('explains every log message, and no other', () => {
    const direct = [...collector.matchAll(/\b(?:log\.(?:info|warn|error)|warn)\([^;]*?[}\w], '([^']+)'\)/g)];
    const chosen = [...collector.matchAll(/'(access to the data collection rule [^']+)'/g)];
    const messages = [...direct, ...chosen].map(([, message = '']) => message);
    expect(firstColumn('Log messages').toSorted()).toEqual([...new Set(messages)].toSorted());
  });

  test('explains every reason for which a row may lack facts', () => {
    const words = (type: string): readonly string[] => {
      const [, text = ''] = new RegExp(`export type ${type} = ([^;]+);`).exec(collector) ?? [];
      return [...text.matchAll(/'([a-z-]+)'/g)].map(([, word = '']) => word);
    };
    const reasons = [...words('Reason'), ...words('Failure'), 'late'];
    expect(reasons.length).toBeGreaterThan(5);
    expect(firstColumn('Enrichment').toSorted()).toEqual(reasons.toSorted());
  });

  test('quotes parts of messages that the collector has', () => {
    const parts = firstColumn('Error messages');
    expect(parts.length).toBeGreaterThan(20);
    expect(parts.filter((part) => !collector.includes(part))).toEqual([]);
  });
});

describe.for(documents)('%s', (path) => {
  const text = read(path);

  test('links to files and headings that exist', () => {
    const broken = linksOf(text).filter((target) => {
      const [file = '', anchor] = target.split('#');
      const at = file === '' ? path : join(dirname(path), file);
      if (!existsSync(join(root, at))) return true;
      return anchor !== undefined && !anchorsOf(read(at)).has(anchor);
    });
    expect(broken).toEqual([]);
  });

  test('names only npm scripts that exist', () => {
    const named = [...text.matchAll(/npm (?:run (?:-s )?(?<run>[\w:-]+)|(?<own>start|test)\b)/g)].map(
      ({ groups }) => groups?.['run'] ?? groups?.['own'] ?? '',
    );
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  });

  test('holds no path of a machine', () => {
    expect(text.match(/(?:\/(?:work|home|Users|root)\/|[A-Z]:\\)\S*/g) ?? []).toEqual([]);
  });
});
