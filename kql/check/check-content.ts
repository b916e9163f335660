import { readContent } from './content.ts';
import type { Finding } from './finding.ts';
import { lint } from './lint.ts';
import { schemas } from './schemas.ts';
import { toFinding } from './shipped-query.ts';

/** What a check of the whole tree came to. */
export interface Outcome {
  readonly queryCount: number;
  readonly findings: readonly Finding[];
}

/** Binds and lints every query below the project's root. */
export function checkContent(root: string): Outcome {
  const { functions, queries } = readContent(root);
  const known = schemas(functions);
  const findings = queries.flatMap((query) => {
    const remarks = query.text === '' ? query.remarks : lint(query.text, query.kind, known, query.remarks);
    return remarks.map((remark) => toFinding(query, remark));
  });
  return { queryCount: queries.length, findings };
}
