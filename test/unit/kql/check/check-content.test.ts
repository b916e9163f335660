import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkContent } from '../../../../kql/check/check-content.ts';
import { readContent } from '../../../../kql/check/content.ts';
import { toLine } from '../../../../kql/check/finding.ts';
import { readFunctions } from '../../../../kql/functions.ts';

const fixtures = fileURLToPath(new URL('../../../fixtures/kql-content', import.meta.url));
const main = fileURLToPath(new URL('../../../../kql/check/main.ts', import.meta.url));
const places = (root: string): readonly string[] =>
  checkContent(root).findings.map(({ path, line, column, code }) => `${path}:${line}:${column} ${code}`);
const run = (...args: readonly string[]): { status: number | null; stdout: string; stderr: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
};

describe('checkContent', () => {
  it('finds functions, hunts, rules in folders, and workbook queries in groups and parameters', () => {
    expect(checkContent(`${fixtures}/clean`)).toMatchObject({ queryCount: 6, findings: [] });
  });

  it('points into the file: block scalars, escaped JSON, Windows line ends, text after placeholders', () => {
    expect(places(`${fixtures}/faulty`)).toEqual([
      'kql/functions/DemoEvents.kql:4:9 KS142',
      'kql/functions/DemoEvents.kql:5:40 KQL010',
      'kql/functions/Misnamed.kql:1:1 KQL016',
      'kql/hunting/raw.yaml:5:5 KQL013',
      'kql/hunting/raw.yaml:8:7 KQL003',
      'kql/hunting/windows-lines.yaml:3:3 KS204',
      'kql/hunting/windows-lines.yaml:4:28 KQL004',
      'analytics-rules/broken.yaml:2:1 KQL016',
      'analytics-rules/empty.yaml:1:1 KQL016',
      'analytics-rules/folded.yaml:2:8 KQL012',
      'analytics-rules/misshapen.yaml:16:9 KQL019',
      'analytics-rules/misshapen.yaml:10:1 KQL019',
      'analytics-rules/unfit.yaml:18:9 KQL020',
      'analytics-rules/unfit.yaml:20:9 KQL020',
      'analytics-rules/unfit.yaml:20:9 KQL020',
      'analytics-rules/unfit.yaml:23:3 KQL020',
      'analytics-rules/unfit.yaml:30:5 KQL020',
      'analytics-rules/unfit.yaml:13:24 KQL021',
      'analytics-rules/unfit.yaml:10:19 KQL021',
      ...Array.from({ length: 5 }, () => 'analytics-rules/unfit.yaml:1:1 KQL022'),
      'analytics-rules/unmatched.yaml:5:1 KQL019',
      'analytics-rules/unmatched.yaml:10:29 KQL019',
      'analytics-rules/unmatched.yaml:10:40 KQL019',
      'analytics-rules/unmatched.yaml:12:5 KQL019',
      'analytics-rules/unmatched.yaml:13:5 KQL019',
      'analytics-rules/unmatched.yaml:14:5 KQL019',
      'workbooks/faulty.json:5:162 KQL014',
      'workbooks/faulty.json:5:194 KS142',
      'workbooks/misshapen.json:1:1 KQL016',
      'workbooks/faulty.json:5:5 KQL026',
      'workbooks/faulty.json:5:117 KQL029',
    ]);
  });

  it('finds nothing where there is no content', () => {
    expect(checkContent(`${fixtures}/clean/workbooks`)).toEqual({ queryCount: 0, findings: [], sizes: [] });
  });
});

describe('main', () => {
  it('prints the sum and exits 0 for clean content', () => {
    expect(run(`${fixtures}/clean`)).toEqual({ status: 0, stdout: '6 queries, 0 findings\n', stderr: '' });
  });

  it('prints one line per finding and exits 1', () => {
    const { status, stdout } = run(`${fixtures}/faulty`);
    const lines = checkContent(`${fixtures}/faulty`).findings.map(toLine);
    expect(status).toBe(1);
    expect(stdout).toBe(`${lines.join('\n')}\n12 queries, 35 findings\n`);
    expect(lines[0]).toMatch(/^kql\/functions\/DemoEvents\.kql:4:9: KS142 .*did you mean ActorName\?$/);
  });

  it('tells sizes in the last lines: the text alone, and with every function that it leads to, once', () => {
    const { status, stdout } = run('--sizes', `${fixtures}/clean`);
    expect(status).toBe(0);
    const [sum, ...sizes] = stdout.trimEnd().split('\n');
    expect(sum).toBe('6 queries, 0 findings');
    const body = (name: string): number => {
      const found = readFunctions(`${fixtures}/clean/kql/functions`).find((definition) => definition.name === name);
      // These bodies hold no comments and no indentation.
      return `${found?.parameters}${found?.body}`.length;
    };
    const path = 'analytics-rules/agents/blocked.yaml';
    const { text } = readContent(`${fixtures}/clean`).queries.find((query) => query.path === path) ?? { text: '' };
    expect(sizes).toHaveLength(6);
    expect(sizes).toContain(
      `${path} (Blocked by a policy): ${text.length} characters, ${text.length + body('DemoEvents')} with DemoEvents`,
    );
    expect(sizes[0]).toMatch(/^kql\/functions\/DemoEvents\.kql \(DemoEvents\): \d+ characters$/);
    expect(sizes[1]).toMatch(/^kql\/functions\/DemoMessages\.kql .* with DemoEvents$/);
  });

  it.for([['two', 'directories'], ['--all'], ['--sizes', '--all'], ['/no/such/directory']])(
    'exits 2 for %s',
    (args) => {
      const { status, stdout, stderr } = run(...args);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toContain('usage:');
    },
  );
});
