/** Alerts as `npm run rules` prints them. */
import type { Rule } from '../../kql/content/read-rules.ts';
import type { Alert, CustomDetails, Incident } from './alert.ts';

/** An alert as JSON; `incident` is the number of its incident. */
export interface AlertJson {
  readonly rule: string;
  readonly id: string;
  /** The id in the catalogue of detections (`catalogue:A1` of the tags); null where the rule has none. */
  readonly catalogue: string | null;
  readonly name: string;
  /** The scheduled time of the run, ISO 8601 UTC. */
  readonly time: string;
  readonly severity: string;
  readonly entities: readonly Readonly<Record<string, string>>[];
  readonly customDetails: Readonly<Record<string, readonly string[]>>;
  readonly recordIds: readonly string[];
  readonly incident: number;
}

/** The id in the catalogue that a rule's tags name; null where they name none. */
export const catalogueOf = ({ tags }: Pick<Rule, 'tags'>): string | null =>
  tags.find((tag) => tag.startsWith('catalogue:'))?.slice('catalogue:'.length) ?? null;

/** The records that an alert names. */
export const recordIdsOf = (details: CustomDetails): readonly string[] =>
  details['RecordIds'] ?? details['RecordId'] ?? [];

/** An alert with what its rule says of it. */
export function toAlertJson(alert: Alert, incident: Pick<Incident, 'number'>, rule: Pick<Rule, 'tags'>): AlertJson {
  const { customDetails } = alert;
  return {
    rule: alert.rule,
    id: alert.id,
    catalogue: catalogueOf(rule),
    name: alert.name,
    time: alert.time.toISOString(),
    severity: alert.severity,
    entities: alert.entities.map(({ type, identifiers }) => ({ type, ...identifiers })),
    customDetails,
    recordIds: recordIdsOf(customDetails),
    incident: incident.number,
  };
}
