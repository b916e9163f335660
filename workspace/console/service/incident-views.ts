/** Incidents as the console shows them. */
import type { Rule } from '../../../kql/content/read-rules.ts';
import type { Alert, Entity, Incident } from '../../rules/alert.ts';
import { catalogueOf, recordIdsOf } from '../../rules/alert-json.ts';
import { type AlertView, type EntityView, type IncidentView, severities, type Severity } from '../api.ts';

const severityOf = (text: string): Severity => severities.find((one) => one === text) ?? 'Informational';

const toAlertView = (alert: Alert): AlertView => ({
  time: alert.time.toISOString(),
  name: alert.name,
  description: alert.description,
  severity: severityOf(alert.severity),
  entities: alert.entities,
  customDetails: alert.customDetails,
  recordIds: recordIdsOf(alert.customDetails),
  rowCount: alert.rowCount,
});

function distinct(entities: readonly Entity[]): readonly EntityView[] {
  const keyOf = ({ type, identifiers }: Entity): string => JSON.stringify([type, identifiers]).toLowerCase();
  return [...new Map(entities.map((entity) => [keyOf(entity), entity])).values()];
}

/** An incident with what its rule says. @param nth its number among those of its rule, from 1 */
export function toIncidentView({ alerts, ...incident }: Incident, rule: Rule, nth: number): IncidentView {
  const times = alerts.map(({ time }) => time.getTime());
  return {
    id: `${incident.rule}.${nth}`,
    title: incident.title,
    severity: severityOf(incident.severity),
    rule: incident.rule,
    tactics: [...new Set(alerts.flatMap(({ tactics }) => tactics))],
    createdTime: incident.createdTime.toISOString(),
    lastAlertTime: new Date(Math.max(...times)).toISOString(),
    alertCount: alerts.length,
    entities: distinct(alerts.flatMap(({ entities }) => entities)),
    alerts: alerts.map(toAlertView),
    description: rule.description,
    query: rule.query,
    catalogue: catalogueOf(rule),
    techniques: rule.relevantTechniques,
  };
}

/** The newest first; of one time the severest. */
export const byNews = (a: IncidentView, b: IncidentView): number =>
  Date.parse(b.lastAlertTime) - Date.parse(a.lastAlertTime) ||
  severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
  (a.id < b.id ? -1 : 1);

/** How many there are of each severity. */
export function countBySeverity(views: readonly Pick<IncidentView, 'severity'>[]): Readonly<Record<Severity, number>> {
  const count = (severity: Severity): number => views.filter((view) => view.severity === severity).length;
  return {
    High: count('High'),
    Medium: count('Medium'),
    Low: count('Low'),
    Informational: count('Informational'),
  };
}
