import { describe, expect, test } from 'vitest';
import { budget } from '../../../kql/engine/budget.ts';
import { engine } from '../../../kql/engine/engine.ts';
import { KqlError } from '../../../kql/engine/errors.ts';

const kql = engine({});
const now = new Date('2026-11-20T12:00:00Z');
const chain = (start: string, times: number, next: (name: string) => string): string =>
  [`let v0 = ${start};`, ...Array.from({ length: times }, (_, at) => `let v${at + 1} = ${next(`v${at}`)};`)].join('\n');

function refusal(query: string, limits = { rows: 1_000_000 }): string {
  try {
    const { rows } = kql.prepare(query).run({ now, limits });
    return `answered ${rows.length} rows`;
  } catch (error) {
    if (error instanceof KqlError) return error.code;
    throw error;
  }
}

describe('a query that would take all memory is refused', () => {
  test.for([
    ['an endless range', 'range N from 1 to 1000000000000 step 1'],
    ['a range of times', 'range T from datetime(2000-01-01) to datetime(2026-01-01) step 1tick'],
    [
      'a join of everything with everything',
      'let T = range N from 1 to 5000 step 1 | extend K = 1; T | join kind=inner T on K | count',
    ],
    [
      'an expansion of expansions',
      'range N from 1 to 10000 step 1 | mv-expand A = range(1, 1000) | mv-expand B = range(1, 1000)',
    ],
    ['text that doubles', `${chain('strrep("x", 1024)', 30, (of) => `strcat(${of}, ${of})`)} print strlen(v30)`],
    ['text that is repeated', `${chain('"x"', 5, (of) => `strrep(${of}, 1024)`)} print strlen(v5)`],
    [
      'text that is replaced by more of it',
      `${chain('strrep("x", 1024)', 5, (of) => `replace_string(${of}, "x", strrep("x", 1024))`)} print strlen(v5)`,
    ],
    ['long text in every row', 'range N from 1 to 10000 step 1 | extend T = strcat(N, strrep(strrep("x", 1024), 100))'],
    ['arrays joined to themselves', `${chain('range(1, 1000)', 20, (of) => `array_concat(${of}, ${of})`)} print v20`],
    [
      'arrays that hold each other twice',
      `${chain('pack_array(1)', 40, (of) => `pack_array(${of}, ${of})`)} print v40`,
    ],
    [
      'bags that hold each other twice',
      `${chain('bag_pack("a", 1)', 40, (of) => `bag_pack("a", ${of}, "b", ${of})`)} print v40`,
    ],
    [
      'lists of lists of bags',
      `${chain('bag_pack("a", 1)', 4, (of) => `toscalar(range N from 1 to 1000 step 1 | summarize make_list(bag_pack("a", ${of})))`)} print v4`,
    ],
    [
      'a long array moved in every row',
      'range N from 1 to 10000 step 1 | extend A = array_rotate_left(range(1, 100000), N) | sort by N',
    ],
    ['an array for every group', 'range N from 1 to 10000 step 1 | summarize make_list(range(1, 100000)) by N'],
    ['a set for every group', 'range N from 1 to 10000 step 1 | summarize make_set(range(1, 100000)) by N'],
    [
      'one column for each row',
      'range N from 1 to 5000 step 1 | project B = bag_pack(tostring(N), 1) | evaluate bag_unpack(B)',
    ],
    [
      'a series of very many bins',
      'range N from 1 to 10 step 1 | make-series count() on N from 0 to 1000000000 step 1',
    ],
    ['repeat', 'range N from 1 to 10000 step 1 | extend A = repeat(N, 100000)'],
    [
      'JSON nested deep',
      `${chain('strrep("[", 1024)', 3, (of) => `strcat(${of}, ${of}, ${of})`)} print tostring(parse_json(strcat(v3, replace_string(v3, "[", "]"))))`,
    ],
    [
      'JSON with fractions nested deep',
      `${chain('strrep("[1.0,", 1024)', 3, (of) => `strcat(${of}, ${of}, ${of})`)} print parse_json(strcat(v3, "1", strrep(strrep("]", 1024), 27)))`,
    ],
  ] as const)('%s', ([, query]) => {
    expect(refusal(query)).toMatch(/^(?:budget|runtime)$/);
  });

  test('with text that is too deep for the binder, too', () => {
    expect(refusal(`print ${'('.repeat(1500)}1${')'.repeat(1500)}`)).toBe('KS245');
    expect(refusal(`print N = 1 ${'| extend N = N + 1 '.repeat(900)}`)).toBe('KS245');
  });

  test('but not one that is merely large', () => {
    expect(
      refusal('range N from 1 to 100000 step 1 | extend T = strcat("agent-", N), A = pack_array(N, N) | count'),
    ).toBe('answered 1 rows');
    expect(refusal('print strlen(strrep(strrep("x", 1024), 1024))')).toBe('answered 1 rows');
  });
});

