/** What the binder says of the text, as marks in the editor. */
import type { Diagnostic } from '@codemirror/lint';
import type { EditorView } from '@codemirror/view';
import { diagnose } from '../api-client.ts';

/** Problems without a place are at the start. */
export async function lintSource({ state: { doc } }: EditorView): Promise<readonly Diagnostic[]> {
  const text = doc.toString();
  if (text.trim() === '') return [];
  try {
    const { problems } = await diagnose(text);
    return problems.map(({ code, message, start, length, severity }) => {
      const from = Math.min(start ?? 0, doc.length);
      return { from, to: Math.min(from + length, doc.length), severity, message, source: code };
    });
  } catch {
    // The reader hears of a server that is away when running the query, and in the bar at the top.
    return [];
  }
}
