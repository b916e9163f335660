/** The editor's parts: colours, completion, marks, keys. */
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { lintGutter, linter, lintKeymap } from '@codemirror/lint';
import { type Extension, Prec } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { completionSource } from './completion-source.ts';
import { highlight } from './highlight.ts';
import { lintSource } from './lint-source.ts';
import { replaceSelection } from './replace-selection.ts';

// Binding a query takes some milliseconds; asking at each key would be for nothing.
const LINT_DELAY_MS = 500;

const nonce = (): string => document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? '';

export interface EditorSetup {
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
}

/** Tab leaves the editor, as it leaves any other field. */
export const editorSetup = ({ onChange, onRun }: EditorSetup): Extension => [
  EditorView.cspNonce.of(nonce()),
  EditorView.contentAttributes.of({ 'aria-label': 'Query in KQL', spellcheck: 'false' }),
  EditorView.lineWrapping,
  lineNumbers(),
  history(),
  drawSelection(),
  highlightActiveLine(),
  bracketMatching(),
  closeBrackets(),
  highlight,
  replaceSelection,
  placeholder('A query in KQL, for example: CopilotEvents(ago(1d)) | take 10'),
  autocompletion({ override: [completionSource], maxRenderedOptions: 60 }),
  linter(lintSource, { delay: LINT_DELAY_MS }),
  lintGutter(),
  Prec.highest(
    keymap.of([
      {
        key: 'Mod-Enter',
        run: () => {
          onRun();
          return true;
        },
      },
    ]),
  ),
  keymap.of([...closeBracketsKeymap, ...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
  EditorView.updateListener.of(({ docChanged, state }) => {
    if (docChanged) onChange(state.doc.toString());
  }),
];
