/** Where a character of a text is, as people count: from 1. */
export function placeOf(text: string, start: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, start);
  const line = before.split('\n').length;
  return { line, column: before.length - before.lastIndexOf('\n') };
}
