/** Typing over a selection without the browser's help. */
import { EditorView } from '@codemirror/view';

// Of these the editor makes pairs around the selection.
const pairs = `()[]{}"'`;

/**
 * Chromium gives what is typed over coloured words the colour of these words, as a style attribute, which the page's
 * content security policy refuses with an error in the console.
 */
export const replaceSelection = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    const { inputType, data, isComposing } = event;
    if (inputType !== 'insertText' || data === null || isComposing || view.composing) return false;
    if (view.state.selection.main.empty || pairs.includes(data)) return false;
    event.preventDefault();
    view.dispatch(view.state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true });
    return true;
  },
});
