/** How far the collector is, in a line. */
import type { Status } from '../../workspace/console/api.ts';
import { sumOf } from '../../workspace/console/service/metrics-text.ts';

/** The sources of the simulated tenant. */
export const simulatedSources: readonly string[] = ['activity-feed', 'usage-report'];

/** Records of the feed that are stored, as its metrics say. */
export const acceptedIn = ({ metrics }: Pick<Status['collector'], 'metrics'>): number =>
  sumOf(metrics, 'copilot_records_total', 'source="activity-feed"', 'outcome="accepted"');
