import { isAccepted } from '../engine/binder-overrides.ts';
import type { Diagnostic } from '../engine/language/language.ts';
import { didYouMean } from '../engine/suggest.ts';
import type { Subject } from './lint-rule.ts';
import type { Remark } from './shipped-query.ts';

/** Diagnostics that name something unknown: a column or any name, a table, a fuzzy table, a function. */
const unknownNames: ReadonlySet<string> = new Set(['KS142', 'KS204', 'KS205', 'KS211']);

/** The names that would have been right: every table, function and column in play, and what the query declares. */
function candidates({ schemas, tableReferences, nodes }: Subject): readonly string[] {
  // What functions give comes from our tables.
  const read = [...tableReferences.map(({ name }) => name), ...schemas.ownTables];
  const columns = read.flatMap((name) => schemas.tables.get(name)?.columns ?? []);
  return [
    ...columns.map(({ name }) => name),
    ...nodes('NameDeclaration').map(({ name }) => name),
    ...schemas.tables.keys(),
    ...schemas.functions.keys(),
  ];
}

const isSerious = ({ severity }: Diagnostic): boolean => severity === 'Error' || severity === 'Warning';

/** What Microsoft's binder says of a query and Microsoft's engine agrees with, unknown names with the nearest known. */
export function binderRemarks(subject: Subject): readonly Remark[] {
  const { text, diagnostics } = subject.analysis;
  return diagnostics
    .filter((diagnostic) => isSerious(diagnostic) && !isAccepted(diagnostic, text))
    .map(({ code, message, start, length }) => {
      const name = text.slice(start, start + length);
      const guess = unknownNames.has(code) ? didYouMean(name, candidates(subject)) : '';
      return { code, offset: start, message: guess === '' ? message : `${message.replace(/\.$/, '')}${guess}` };
    });
}
