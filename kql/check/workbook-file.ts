import type { Analysis } from '../engine/language/language.ts';
import { readWorkbook } from '../workbook/read-workbook.ts';
import { substitute, type Substituted } from '../workbook/substitute.ts';
import { type PlacedQuery, queriesOf } from '../workbook/walk.ts';
import type { Workbook } from '../workbook/workbook.ts';
import { type JsonPath, type PlacedJson, placedJson, valueAt } from './json-place.ts';
import { checkedNow, variantsOf } from './workbook-variants.ts';

/** A query as it is sent in one variant. */
export interface SentQuery extends Substituted {
  readonly variant: string;
}

/** A query of a workbook and what becomes of it. */
export interface WorkbookQuery extends PlacedQuery {
  /** Of its text in the file. */
  readonly path: JsonPath;
  /** The first is the default; those that differ from an earlier one in what texts say are left out. */
  readonly sent: readonly [SentQuery, ...SentQuery[]];
}

/** A workbook's file, read. */
export interface WorkbookFile {
  readonly path: string;
  readonly fileText: string;
  readonly json: PlacedJson;
  readonly workbook: Workbook;
  readonly queries: readonly WorkbookQuery[];
}

/** Why a file cannot be read, and where. */
export interface UnreadableWorkbook {
  readonly path: string;
  readonly fileText: string;
  readonly problem: { readonly offset: number; readonly message: string };
}

/** Where the text of a query stands. */
function queryPath({ item, parameter }: PlacedQuery, json: PlacedJson): JsonPath {
  if (parameter === undefined) return [...item.path, 'content', 'query'];
  const at = [...item.path, 'content', 'parameters'];
  const list = valueAt(json.value, at);
  const index = Array.isArray(list)
    ? list.findIndex(
        (each: unknown) => typeof each === 'object' && each !== null && 'name' in each && each.name === parameter.name,
      )
    : 0;
  return [...at, index, 'query'];
}

// A text in brackets names a column; what any other says makes no difference to the binder.
const literal = /(?<!\[\s*)(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")/g;
const shapeOf = (text: string): string => text.replaceAll(literal, "''");

function sentForms(query: string, workbook: Workbook): readonly [SentQuery, ...SentQuery[]] {
  const [first, ...rest] = variantsOf(workbook).map(({ name, values }) => ({
    variant: name,
    ...substitute(query, values, checkedNow),
  }));
  if (first === undefined) throw new Error('a workbook has at least its default values');
  const seen = new Set([shapeOf(first.text)]);
  return [
    first,
    ...rest.filter(({ text }) => {
      const isNew = !seen.has(shapeOf(text));
      seen.add(shapeOf(text));
      return isNew;
    }),
  ];
}

/** Reads a workbook's file with all that its queries can become. */
export function workbookFile(path: string, fileText: string): WorkbookFile | UnreadableWorkbook {
  const json = placedJson(fileText);
  if ('message' in json) return { path, fileText, problem: json };
  let workbook: Workbook;
  try {
    workbook = readWorkbook(path, json.value);
  } catch (error) {
    const message = (error instanceof Error ? error.message : String(error)).replace(`${path}: `, '');
    return { path, fileText, problem: { offset: 0, message } };
  }
  const queries = queriesOf(workbook).map((query) => ({
    ...query,
    path: queryPath(query, json),
    sent: sentForms(query.query, workbook),
  }));
  return { path, fileText, json, workbook, queries };
}

/** Binds a text once. */
export type Bind = (text: string) => Analysis;
