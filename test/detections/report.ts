/** Failures as people read them. */
import type { Expected } from '../../kql/content/rule-tests.ts';
import type { Result } from '../../kql/engine/engine.ts';
import type { Alert } from '../../workspace/rules/alert.ts';
import { valueText } from '../../workspace/rules/row.ts';

const MOST_ROWS = 5;
const LONGEST_VALUE = 100;

const line = (facts: object): string => `  - ${JSON.stringify(facts)}`;
const cut = (text: string): string => (text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text);

/** What was expected, in one line. */
export const expectedText = (expected: Expected): string => line(expected);

/** An alert in one line, in the shape of what is expected. */
export function alertText({ name, severity, entities, customDetails }: Alert): string {
  const byType = Map.groupBy(entities, ({ type }) => type);
  const shown = [...byType].map(([type, all]) => [type, all.flatMap(({ identifiers }) => Object.values(identifiers))]);
  return line({ name, severity, entities: Object.fromEntries(shown), customDetails });
}

/** The first rows of an answer. */
export function rowsText({ columns, rows }: Result): string {
  const shown = rows.slice(0, MOST_ROWS).map((row) => {
    const cells = columns.map(({ name }, index) => `${name}=${cut(valueText(row[index]))}`);
    return `  - ${cells.join(', ')}`;
  });
  const more = rows.length > shown.length ? [`  - ${rows.length - shown.length} more`] : [];
  return [`the query's rows, ${rows.length}:`, ...shown, ...more].join('\n');
}
