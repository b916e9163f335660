import type { Diagnostic } from './language/language.ts';

/** A refusal of the binder that Microsoft's engine does not share: measured on the engine's own answers. */
interface Override {
  readonly code: string;
  /** What the flagged text looks like. */
  readonly flagged: RegExp;
  /** What stands directly before it. */
  readonly before?: RegExp;
  /** What stands directly after it. */
  readonly after?: RegExp;
  /** What the binder says, where the code alone is too wide. */
  readonly message?: RegExp;
  readonly reason: string;
}

// Enough for the call that an argument stands in.
const CONTEXT_LENGTH = 400;

const overrides: readonly Override[] = [
  {
    code: 'KS107',
    message: /type bool expected/,
    flagged: /^\w+$/,
    before: /\bcount\s*\(\s*$/,
    after: /^\s*\)/,
    reason: 'count(column) counts all rows, nulls too; the binder wants a predicate',
  },
  {
    code: 'KS107',
    message: /type bool expected/,
    flagged: /^(?:@?"[^"]*"|@?'[^']*')$/,
    before: /\b(?:search|and|or)\b[^|;]*\bnot\s*\(\s*$|\bsearch\s+not\s*\(\s*$/,
    after: /^\s*\)/,
    reason: 'search takes a term inside not(), as it does outside',
  },
  {
    code: 'KS106',
    message: /^The operator '(?:and|or)' is not defined for the operand types/,
    flagged: /^(?:and|or)$/,
    before: /\bsearch\b[^|;]*\s$/,
    after: /^\s+[\d.]+/,
    reason: 'search takes numbers as terms: search "needle" or 42',
  },
  {
    code: 'KS107',
    message: /type string expected/,
    flagged: /^dynamic\s*\(\s*\[/,
    before: /\bbag_unpack\s*\([^()]*\bignoredProperties\s*=\s*$/,
    reason: 'bag_unpack takes a dynamic array of ignored properties, as documented',
  },
  {
    code: 'KS134',
    message: /must be an integer/,
    flagged: /^\d*\.\d+$/,
    before: /\bmake_timespan\s*\([^()]*,\s*$/,
    after: /^\s*\)/,
    reason: 'the seconds of make_timespan may have a fraction, as documented',
  },
  {
    code: 'KS124',
    flagged: /^schema_merge$/,
    before: /\bevaluate\s+$/,
    reason: 'the plugin schema_merge exists; the binder does not know it',
  },
  {
    code: 'KS107',
    message: /type int expected/,
    flagged: /^\d+$/,
    before: /\bseries_fit_poly\s*\([^()]*,\s*$/,
    reason: 'the degree of series_fit_poly may be a long literal, as every integer literal is',
  },
  {
    code: 'KS142',
    message: /does not refer to any known table/,
    flagged: /^\w*\*$/,
    before: /\bunion\b[^|;]*\bisfuzzy\s*=\s*true\b[^|;]*$/,
    reason: 'a wildcard that matches no table is left out of a fuzzy union',
  },
  {
    code: 'KS234',
    message: /must be a dynamic array/,
    flagged: /./,
    before: /\barray_length\s*\(\s*$/,
    reason: 'array_length of a value that is no array is null, not an error',
  },
];

/** Whether Microsoft's engine accepts what its binder flags here: a short list by name, each entry measured. */
export function isAccepted(diagnostic: Diagnostic, text: string): boolean {
  const { code, message, start, length } = diagnostic;
  const end = start + length;
  const flagged = text.slice(start, end);
  const before = text.slice(Math.max(0, start - CONTEXT_LENGTH), start);
  const after = text.slice(end, end + CONTEXT_LENGTH);
  return overrides.some(
    (entry) =>
      entry.code === code &&
      (entry.message?.test(message) ?? true) &&
      entry.flagged.test(flagged) &&
      (entry.before?.test(before) ?? true) &&
      (entry.after?.test(after) ?? true),
  );
}
