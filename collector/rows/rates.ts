/** Copilot Credits for what an agent does. */
export interface Rates {
  /** Stands in the row: CreditRateVersion. */
  readonly version: string;
  /** First day (ISO 8601, UTC) of the events that it prices. */
  readonly effectiveFrom: string;
  /** One answer that a model wrote. */
  readonly generativeAnswer: number;
  /** One answer that rests on data of the tenant, on top. */
  readonly tenantGrounding: number;
  /** One tool call, trigger or use of deep reasoning. */
  readonly agentAction: number;
}

/**
 * The published rates, oldest first: append, never change, because old rows name their version. Source: Microsoft
 * Learn, "Billing rates and management" of Copilot Studio. The table took effect when Copilot Credits replaced messages,
 * on 1 September 2025. Not visible in audit records, so not priced: classic answers (1), agent flow actions (13 per
 * 100), AI tools (1, 15 or 100 per 10 responses), content processing (8 per page), tokens of a reasoning model.
 */
const published: readonly Rates[] = [
  { version: '2025-09', effectiveFrom: '2025-09-01', generativeAnswer: 2, tenantGrounding: 10, agentAction: 5 },
];

/** The rates at the time of an event (ISO 8601 UTC); before the first table, the first: it is the nearest known. */
export function ratesAt(eventTime: string, tables: readonly Rates[] = published): Rates {
  const [first] = tables;
  const found = tables.findLast(({ effectiveFrom }) => effectiveFrom <= eventTime) ?? first;
  if (found === undefined) throw new Error('rates: the table of Copilot Credit rates is empty: add one');
  return found;
}
