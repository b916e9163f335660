/** `parse` and `parse-where`: columns cut out of a text. */
import { UnsupportedError } from '../errors.ts';
import type { Syntax } from '../language/syntax.ts';
import { type Cell, type Column, gather, type Relation, withColumns } from '../relation.ts';
import type { Operator, Scope } from '../scope.ts';
import { asDynamic, asString, convert } from '../values/convert.ts';
import { defaultOf, type Type, type Value } from '../values/types.ts';
import { namedParameters } from './named-parameters.ts';
import { matcher, type Mode, toParts } from './parse-pattern.ts';

function toMode(node: Syntax): Mode {
  const mode = namedParameters(node).get('kind') ?? 'simple';
  if (mode === 'simple' || mode === 'relaxed' || mode === 'regex') return mode;
  throw new UnsupportedError(`parse kind=${mode}`, node.position);
}

function toFlags(node: Syntax): string {
  const flags = namedParameters(node).get('flags') ?? '';
  if (/[^imsU]/.test(flags)) throw new UnsupportedError(`parse flags=${flags}`, node.position);
  return flags;
}

const toValue = (text: string, type: Type): Value =>
  type === 'dynamic' ? asDynamic(text) : convert(text, type, 'string');

/** Columns of the input with these set in place, or after them. */
function withParsed(relation: Relation, parsed: readonly Column[]): Relation {
  const byName = new Map(parsed.map((column) => [column.name, column]));
  const own = new Set(relation.columns.map(({ name }) => name));
  return withColumns(relation, [
    ...relation.columns.map((column) => byName.get(column.name) ?? column),
    ...[...byName.values()].filter(({ name }) => !own.has(name)),
  ]);
}

/** The parsed columns, and whether a row was matched. */
function parsed(
  node: Syntax,
  scope: Scope,
): { readonly columns: readonly Column[]; readonly isMatch: (row: number) => boolean } {
  const mode = toMode(node);
  const parts = toParts(node.list('Patterns'));
  const outputs = parts.flatMap((part) => (part.kind === 'column' ? [part] : []));
  const match = matcher(parts, mode, toFlags(node));
  const { at, type } = scope.scalar(node.child('Expression'));
  const known: (readonly Value[] | null | undefined)[] = [];
  const valuesAt = (row: number): readonly Value[] | null => {
    const before = known[row];
    if (before !== undefined) return before;
    scope.run.budget.visit();
    const texts = match(asString(at(row), type));
    const values = texts?.map((text, index) => toValue(text, outputs[index]?.type ?? 'string')) ?? null;
    // One value that does not fit its type, and nothing was matched; `relaxed` leaves that value null.
    const fits = values !== null && (mode === 'relaxed' || !values.includes(null));
    known[row] = fits ? values : null;
    return fits ? values : null;
  };
  const columns = outputs.map(({ name, type: output }, index): Column => {
    const none = defaultOf(output);
    const cell: Cell = (row) => valuesAt(row)?.[index] ?? none;
    return { name, type: output, at: cell };
  });
  return { columns, isMatch: (row) => valuesAt(row) !== null };
}

/** Rows that do not match keep defaults in the new columns. */
export const parse: Operator = (node, scope) => withParsed(scope.relation, parsed(node, scope).columns);

/** Rows that do not match are dropped. */
export const parseWhere: Operator = (node, scope) => {
  const { columns, isMatch } = parsed(node, scope);
  const rows: number[] = [];
  for (let row = 0; row < scope.relation.length; row += 1) if (isMatch(row)) rows.push(row);
  return gather(withParsed(scope.relation, columns), rows);
};

export const parseOperators: Readonly<Record<string, Operator>> = {
  ParseOperator: parse,
  ParseWhereOperator: parseWhere,
};
