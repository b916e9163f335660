import type { Schemas } from './schemas.ts';
import type { JsonPath } from './json-place.ts';
import type { Bind, WorkbookFile } from './workbook-file.ts';

/** Something about a workbook, at a value of its file. */
export interface WorkbookRemark {
  readonly at: JsonPath;
  /** The character of the text at that path; undefined for the value as a whole. */
  readonly offset?: number;
  readonly message: string;
}

/** What a rule looks at. */
export interface WorkbookSubject extends WorkbookFile {
  readonly schemas: Schemas;
  readonly bind: Bind;
}

/** One thing that a workbook must not do, or must. */
export interface WorkbookRule {
  /** `KQLnnn`. */
  readonly code: string;
  /** A sentence for the list of rules. */
  readonly title: string;
  readonly remarks: (subject: WorkbookSubject) => Iterable<WorkbookRemark>;
}
