import { isMap, isScalar, isSeq, parseDocument, type Scalar, type YAMLMap } from 'yaml';
import { substitute, type WorkbookParameter } from './placeholders.ts';
import type { ShippedQuery } from './shipped-query.ts';
import { NO_QUERY } from './yaml-query.ts';

/** The code for a placeholder that no parameter of the workbook stands for. */
export const UNDECLARED_PARAMETER = 'KQL014';

const LOGS = 0;
const escape = /\\(?:u[0-9a-fA-F]{4}|.)|[^]/g;

/** The character of the file behind each character of a JSON string that starts (with its quote) at `start`. */
function jsonOffsets(fileText: string, scalar: Scalar): (offset: number) => number {
  const [start, end] = scalar.range ?? [0, 0];
  const offsets: number[] = [];
  let at = start + 1;
  for (const [token] of fileText.slice(at, end - 1).matchAll(escape)) {
    offsets.push(at);
    at += token.length;
  }
  return (offset) => offsets[offset] ?? Math.max(start, at - 1);
}

function* mapsOf(node: unknown): Generator<YAMLMap> {
  if (isMap(node)) {
    yield node;
    for (const { value } of node.items) yield* mapsOf(value);
  } else if (isSeq(node)) for (const item of node.items) yield* mapsOf(item);
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function toParameter(map: YAMLMap): WorkbookParameter | undefined {
  const [name, type] = [map.get('name'), map.get('type')];
  if (typeof name !== 'string' || typeof type !== 'number' || map.get('version') === undefined) return undefined;
  const value = map.get('value');
  const quote = textOf(map.get('quote'));
  return {
    name,
    type,
    value: isSeq(value) ? value.toJSON() : value,
    multiSelect: map.get('multiSelect') === true,
    ...(quote === undefined ? {} : { quote }),
  };
}

/** Every Logs query of a workbook, in groups and parameters too, with placeholders replaced. */
export function workbookQueries(path: string, fileText: string): readonly ShippedQuery[] {
  // JSON is YAML, and this parser tells where each value stands.
  const document = parseDocument(fileText, { uniqueKeys: false });
  const base = { path, kind: 'workbook', fileText } as const;
  const [error] = document.errors;
  if (error !== undefined) {
    const remark = { code: NO_QUERY, offset: error.pos[0], message: `is no JSON: ${error.message.split('\n')[0]}` };
    return [{ ...base, name: path, text: '', toFileOffset: (at) => at, remarks: [remark] }];
  }
  const maps = [...mapsOf(document.contents)];
  const parameters = maps.flatMap((map) => toParameter(map) ?? []);
  return maps.flatMap((map) => {
    const node = map.get('query', true);
    const isLogs = (map.get('queryType') ?? LOGS) === LOGS;
    if (!isScalar(node) || typeof node.value !== 'string' || node.value.trim() === '' || !isLogs) return [];
    const { text, toOriginal, undeclared } = substitute(node.value, parameters);
    const inFile = jsonOffsets(fileText, node);
    return [
      {
        ...base,
        name: textOf(map.get('title')) ?? textOf(map.get('name')) ?? path,
        text,
        toFileOffset: (offset: number) => inFile(toOriginal(offset)),
        remarks: undeclared.map(({ name, offset }) => ({
          code: UNDECLARED_PARAMETER,
          offset,
          message: `{${name}} stands for no parameter of the workbook: declare it in a parameters item, or write its value`,
        })),
      },
    ];
  });
}
