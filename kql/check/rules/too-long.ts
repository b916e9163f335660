import type { FunctionDefinition } from '../../engine/language/schema.ts';
import type { LintRule } from '../lint-rule.ts';

// Microsoft Sentinel: a scheduled rule's query has 1 to 10,000 characters. A hunting query may become a rule.
const MAX_CHARACTERS = 10_000;
const WORD = /[A-Za-z_]\w*/g;

type Functions = ReadonlyMap<string, FunctionDefinition>;

/** Adds the functions that a text calls, and those that they call, each once. */
function addCalled(text: string, functions: Functions, found: Set<FunctionDefinition>): void {
  for (const [word] of text.matchAll(WORD)) {
    const definition = functions.get(word);
    if (definition === undefined || found.has(definition)) continue;
    found.add(definition);
    addCalled(definition.body, functions, found);
  }
}

// Comments and indentation need not be put in with a function. A // inside quotes is part of a text.
const REMARK = /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|\/\/[^\n]*/g;
const compact = (text: string): string => text.replace(REMARK, '$1').replaceAll(/\s+/g, ' ');

/** A query that is longer than a rule may be once its functions are put in, comments and indentation left out. */
export const tooLong: LintRule = {
  code: 'KQL008',
  title: 'A query fits into a rule, its functions put in.',
  *remarks({ kind, analysis: { text, statements }, schemas: { functions } }) {
    if (kind !== 'rule' && kind !== 'hunting') return;
    const called = new Set<FunctionDefinition>();
    addCalled(text, functions, called);
    const inlined = [...called].reduce(
      (sum, { parameters, body }) => sum + compact(parameters).length + compact(body).length,
      0,
    );
    if (text.length + inlined <= MAX_CHARACTERS) return;
    const names = [...called].map(({ name }) => name).join(', ');
    const message =
      `${text.length} characters and ${inlined} of the functions it calls${names === '' ? '' : ` (${names})`} ` +
      `are more than ${MAX_CHARACTERS}: shorten it`;
    yield { offset: statements[0]?.span.start ?? 0, message };
  },
};
