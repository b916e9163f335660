import type { FunctionDefinition } from '../engine/language/schema.ts';

/** Characters of a query. */
export interface QuerySize {
  /** Its text, as Microsoft Sentinel counts it. */
  readonly own: number;
  /** The functions that it calls and those that they call, each once, without comments and indentation. */
  readonly functions: number;
  readonly called: readonly string[];
}

const WORD = /[A-Za-z_]\w*/g;

type Functions = ReadonlyMap<string, FunctionDefinition>;

function addCalled(text: string, functions: Functions, found: Set<FunctionDefinition>): void {
  for (const [word] of text.matchAll(WORD)) {
    const definition = functions.get(word);
    if (definition === undefined || found.has(definition)) continue;
    found.add(definition);
    addCalled(definition.body, functions, found);
  }
}

// A // inside quotes is part of a text.
const REMARK = /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|\/\/[^\n]*/g;
const compact = (text: string): string => text.replace(REMARK, '$1').replaceAll(/\s+/g, ' ');

/** How long a query is, and how long it would be with its functions put in. */
export function querySize(text: string, functions: Functions): QuerySize {
  const called = new Set<FunctionDefinition>();
  addCalled(text, functions, called);
  const inlined = [...called].map(({ parameters, body }) => compact(parameters).length + compact(body).length);
  return {
    own: text.length,
    functions: inlined.reduce((sum, length) => sum + length, 0),
    called: [...called].map(({ name }) => name),
  };
}
