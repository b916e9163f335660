import { withoutAllowed } from './allowances.ts';
import { binderRemarks } from './binder-remarks.ts';
import { type LintRule, subject } from './lint-rule.ts';
import { containsForTerm } from './rules/contains-for-term.ts';
import { forbiddenConstruct } from './rules/forbidden-construct.ts';
import { implicitJoinKind } from './rules/implicit-join-kind.ts';
import { invalidRegex } from './rules/invalid-regex.ts';
import { noTimeFilter } from './rules/no-time-filter.ts';
import { absentProperty, singleItem, unknownProperty } from './rules/payload-property.ts';
import { rawTable } from './rules/raw-table.ts';
import { searchEverything } from './rules/search-everything.ts';
import { tooLong } from './rules/too-long.ts';
import { unboundedCall } from './rules/unbounded-call.ts';
import { unionWildcard } from './rules/union-wildcard.ts';
import { unknownEnumValue } from './rules/unknown-enum-value.ts';
import { unserializedRowFunction } from './rules/unserialized-row-function.ts';
import type { Schemas } from './schemas.ts';
import type { ContentKind, Remark } from './shipped-query.ts';

/** Every rule, by code. KQL014 to KQL016 and KQL019 to KQL022 are about files and comments: `workbook-queries`,
 *  `allowances`, `yaml-query`, `rule-problems`; KQL023 and above are about workbooks: `workbook-findings`. */
export const lintRules: readonly LintRule[] = [
  invalidRegex,
  unserializedRowFunction,
  implicitJoinKind,
  containsForTerm,
  noTimeFilter,
  searchEverything,
  unionWildcard,
  tooLong,
  absentProperty,
  unknownProperty,
  forbiddenConstruct,
  unknownEnumValue,
  rawTable,
  unboundedCall,
  singleItem,
];

// The file of a function is one `let`: the binder wants something after it.
const REST_OF_FUNCTION = '\nprint 1';

/**
 * Binds a query and runs every rule over it; `before` are remarks made while it was read. Remarks that a comment above
 * their line allows are left out; the rest comes in order of the text.
 */
export function lint(
  text: string,
  kind: ContentKind,
  schemas: Schemas,
  before: readonly Remark[] = [],
): readonly Remark[] {
  const analysis = schemas.language.analyze(kind === 'function' ? `${text}${REST_OF_FUNCTION}` : text);
  const bound = subject(kind, analysis, schemas);
  const found = [
    ...before,
    // A placeholder that stands for nothing does not bind either: once is enough.
    ...binderRemarks(bound).filter(({ offset }) => before.every((remark) => remark.offset !== offset)),
    ...lintRules.flatMap(({ code, remarks }) => [...remarks(bound)].map((remark) => ({ code, ...remark }))),
  ];
  return [...withoutAllowed(text, found)].sort((a, b) => a.offset - b.offset || a.code.localeCompare(b.code));
}
