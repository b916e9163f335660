import { EditorView } from '@codemirror/view';
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { editorSetup } from './editor-setup.ts';

/** What the page does with the editor. */
export interface EditorHandle {
  /** Replaces the whole text. */
  readonly replace: (text: string) => void;
  /** Puts a text where the cursor is. */
  readonly insert: (text: string) => void;
  /** Goes to a place and marks it. */
  readonly goTo: (start: number, length: number) => void;
}

interface EditorProps {
  readonly ref: Ref<EditorHandle>;
  readonly initial: string;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
}

/** A text field that knows KQL. */
export function Editor({ ref, initial, onChange, onRun }: EditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef({ onChange, onRun });
  latest.current = { onChange, onRun };
  const first = useRef(initial);

  useEffect(() => {
    if (place.current === null) return undefined;
    const made = new EditorView({
      doc: first.current,
      parent: place.current,
      extensions: editorSetup({
        onChange: (text) => latest.current.onChange(text),
        onRun: () => latest.current.onRun(),
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, []);

  useImperativeHandle(ref, () => ({
    replace: (text) => {
      const made = view.current;
      made?.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: text }, selection: { anchor: 0 } });
    },
    insert: (text) => {
      const made = view.current;
      if (made === undefined) return;
      made.dispatch(made.state.replaceSelection(text), { scrollIntoView: true });
      made.focus();
    },
    goTo: (start, length) => {
      const made = view.current;
      if (made === undefined) return;
      const end = made.state.doc.length;
      const anchor = Math.min(start, end);
      made.dispatch({ selection: { anchor, head: Math.min(anchor + length, end) }, scrollIntoView: true });
      made.focus();
    },
  }));

  return <div className="editor" ref={place} />;
}
