/** How far the collector is, in a line. */
import type { Status } from '../../workspace/console/api.ts';
import { sumOf } from '../../workspace/console/service/metrics-text.ts';

/** The sources of the simulated tenant. */
export const simulatedSources: readonly string[] = ['activity-feed', 'usage-report'];

/** Audit records that are stored, as its metrics say. */
export const acceptedIn = ({ metrics }: Pick<Status['collector'], 'metrics'>): number =>
  sumOf(metrics, 'copilot_records_total', 'outcome="accepted"') -
  sumOf(metrics, 'copilot_records_total', 'outcome="accepted"', 'source="usage-report"');
