import type { Syntax } from '../../engine/language/syntax.ts';
import { didYouMean } from '../../engine/suggest.ts';
import { enumColumns } from '../enum-columns.ts';
import { at, constantText, type LintRule, type Subject } from '../lint-rule.ts';

const comparisons = ['EqualExpression', 'NotEqualExpression'];
const foldedComparisons = ['EqualTildeExpression', 'BangTildeExpression'];
const lists = ['InExpression', 'NotInExpression'];
const foldedLists = ['InCsExpression', 'NotInCsExpression'];

/** The columns whose values are known wherever the query names them: no other table in play has such a column. */
function columnsOf({ schemas, tableReferences }: Subject): ReadonlyMap<string, readonly string[]> {
  const read = new Set(tableReferences.map(({ name }) => name));
  const elsewhere = new Set(
    [...schemas.tables.values()]
      .filter(({ name }) => enumColumns[name] === undefined)
      .flatMap(({ columns }) => columns.map(({ name }) => name)),
  );
  // A name of one word (Kind, Role) means other things elsewhere: it counts only where our table is read itself.
  const isOurs = (column: string): boolean => !elsewhere.has(column) && !/^[A-Z][a-z]+$/.test(column);
  const isKnown = (table: string, column: string): boolean => read.has(table) || isOurs(column);
  return new Map(
    Object.entries(enumColumns).flatMap(([table, columns]) =>
      Object.entries(columns)
        .filter(([column]) => isKnown(table, column))
        .map(([column, values]) => [column, values.split(' ')] as const),
    ),
  );
}

function* comparedTexts(subject: Subject): Generator<{ column: Syntax; texts: readonly Syntax[]; isFolded: boolean }> {
  for (const node of subject.nodes(...comparisons, ...foldedComparisons)) {
    const [left, right] = [node.child('Left'), node.child('Right')];
    const [column, text] = left.kind === 'NameReference' ? [left, right] : [right, left];
    yield { column, texts: [text], isFolded: foldedComparisons.includes(node.kind) };
  }
  for (const node of subject.nodes(...lists, ...foldedLists))
    yield {
      column: node.child('Left'),
      texts: node.child('Right').list('Expressions'),
      isFolded: foldedLists.includes(node.kind),
    };
}

/** A text that a column of few values never holds. */
export const unknownEnumValue: LintRule = {
  code: 'KQL012',
  title: 'A column of few values is compared with one of them.',
  *remarks(subject) {
    const columns = columnsOf(subject);
    for (const { column, texts, isFolded } of comparedTexts(subject)) {
      const values = column.kind === 'NameReference' ? columns.get(column.name) : undefined;
      if (values === undefined) continue;
      for (const node of texts) {
        const text = constantText(node, subject);
        // '' is what a missing string is.
        if (text === undefined || text === '' || values.includes(text)) continue;
        if (isFolded && values.includes(text.toLowerCase())) continue;
        const guess = didYouMean(text, values);
        yield at(node, `${column.name} is never '${text}'${guess === '' ? `: it is ${values.join(', ')}` : guess}`);
      }
    }
  },
};
