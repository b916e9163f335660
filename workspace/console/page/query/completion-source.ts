/** What the binder offers at a place, for the editor's list. */
import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { Completion } from '../../api.ts';
import { complete } from '../api-client.ts';

// The names of the editor's icons.
const icons: Readonly<Record<Completion['kind'], string>> = {
  column: 'property',
  table: 'class',
  function: 'function',
  operator: 'keyword',
  keyword: 'keyword',
  variable: 'variable',
  other: 'text',
};

/** Asks while a word is typed, after a pipe, or on demand (Ctrl-Space). */
export async function completionSource(context: CompletionContext): Promise<CompletionResult | null> {
  const { state, pos, explicit } = context;
  if (!explicit && context.matchBefore(/\w+$|\|\s*$/) === null) return null;
  const leaving = new AbortController();
  context.addEventListener('abort', () => leaving.abort());
  try {
    const { start, items } = await complete({ query: state.doc.toString(), position: pos }, leaving.signal);
    if (items.length === 0) return null;
    return {
      from: start,
      validFor: /^\w*$/,
      options: items.map(({ label, text, kind, detail }) => ({ label, apply: text, type: icons[kind], detail })),
    };
  } catch {
    // No list is no error: the reader goes on typing.
    return null;
  }
}
