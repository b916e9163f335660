/** The runner of suites: what counts as equal, what counts as known, and how it ends. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { difference } from '../../kql/conformance/compare.ts';
import { readKnown } from '../../kql/conformance/known.ts';
import { runCases } from '../../kql/conformance/run.ts';
import { isCore, readSuite } from '../../kql/conformance/suite.ts';
import { engine } from '../../kql/engine/engine.ts';

const directory = mkdtempSync(join(tmpdir(), 'conformance-'));
afterAll(() => rmSync(directory, { recursive: true }));
let files = 0;
function file(content: unknown): string {
  files += 1;
  const path = join(directory, `suite-${files}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const kql = engine({ dialect: 'kusto' });
const longs = (rows: readonly (readonly unknown[])[]): object => ({ columns: [{ name: 'X', type: 'long' }], rows });
const of = (type: string, ...values: readonly unknown[]): object => ({
  columns: [{ name: 'X', type }],
  rows: values.map((value) => [value]),
});
const values = (...all: readonly number[]): string => `datatable(X:long)[${all.join(',')}]`;

/** What is wrong with the answer to a query, or 'equal'. */
function compared(query: string, expected: object, compare: object = {}): string {
  const [test] = readSuite(file({ cases: [{ id: 'x', query, expected, compare }] }));
  if (test?.expected === undefined) return 'no case';
  return difference(test, test.expected, kql.prepare(query).run({ now: new Date(0) })) ?? 'equal';
}

interface Rule {
  readonly rule: string;
  readonly query: string;
  readonly equal: object;
  readonly unequal: object;
  readonly compare?: object;
}
const rules: readonly Rule[] = [
  {
    rule: 'names of columns',
    query: 'print X = 1',
    equal: longs([[1]]),
    unequal: { columns: [{ name: 'Y', type: 'long' }], rows: [[1]] },
  },
  {
    rule: 'order of columns',
    query: 'print A = 1, B = 2',
    equal: {
      columns: [
        { name: 'A', type: 'long' },
        { name: 'B', type: 'long' },
      ],
      rows: [[1, 2]],
    },
    unequal: {
      columns: [
        { name: 'B', type: 'long' },
        { name: 'A', type: 'long' },
      ],
      rows: [[2, 1]],
    },
  },
  { rule: 'number of rows', query: values(1, 1), equal: longs([[1], [1]]), unequal: longs([[1]]) },
  {
    rule: 'rows as a multiset',
    query: values(1, 2, 2),
    equal: longs([[2], [1], [2]]),
    unequal: longs([[1], [1], [2]]),
  },
  {
    rule: 'rows in their order',
    query: values(1, 2),
    equal: longs([[1], [2]]),
    unequal: longs([[2], [1]]),
    compare: { ordered: true },
  },
  {
    rule: 'shape only',
    query: values(1, 2),
    equal: longs([[8], [9]]),
    unequal: longs([[8]]),
    compare: { shape_only: true },
  },
  {
    rule: 'a sample of the rows',
    query: values(1, 2, 3),
    equal: { ...longs([[3]]), row_count: 3 },
    unequal: { ...longs([[4]]), row_count: 3 },
    compare: { partial: true },
  },
  {
    rule: 'the number of rows beside a sample',
    query: values(1, 2, 3),
    equal: { ...longs([[3]]), row_count: 3 },
    unequal: { ...longs([[3]]), row_count: 4 },
    compare: { partial: true },
  },
  {
    rule: 'a tolerance of numbers',
    query: 'print X = 100.0',
    equal: of('real', 100.5),
    unequal: of('real', 102),
    compare: { rel_tolerance: 0.01 },
  },
  { rule: 'NaN', query: 'print X = real(nan)', equal: of('real', 'NaN'), unequal: of('real', 0) },
  { rule: 'null and 0', query: 'print X = long(null)', equal: of('long', null), unequal: of('long', 0) },
  { rule: 'text to the letter', query: 'print X = "a"', equal: of('string', 'a'), unequal: of('string', 'A') },
  {
    rule: 'datetimes by ticks',
    query: 'print X = datetime(2026-11-20)',
    equal: of('datetime', '2026-11-20T00:00:00Z'),
    unequal: of('datetime', '2026-11-20T00:00:00.0000001Z'),
  },
  {
    rule: 'timespans by ticks',
    query: 'print X = 25h',
    equal: of('timespan', '1.01:00:00'),
    unequal: of('timespan', '25:00:01'),
  },
  {
    rule: 'lists in their order',
    query: 'print X = dynamic([1, 2])',
    equal: of('dynamic', [1, 2]),
    unequal: of('dynamic', [2, 1]),
  },
  {
    rule: 'lists as multisets',
    query: 'print X = dynamic([1, 2, 2])',
    equal: of('dynamic', [2, 1, 2]),
    unequal: of('dynamic', [1, 1, 2]),
    compare: { unordered_lists: true },
  },
  {
    rule: 'bags by their members',
    query: 'print X = dynamic({"a":1,"b":null})',
    equal: of('dynamic', { b: '', a: 1 }),
    unequal: of('dynamic', { a: 1, c: null }),
  },
];

