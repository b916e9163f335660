import { positionOf } from '../engine/errors.ts';
import type { Finding } from './finding.ts';

/** What ships a query decides which rules hold for it. */
export type ContentKind = 'function' | 'hunting' | 'rule' | 'workbook';

/** Something about a query, at a character of its text. */
export interface Remark {
  readonly code: string;
  /** Characters from the start of the query's text. */
  readonly offset: number;
  readonly message: string;
}

/** A query of the tree and how its text lies in its file. */
export interface ShippedQuery {
  readonly path: string;
  readonly kind: ContentKind;
  /** The title that people see; of a function, its name. */
  readonly name: string;
  /** The text to bind: placeholders are replaced by defaults. */
  readonly text: string;
  readonly fileText: string;
  /** The character of the file that a character of the text comes from. */
  readonly toFileOffset: (offset: number) => number;
  /** What was wrong with it before it could be bound. */
  readonly remarks: readonly Remark[];
}

/** A remark as a finding at its place in the file. */
export function toFinding(query: ShippedQuery, { code, offset, message }: Remark): Finding {
  const { line, column } = positionOf(query.fileText, query.toFileOffset(offset));
  return { path: query.path, line, column, code, message };
}
