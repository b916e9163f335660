/** Runs one case of a hunt: its query over the rows, with the clock of the case. */
import type { HuntTest } from '../../kql/content/rule-tests.ts';
import type { Query } from '../../kql/engine/engine.ts';
import { reasonOf } from '../../workspace/rules/run-rule.ts';
import { type AnswerRow, rowsOf, valueText } from '../../workspace/rules/row.ts';
import type { Watchlists } from '../../workspace/rules/watchlist-rows.ts';
import { networks } from './bases.ts';
import { RUN } from './cases.ts';
import { rowsText } from './report.ts';
import { scene } from './scene.ts';

type Fields = HuntTest['expect'][number];

const wanted = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));
const hasAll = (row: AnswerRow, expected: Fields): boolean =>
  Object.entries(expected).every(([column, value]) => valueText(row.get(column)) === wanted(value));

function areAll(rows: readonly AnswerRow[], expected: readonly Fields[]): boolean {
  if (rows.length !== expected.length) return false;
  const [next, ...rest] = expected;
  if (next === undefined) return true;
  return rows.some((row, index) => hasAll(row, next) && areAll(rows.toSpliced(index, 1), rest));
}

/** All that is wrong with a hunt in a case; empty when it passes. */
export function huntProblems(query: Query, test: HuntTest, watchlists: Watchlists): readonly string[] {
  const run = test.now === undefined ? RUN : Date.parse(test.now);
  const answer = (without?: string) => {
    const { tables, isTaken } = scene(test.given, watchlists, { run, without });
    return { isTaken, result: query.run({ now: new Date(run), tables, networks }) };
  };
  try {
    const { result } = answer();
    if (!areAll(rowsOf(result), test.expect))
      return [
        [
          `expected ${test.expect.length} rows:`,
          ...test.expect.map((row) => `  - ${JSON.stringify(row)}`),
          rowsText(result),
        ].join('\n'),
      ];
    return (test.decisive ?? []).flatMap((without) => {
      const mutated = answer(without);
      if (!mutated.isTaken) return [`decisive: ${without}: the case has no such field or row`];
      return mutated.result.rows.length === 0
        ? []
        : [`decisive: ${without} is taken away, and the hunt still finds:\n${rowsText(mutated.result)}`];
    });
  } catch (error) {
    return [reasonOf(error)];
  }
}