describe('an answer is compared by', () => {
  test.for(rules.map((rule) => [rule.rule, rule] as const))('%s', ([, { query, equal, unequal, compare }]) => {
    expect(compared(query, equal, compare)).toBe('equal');
    expect(compared(query, unequal, compare)).not.toMatch(/^equal$|^no case$/);
  });
});

describe('a suite', () => {
  const cases = [{ id: 'one', query: 'print 1' }];
  test.for([
    ['that is no JSON', 'not json', /suite-\d+\.json: not readable as JSON/],
    ['without cases', { suite: 's' }, /suite-\d+\.json: not a suite: .*cases/s],
    ['whose case has no query', { cases: [{ id: 'x' }] }, /not a suite: .*query/s],
  ] as const)('%s is refused by its name', ([, content, reason]) => {
    expect(() => readSuite(file(content))).toThrow(reason);
  });

  test('that does not exist is refused by its name', () => {
    expect(() => readSuite(join(directory, 'none.json'))).toThrow('none.json: not readable');
  });

  test('has core cases: of use here, with one answer, and not known to deviate', () => {
    const all = [
      ...cases,
      { id: 'exotic', query: 'print 1', relevance: 'exotic-function' },
      { id: 'random', query: 'print 1', nondeterministic: ['rand'] },
      { id: 'deviates', query: 'print 1', known_deviation: 'of another engine' },
    ];
    expect(
      readSuite(file({ cases: all }))
        .filter(isCore)
        .map(({ id }) => id),
    ).toEqual(['one']);
  });

  test('without an answer expects a refusal', () => {
    const outcomes = runCases(readSuite(file({ cases: [...cases, { id: 'wrong', query: 'print x' }] })));
    expect(outcomes).toEqual([
      { id: 'one', failure: 'Microsoft refuses it, and it was answered' },
      { id: 'wrong', failure: undefined },
    ]);
  });
});

describe('the list of known failures', () => {
  test('is read from the rows of its table', () => {
    expect([...readKnown(file('text\n\n| case | reason |\n|---|---|\n| `a-1` | rounding |\n'))]).toEqual([
      ['a-1', 'rounding'],
    ]);
  });
  test.for([
    ['a case without a reason', '| `a` |  |\n', 'a has no reason'],
    ['a case that is listed twice', '| `a` | x |\n| `a` | y |\n', 'a is listed twice'],
  ] as const)('refuses %s', ([, content, reason]) => {
    expect(() => readKnown(file(content))).toThrow(reason);
  });
});

const main = join(import.meta.dirname, '../../kql/conformance/main.ts');
const run = (
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly lines: readonly string[]; readonly trouble: string }> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, ['--', main, ...args], (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, lines: stdout.trimEnd().split('\n'), trouble: stderr });
    });
  });

describe('npm run kql:conformance', () => {
  const good = { id: 'good', query: 'print X = 1', expected: longs([[1]]) };
  const bad = { id: 'bad', query: 'print X = 1', expected: longs([[2]]) };
  const exotic = { ...bad, id: 'exotic', relevance: 'exotic' };

  test('ends 0 when all core cases pass, and says so last', async () => {
    const { code, lines } = await run(file({ cases: [good, exotic] }), file({ cases: [good] }));
    expect([code, lines.at(-1)]).toEqual([0, '2 passed, 0 failed']);
  });

  test('ends 1 when one fails, and names it', async () => {
    const { code, lines } = await run(file({ cases: [good, bad] }));
    expect([code, lines.at(-1)]).toEqual([1, '1 passed, 1 failed']);
    expect(lines[0]).toMatch(/^FAIL bad: no row \[2\]/);
  });

  test('ends 0 when what fails is known to, and 1 when what is known to fail passes', async () => {
    const known = file('| `bad` | not yet |\n');
    expect(await run(file({ cases: [good, bad] }), '--known', known)).toMatchObject({ code: 0 });
    const healed = await run(file({ cases: [{ ...good, id: 'bad' }] }), '--known', known);
    expect(healed.code).toBe(1);
    expect(healed.lines[0]).toBe('FAIL bad: passes, so it must leave the list of known failures');
  });

  test('runs other cases only when told', async () => {
    expect(await run(file({ cases: [good, exotic] }), '--all')).toMatchObject({ code: 1 });
    const { code, lines } = await run(file({ cases: [good, exotic] }), '--only', 'exotic');
    expect([code, lines[0]]).toEqual([1, 'print X = 1']);
  });

  test.for([
    ['no file', []],
    ['a file that is none', ['none.json']],
    ['an unknown option', ['--wrong']],
    ['a case that is in none of the files', [join(import.meta.dirname, 'own-cases.json'), '--only', 'none']],
  ] as const)('ends 2 for %s', async ([, args]) => {
    const { code, trouble } = await run(...args);
    expect(code).toBe(2);
    expect(trouble).toMatch(/file|none\.json|wrong|no case to run/);
  });
});