describe('regular expressions', () => {
  test.for([
    ['(a+)+$', 'a'.repeat(5000)],
    ['^(a|a)*$', 'a'.repeat(5000)],
    ['(.*)*x', 'a'.repeat(5000)],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(5000)],
  ] as const)('%s is read without going back', ([pattern, text]) => {
    // A backtracking matcher would need 2^5000 steps.
    const query = `print "${text}!" matches regex @"${pattern}"`;
    expect(kql.prepare(query).run({ now }).rows).toEqual([[false]]);
  });
});

describe('the budget', () => {
  test('of time is over when the clock says so', () => {
    let milliseconds = 0;
    const clock = (): number => (milliseconds += 10);
    const run = (): unknown =>
      kql
        .prepare('range N from 1 to 1000000 step 1 | where N % 7 == 8')
        .run({ now, clock, limits: { milliseconds: 100 } });
    expect(run).toThrow(/budget: the query took longer than 0.1 s: filter by time first/);
  });

  test('counts visits, and reads the clock at some of them only', () => {
    let reads = 0;
    const spending = budget({ milliseconds: 1 }, () => {
      reads += 1;
      return 0;
    });
    for (let row = 0; row < 100_000; row += 1) spending.visit();
    expect(reads).toBeGreaterThan(1);
    expect(reads).toBeLessThan(100);
  });

  test('reads the clock more often where rows are slow', () => {
    let milliseconds = 0;
    const spending = budget({ milliseconds: 60_000 }, () => milliseconds);
    for (let row = 0; row < 100_000; row += 1) spending.visit();
    let rows = 0;
    const spend = (): void => {
      for (; rows < 100_000; rows += 1) {
        milliseconds += 7;
        spending.visit();
      }
    };
    expect(spend).toThrow(/longer than 60 s/);
    // 60 s are over after 8,572 rows; of quick rows it takes 4,096 to know.
    expect(rows).toBeLessThan(8_700);
  });

  test('of rows names its limit', () => {
    const spending = budget({ rows: 10 }, () => 0);
    spending.keep(10);
    expect(() => spending.keep(1)).toThrow('budget: the query keeps more than 10 rows in memory: filter earlier');
  });
});

describe('time is counted within a row, too:', () => {
  /** How often the clock is read: what reads it seldom runs long after its time is over. */
  const readings = (query: string): number => {
    let count = 0;
    const clock = (): number => {
      count += 1;
      return 0;
    };
    kql.prepare(query).run({ now, clock, limits: { milliseconds: 1000 } });
    return count;
  };
  // A few rows, each of 10,000 steps or more.
  test.for([
    [
      'an array that is summed',
      'range N from 1 to 40 step 1 | extend A = array_sum(array_rotate_left(range(1, 10000), N))',
    ],
    ['an array that is searched', 'range N from 1 to 40 step 1 | extend A = array_index_of(range(1, 10000), N)'],
    ['a set', 'range N from 1 to 40 step 1 | extend A = set_has_element(range(1, 10000), N)'],
    [
      'sets that are compared',
      'range N from 1 to 40 step 1 | extend A = jaccard_index(range(1, 10000), pack_array(N))',
    ],
    ['a series and a filter', 'let s = range(1, 1000); print series_fir(s, s)'],
    ['a filter that feeds back', 'let s = range(1, 1000); print series_iir(s, s, s)'],
    ['a polynomial', 'let s = range(1, 300); print series_fit_poly(s, s, 60)'],
    ['terms of a list', 'range N from 1 to 40 step 1 | where strcat("a", N) has_any (range(1, 10000)) | count'],
    ['a list that varies', 'range N from 1 to 40 step 1 | where N in (range(-10000, -1), N + 1) | count'],
    ['the first of terms', 'range N from 1 to 40 step 1 | extend A = has_any_index(strcat("a", N), range(101, 10000))'],
    [
      'addresses in text',
      'range N from 1 to 40 step 1 | extend A = has_any_ipv4_prefix(strcat("a", N), split(strrep("1.2. ", 1000), " "))',
    ],
    [
      'replacements',
      'let s = range(100, 10000); range N from 1 to 40 step 1 | extend A = replace_strings(strcat("a", N), s, s)',
    ],
    [
      'long text',
      'let t = strrep(strrep("ab ", 1000), 20); range N from 1 to 200 step 1 | where strcat(t, N) contains "ac" | count',
    ],
  ] as const)('%s', ([, query]) => {
    // The first dozen readings are those of the first 4,096 rows of any query.
    expect(readings(query)).toBeGreaterThan(24);
  });
});

test('a join of too many pairs is refused before it makes them', () => {
  // One pair below the limit, all others would be in memory before the last one is refused.
  const query = 'let T = range N from 1 to 10000 step 1 | extend K = 1; T | join kind=inner T on K | count';
  const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
  const run = (): unknown => kql.prepare(query).run({ now, limits: { rows: 99_999_999 } });
  expect(run).toThrow(/budget: the query keeps more than 99999999 rows/);
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  expect(arrayBuffers + heapUsed - before).toBeLessThan(100_000_000);
});
