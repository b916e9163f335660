import { normalText } from '../content/content-file.ts';
import type { Analysis } from '../engine/language/language.ts';
import { readContent } from './content.ts';
import type { Finding } from './finding.ts';
import { lint } from './lint.ts';
import { querySize, type QuerySize } from './query-size.ts';
import { huntProblems, ruleProblems } from './rule-problems.ts';
import { type Schemas, schemas } from './schemas.ts';
import { type ContentKind, type ShippedQuery, toFinding } from './shipped-query.ts';
import { workbookFindings } from './workbook-findings.ts';

/** How long a shipped query is. */
export interface NamedSize extends QuerySize {
  readonly path: string;
  readonly name: string;
}

/** What a check of the whole tree came to. */
export interface Outcome {
  readonly queryCount: number;
  readonly findings: readonly Finding[];
  /** In the order of the tree; a file whose query cannot be found has none. */
  readonly sizes: readonly NamedSize[];
}

/** What is wrong with the file around a query. */
function fileFindings({ path, kind, name, fileText }: ShippedQuery, { language }: Schemas): readonly Finding[] {
  const file = { path, name, text: normalText(fileText) };
  if (kind === 'rule') return ruleProblems(file, language.analyze);
  return kind === 'hunting' ? huntProblems(file) : [];
}

/** Binds a text once: the queries of workbooks are looked at by many rules. */
function binding(known: Schemas): Schemas {
  const bound = new Map<string, Analysis>();
  const analyze = (text: string): Analysis => {
    const analysis = bound.get(text) ?? known.language.analyze(text);
    bound.set(text, analysis);
    return analysis;
  };
  return { ...known, language: { ...known.language, analyze } };
}

/** Binds and lints every query below the project's root. */
export function checkContent(root: string): Outcome {
  const { functions, queries, workbooks } = readContent(root);
  const known = schemas(functions);
  const inWorkbooks = binding(known);
  const sizeOf = (text: string, kind: ContentKind, name: string): QuerySize => {
    // The file of a function names it, which is no call.
    const others = new Map([...known.functions].filter(([other]) => kind !== 'function' || other !== name));
    return querySize(text, others);
  };
  const findings = queries.flatMap((query) => {
    if (query.text === '') return query.remarks.map((remark) => toFinding(query, remark));
    const remarks = lint(query.text, query.kind, query.kind === 'workbook' ? inWorkbooks : known, query.remarks);
    return [...remarks.map((remark) => toFinding(query, remark)), ...fileFindings(query, known)];
  });
  const around = workbooks.flatMap((file) => ('problem' in file ? [] : workbookFindings(file, inWorkbooks)));
  const sizes = queries
    .filter(({ text }) => text !== '')
    .map(({ path, name, text, kind }) => ({ path, name, ...sizeOf(text, kind, name) }));
  return { queryCount: queries.length, findings: [...findings, ...around], sizes };
}
