/** What the console's page asks its server, and what it gets: JSON over HTTP on loopback. */

/** Where the rows come from. */
export type Mode = 'simulated' | 'tenant' | 'import';

/** A step of the start, in order. */
export interface Step {
  readonly name: 'collect' | 'rules';
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** One line: `12,400 of 15,500 records`, `32 of 49 rules`, or why it failed. */
  readonly detail: string;
}

/** A line of the collector's log, newest last. */
export interface LogLine {
  readonly time: string;
  readonly level: string;
  readonly message: string;
}

/** Rows of a table on disk. */
export interface TableStatus {
  readonly name: string;
  readonly bytes: number;
}

/** `GET /api/status`. Asked every two seconds. */
export interface Status {
  readonly mode: Mode;
  /** What is shown: `Simulated tenant, 200 people, 7 days`. */
  readonly title: string;
  readonly steps: readonly Step[];
  readonly collector: {
    readonly state: 'starting' | 'running' | 'ended' | 'failed';
    readonly exitCode: number | null;
    readonly log: readonly LogLine[];
    /** Counters and gauges of /metrics by name and labels; empty before the first answer. */
    readonly metrics: readonly { readonly name: string; readonly labels: string; readonly value: number }[];
  };
  readonly tables: readonly TableStatus[];
  /** Changes when rows have come in: answers of an older version may be out of date. */
  readonly version: number;
  readonly rules: {
    readonly evaluatedUpTo: string | null;
    readonly done: number;
    readonly total: number;
    readonly failures: readonly { readonly rule: string; readonly reason: string }[];
    readonly incidents: Readonly<Record<Severity, number>>;
    /** What a reader must know of how the rules ran; null where they ran as in Sentinel. */
    readonly remark: string | null;
  };
  /** The span that workbooks open with; null: their own default. For imports, the span of the export. */
  readonly span: { readonly from: string; readonly to: string } | null;
}

export const severities = ['High', 'Medium', 'Low', 'Informational'] as const;
export type Severity = (typeof severities)[number];

export interface EntityView {
  readonly type: string;
  readonly identifiers: Readonly<Record<string, string>>;
}

/** One of `GET /api/incidents`, newest first. */
export interface IncidentSummary {
  /** `<rule>.<n>`: the nth of its rule. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly rule: string;
  readonly tactics: readonly string[];
  readonly createdTime: string;
  readonly lastAlertTime: string;
  readonly alertCount: number;
  readonly entities: readonly EntityView[];
}

export interface AlertView {
  readonly time: string;
  readonly name: string;
  readonly description: string;
  readonly severity: Severity;
  readonly entities: readonly EntityView[];
  readonly customDetails: Readonly<Record<string, readonly string[]>>;
  readonly recordIds: readonly string[];
  readonly rowCount: number;
}

/** `GET /api/incidents/:id`. */
export interface IncidentView extends IncidentSummary {
  readonly alerts: readonly AlertView[];
  /** The rule: its description is the triage text (Markdown), its query opens in the editor. */
  readonly description: string;
  readonly query: string;
  readonly catalogue: string | null;
  readonly techniques: readonly string[];
}

/** `GET /api/workbooks`. */
export interface WorkbookSummary {
  readonly file: string;
  readonly title: string;
  /** Why it cannot be shown; null where it can. */
  readonly problem: string | null;
}
// `GET /api/workbooks/:file` answers the file's JSON as it is.

/** `POST /api/query`. */
export interface QueryRequest {
  readonly query: string;
}

export interface ColumnView {
  readonly name: string;
  readonly type: string;
}

/** A cell: dynamic values as they are; long beyond 2^53 and decimal as text; datetime as ISO 8601; timespan as text. */
export type Cell = string | number | boolean | null | readonly unknown[] | Readonly<Record<string, unknown>>;

/** Where and why a query is wrong. */
export interface QueryProblem {
  /** `KS142`, `unsupported`, `budget`, `runtime`, ... */
  readonly code: string;
  readonly message: string;
  /** Characters of the query from 0; null where it is no place. */
  readonly start: number | null;
  readonly length: number;
}

export type QueryAnswer =
  | {
      readonly ok: true;
      readonly columns: readonly ColumnView[];
      /** At most 10,000, as Azure gives a workbook. */
      readonly rows: readonly (readonly Cell[])[];
      readonly rowCount: number;
      readonly milliseconds: number;
    }
  | { readonly ok: false; readonly problem: QueryProblem };

// `POST /api/query.csv` with a QueryRequest answers text/csv; formulas are inert.

/** `POST /api/complete`: what may stand at a place. */
export interface CompletionRequest {
  readonly query: string;
  readonly position: number;
}

export interface Completion {
  readonly label: string;
  /** Replaces the characters from `CompletionAnswer.start` up to the position. */
  readonly text: string;
  readonly kind: 'column' | 'table' | 'function' | 'operator' | 'keyword' | 'variable' | 'other';
  readonly detail: string;
}

export interface CompletionAnswer {
  readonly start: number;
  readonly items: readonly Completion[];
}

/** `POST /api/diagnose` with a QueryRequest: all that the binder says. */
export interface DiagnosisAnswer {
  readonly problems: readonly (QueryProblem & { readonly severity: 'error' | 'warning' | 'info' })[];
}

/** A table, or a function with its parameters, that a query may name. */
export interface SchemaEntry {
  readonly name: string;
  /** First sentences of its documentation; empty where there is none. */
  readonly summary: string;
  /** `(startTime:datetime=datetime(null))`; null for a table. */
  readonly signature: string | null;
  readonly columns: readonly ColumnView[];
}

/** `GET /api/schema`: the product's functions and tables, and those of Microsoft that the directory holds. */
export interface SchemaAnswer {
  readonly functions: readonly SchemaEntry[];
  readonly tables: readonly SchemaEntry[];
}
