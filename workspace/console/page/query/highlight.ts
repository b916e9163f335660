/** Colours of KQL in the editor; style/query.css has them. */
import { type EditorState, type Extension, type Range, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view';
import { type TokenKind, tokensOf } from './tokens.ts';

const marks: Readonly<Record<TokenKind, Decoration>> = {
  comment: Decoration.mark({ class: 'kql-comment' }),
  string: Decoration.mark({ class: 'kql-string' }),
  number: Decoration.mark({ class: 'kql-number' }),
  keyword: Decoration.mark({ class: 'kql-keyword' }),
  function: Decoration.mark({ class: 'kql-function' }),
  operator: Decoration.mark({ class: 'kql-operator' }),
};

const decorate = (state: EditorState): DecorationSet =>
  Decoration.set(
    tokensOf(state.doc.toString()).map(({ start, end, kind }): Range<Decoration> => marks[kind].range(start, end)),
  );

/** Queries are short: the whole text is looked at after each change. */
export const highlight: Extension = StateField.define<DecorationSet>({
  create: decorate,
  update: (old, { docChanged, state }) => (docChanged ? decorate(state) : old),
  provide: (field) => EditorView.decorations.from(field),
});
