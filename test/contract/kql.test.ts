/** Everything shipped that is a query: binds against the schema, reads only functions, keeps to the rules. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tables } from '../../collector/schema/index.ts';
import { checkContent } from '../../kql/check/check-content.ts';
import { readContent } from '../../kql/check/content.ts';
import { toLine } from '../../kql/check/finding.ts';
import { lint, lintRules } from '../../kql/check/lint.ts';
import { schemas } from '../../kql/check/schemas.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const imports = (path: string): readonly string[] =>
  [...readFileSync(join(root, path), 'utf8').matchAll(/\bfrom '([^']+)'/g)].map(([, name = '']) => name);

describe('shipped content', () => {
  it('has no finding', () => expect(checkContent(root).findings.map(toLine)).toEqual([]));

  it('is looked at file by file', () => {
    const files = globSync(
      ['kql/functions/*.kql', 'kql/hunting/**/*.yaml', 'analytics-rules/**/*.yaml', 'workbooks/**/*.json'],
      {
        cwd: root,
      },
    ).map((path) => path.replaceAll('\\', '/'));
    const looked = new Set(readContent(root).queries.map(({ path }) => path));
    expect(files.filter((path) => !looked.has(path))).toEqual([]);
  });
});

describe('the checker', () => {
  const known = schemas([]);

  it('knows every column of every table of ours, with its type', () => {
    for (const { name, columns } of tables) {
      const { columns: found = [], diagnostics } = known.language.analyze(name);
      expect(diagnostics).toEqual([]);
      const types = Object.entries(columns).map(([column, { type }]) => ({
        name: column,
        type: type === 'boolean' ? 'bool' : type,
      }));
      expect(found).toEqual(expect.arrayContaining(types));
    }
  });

  it('knows watchlists: three columns and those of the items', () => {
    const text = `_GetWatchlist('CopilotVIP') | where SearchKey != '' and Reason == 'x' | project LastUpdatedTimeUTC, _DTItemId`;
    expect(lint(text, 'rule', known)).toEqual([]);
    expect(lint(`_GetWatchlist() | count`, 'rule', known).map(({ code }) => code)).toEqual(['KS119']);
  });

  it('has rules with codes of their own and a sentence each', () => {
    expect(new Set(lintRules.map(({ code }) => code)).size).toBe(lintRules.length);
    for (const { code, title } of lintRules) {
      expect(code).toMatch(/^KQL0\d\d$/);
      expect(title).toMatch(/\.$/);
    }
  });

  it('reads the schema and the binder only', () => {
    const allowed =
      /^(?:\.\.?\/(?!.*(?:collector|engine)\/)|(?:\.\.\/)+collector\/schema\/index\.ts$|(?:\.\.\/)+engine\/(?:language\/(?:language|schema|syntax)|log-analytics|errors|suggest|binder-overrides|values\/types)\.ts$|node:|yaml$|re2js$)/;
    const files = globSync(['kql/check/**/*.ts', 'kql/tables/*.ts', 'kql/functions.ts'], { cwd: root });
    expect(files.length).toBeGreaterThan(30);
    expect(
      files.flatMap((path) =>
        imports(path)
          .filter((name) => !allowed.test(name))
          .map((name) => `${path}: ${name}`),
      ),
    ).toEqual(['kql/functions.ts: ./engine/language/schema.ts']);
  });
});
