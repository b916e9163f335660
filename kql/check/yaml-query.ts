import { isScalar, parseDocument, type Scalar } from 'yaml';
import type { ContentKind, ShippedQuery } from './shipped-query.ts';

/** The code for a content file whose query cannot be found. */
export const NO_QUERY = 'KQL016';

/** Where each line of a block scalar starts in the file, by the line's first character in the text. */
function blockLines(fileText: string, headerEnd: number, value: string): readonly { at: number; from: number }[] {
  const starts: { at: number; from: number }[] = [];
  let from = fileText.indexOf('\n', headerEnd) + 1;
  let at = 0;
  for (const line of value.split('\n')) {
    const end = fileText.indexOf('\n', from);
    const width = (end === -1 ? fileText.length : end) - from;
    const source = fileText.slice(from, from + width).replace(/\r$/, '');
    starts.push({ at, from: from + Math.max(0, source.length - line.length) });
    at += line.length + 1;
    from += width + 1;
  }
  return starts;
}

function toOffsets(fileText: string, scalar: Scalar, value: string): (offset: number) => number {
  const start = scalar.range?.[0] ?? 0;
  if (scalar.type === 'PLAIN' && !value.includes('\n')) return (offset) => start + offset;
  // Other styles fold lines or escape characters: the start of the value is close enough.
  if (scalar.type !== 'BLOCK_LITERAL') return () => start;
  const lines = blockLines(fileText, start, value);
  return (offset) => {
    const line = lines.findLast(({ at }) => at <= offset);
    return line === undefined ? start : line.from + (offset - line.at);
  };
}

/** The `query` of a hunting query or an analytics rule. A file without one yields a remark and no text. */
export function yamlQuery(path: string, fileText: string, kind: ContentKind): ShippedQuery {
  const document = parseDocument(fileText);
  const title = document.errors.length === 0 ? document.get('name') : undefined;
  const base = { path, kind, name: typeof title === 'string' ? title : path, fileText };
  const without = (message: string, offset: number): ShippedQuery => ({
    ...base,
    text: '',
    toFileOffset: (at) => at,
    remarks: [{ code: NO_QUERY, offset, message }],
  });
  const [error] = document.errors;
  if (error !== undefined) return without(`is no YAML: ${error.message.split('\n')[0]}`, error.pos[0]);
  const node = document.get('query', true);
  if (!isScalar(node) || typeof node.value !== 'string' || node.value.trim() === '')
    return without('has no query: write `query: |` and the text below it', 0);
  return { ...base, text: node.value, toFileOffset: toOffsets(fileText, node, node.value), remarks: [] };
}
