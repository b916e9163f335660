/** The collector's metrics in plain words; docs/operations.md says what to do about each. */
import { formatNumber, formatSeconds } from '../shell/format.ts';

/** A metric as the page shows it. */
export interface MetricLine {
  readonly name: string;
  /** Its labels: `activity-feed, accepted`. */
  readonly of: string;
  readonly value: string;
}

const names: Readonly<Record<string, string>> = {
  copilot_records_total: 'Records',
  copilot_blobs_total: 'Content blobs',
  copilot_ingestion_requests_total: 'Requests to the Logs Ingestion API',
  copilot_ingestion_rows_total: 'Rows accepted by the Logs Ingestion API',
  copilot_enrichment_lookups_total: 'Look-ups in Microsoft Graph',
  copilot_leader: 'Collecting (1) or standing by (0)',
  copilot_lag_seconds: 'Age of the point up to which all is read',
  copilot_oldest_unfetched_expiry_seconds: 'Time until unread content expires',
};

/** `source="activity-feed",outcome="accepted"`, with braces or without, as `activity-feed, accepted`. */
export const labelText = (labels: string): string =>
  [...labels.matchAll(/="((?:[^"\\]|\\.)*)"/g)].map(([, value = '']) => value.replaceAll(/\\(.)/g, '$1')).join(', ');

/** A value that JSON cannot hold (`+Inf`) comes as null. */
function valueText(name: string, value: number | null): string {
  if (value === null || !Number.isFinite(value)) return name.endsWith('expiry_seconds') ? 'nothing is unread' : 'none';
  return name.endsWith('_seconds') ? formatSeconds(value) : formatNumber(value);
}

/** Metrics in the order of their names; one without a name here keeps its own. */
export function metricLines(
  metrics: readonly { readonly name: string; readonly labels: string; readonly value: number | null }[],
): readonly MetricLine[] {
  const order = Object.keys(names);
  const rank = (name: string): number => {
    const at = order.indexOf(name);
    return at === -1 ? order.length : at;
  };
  return metrics
    .toSorted((a, b) => rank(a.name) - rank(b.name))
    .map(({ name, labels, value }) => ({
      name: names[name] ?? name,
      of: labelText(labels),
      value: valueText(name, value),
    }));
}
