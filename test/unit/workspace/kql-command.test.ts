import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const main = join(import.meta.dirname, '../../../workspace/kql.ts');
const directory = mkdtempSync(join(tmpdir(), 'kql-command-'));
afterAll(() => rmSync(directory, { recursive: true }));

let files = 0;
function file(text: string): string {
  files += 1;
  const path = join(directory, `file-${files}`);
  writeFileSync(path, text);
  return path;
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly trouble: string;
}

/** Runs the command; `read` ends the reading of its answer after so many bytes, as `head` does. */
function kql(args: readonly string[], { input = '', read = Infinity } = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--', main, ...args]);
    let out = '';
    let trouble = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (out.length >= read) child.stdout.destroy();
    });
    child.stderr.on('data', (chunk: Buffer) => (trouble += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, trouble }));
    child.stdin.end(input);
  });
}

const usage = { User: 'ada@contoso.example', Product: 'Copilot, "Chat"' };
const rows = (...lines: readonly object[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
const health = [
  { TimeGenerated: '2026-11-20T10:00:00Z', HealthKind: 'gap', _TimeReceived: '2026-11-20T10:00:05Z' },
  { TimeGenerated: '2026-11-20T11:00:00Z', HealthKind: 'parked', _TimeReceived: '2026-11-20T11:00:05Z' },
];
const workspace = join(directory, 'workspace');
mkdirSync(join(workspace, 'CopilotHealth_CL'), { recursive: true });
writeFileSync(join(workspace, 'CopilotHealth_CL', '2026-11-20.ndjson'), rows(...health));

describe('npm run kql', () => {
  test('answers a query in a file over the rows of a workspace', async () => {
    const query = file(
      'CopilotHealth_CL\n| where ingestion_time() > datetime(2026-11-20T10:30:00Z)\n| project HealthKind',
    );
    const { code, out, trouble } = await kql([query, '--workspace', workspace]);
    expect([code, trouble]).toEqual([0, '']);
    expect(out).toMatch(/│ HealthKind\s+│[^]*│ parked\s+│[^]*\n1 row\n$/);
  });

  test('answers a query on standard input, at the time that it is told', async () => {
    const { code, out } = await kql(['-', '--now', '2026-11-20T12:00:00Z', '--format', 'csv'], {
      input: 'print T = now(-1h)',
    });
    expect([code, out]).toEqual([0, 'T\n2026-11-20T11:00:00.0000000Z\n']);
  });

  test('reads the rows of one table from a file, beside or instead of the workspace', async () => {
    const other = file(rows({ HealthKind: 'other' }));
    const args = ['-', '--workspace', workspace, '--table', `CopilotHealth_CL=${other}`, '--format', 'csv'];
    expect(await kql(args, { input: 'CopilotHealth_CL | project HealthKind' })).toMatchObject({
      code: 0,
      out: 'HealthKind\nother\n',
    });
  });

  test('prints JSON: columns with types, longs beyond 2^53 and times as text', async () => {
    const query =
      'print A = 9007199254740993, B = 1.5, C = datetime(2026-11-20), D = dynamic({"a":[1]}), E = long(null), F = true';
    const { out } = await kql(['-', '--format', 'json'], { input: query });
    const names = ['long', 'real', 'datetime', 'dynamic', 'long', 'bool'];
    expect(JSON.parse(out)).toEqual({
      columns: names.map((type, index) => ({ name: 'ABCDEF'[index], type })),
      rows: [['9007199254740993', 1.5, '2026-11-20T00:00:00.0000000Z', { a: [1] }, null, true]],
    });
  });

  test('quotes CSV', async () => {
    const input = `print A = '${usage.Product}', B = "two\\nlines", C = dynamic(["x"]), D = int(null)`;
    const { out } = await kql(['-', '--format', 'csv'], { input });
    expect(out).toBe('A,B,C,D\n"Copilot, ""Chat""","two\nlines","[""x""]",\n');
  });

  test.for([
    ['an unknown format', ['-', '--format', 'xml'], /table, json, csv/],
    ['a time that is none', ['-', '--now', 'yesterday'], /ISO 8601/],
    ['an unknown option', ['-', '--nonsense'], /nonsense/],
    ['no query', [], /file/],
    ['a file that does not exist', ['none.kql'], /none\.kql/],
    ['a workspace that does not exist', ['-', '--workspace', 'none'], /--workspace none: no such directory/],
    ['a table whose file does not exist', ['-', '--table', 'CopilotHealth_CL=none.ndjson'], /no file none\.ndjson/],
  ] as const)('ends 2 for %s', async ([, args, reason]) => {
    const { code, out, trouble } = await kql(args, { input: 'print 1' });
    expect([code, out]).toEqual([2, '']);
    expect(trouble).toMatch(reason);
    expect(trouble).not.toMatch(/^\s+at /m);
  });

  test.for([
    [
      'a column that does not exist',
      'CopilotHealth_CL\n| where HealthKinds == "x"',
      /^line 2, column 9: KS142: .*did you mean HealthKind\?\n$/,
    ],
    [
      'a construct that is not supported',
      'print 1 | evaluate autocluster()',
      /^line 1, column \d+: unsupported: .*autocluster/,
    ],
    ['a construct that Log Analytics has not', 'cluster("c").database("d").T', /^line 1, column 1: forbidden: /],
    ['what goes wrong while it runs', 'print 1\n| extend A = "a" matches regex "("', /^line 2, column \d+: regex: /],
  ] as const)('ends 1 for %s, with line, column and code', async ([, input, reason]) => {
    const { code, out, trouble } = await kql(['-', '--workspace', workspace], { input });
    expect([code, out]).toEqual([1, '']);
    expect(trouble).toMatch(reason);
    expect(trouble.trimEnd().split('\n')).toHaveLength(1);
  });

  test('is silent when nobody reads on', async () => {
    const input = 'range N from 1 to 200000 step 1';
    expect(await kql(['-', '--format', 'csv'], { input, read: 10 })).toMatchObject({ code: 0, trouble: '' });
  });

  test('answers from empty tables where a directory holds none, and says so in one line', async () => {
    const empty = join(directory, 'empty');
    mkdirSync(join(empty, 'Whatever'), { recursive: true });
    const { code, out, trouble } = await kql(['-', '--workspace', empty, '--format', 'csv'], {
      input: 'CopilotHealth_CL | count',
    });
    expect([code, out]).toEqual([0, 'Count\n0\n']);
    expect(trouble).toBe(
      `${empty} holds no tables, so all are empty: rows are expected in <Table>/*.ndjson or <Table>.ndjson\n`,
    );
  });

  test('names file and line of a row that is none', async () => {
    const broken = file(`${rows({ HealthKind: 'good' })}nonsense\n`);
    const { code, trouble } = await kql(['-', '--table', `CopilotHealth_CL=${broken}`], {
      input: 'CopilotHealth_CL | project HealthKind',
    });
    expect(code).toBe(1);
    expect(trouble).toContain(`${broken}, line 2: not a JSON object`);
  });
});
