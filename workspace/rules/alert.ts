/** What a rule raises. */

/** An entity: its type and the identifiers that have a value, as text. */
export interface Entity {
  readonly type: string;
  readonly identifiers: Readonly<Record<string, string>>;
}

/** Values of custom details by key, as text, at most 50 each. */
export type CustomDetails = Readonly<Record<string, readonly string[]>>;

/** An alert as Sentinel would store it. */
export interface Alert {
  /** File name of the rule. */
  readonly rule: string;
  /** GUID of the rule. */
  readonly id: string;
  /** The scheduled time of the run. */
  readonly time: Date;
  readonly name: string;
  readonly description: string;
  readonly severity: string;
  readonly tactics: readonly string[];
  readonly entities: readonly Entity[];
  readonly customDetails: CustomDetails;
  /** Rows of the query that it stands for. */
  readonly rowCount: number;
}

/** Alerts of one rule that belong together. */
export interface Incident {
  /** From 1, in order of creation. */
  readonly number: number;
  readonly rule: string;
  readonly title: string;
  readonly severity: string;
  readonly createdTime: Date;
  readonly alerts: readonly Alert[];
  readonly isClosed: boolean;
}
