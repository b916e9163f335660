/** Which alerts become one incident. */
import { toMinutes } from '../../kql/content/duration.ts';
import type { Rule } from '../../kql/content/read-rules.ts';
import type { Alert, Entity, Incident } from './alert.ts';

// Sentinel's service limit.
const MOST_ALERTS = 150;

type Grouping = NonNullable<Rule['incidentConfiguration']['groupingConfiguration']>;

/** The incidents of all rules, oldest first. */
export interface IncidentBook {
  /**
   * Puts an alert into the incident that it belongs to, or a new one, and returns it. Alerts come in order of time, as
   * in Sentinel; of others, an alert joins an incident that was created within the time before it or after it.
   */
  readonly add: (rule: Rule, alert: Alert) => Incident;
  readonly close: (number: number) => void;
  readonly all: () => readonly Incident[];
}

const entityKeys = (entities: readonly Entity[]): readonly string[] =>
  entities.map(({ type, identifiers }) => JSON.stringify([type, identifiers]).toLowerCase()).toSorted();

/** What alerts of one incident have in common; undefined where an alert has nothing to be compared by. */
function groupKey(alert: Alert, grouping: Grouping): string | undefined {
  if (grouping.matchingMethod === 'AnyAlert') return '';
  if (grouping.matchingMethod === 'AllEntities')
    return alert.entities.length === 0 ? undefined : JSON.stringify(entityKeys(alert.entities));
  const { groupByEntities = [], groupByAlertDetails = [], groupByCustomDetails = [] } = grouping;
  const parts = [
    ...groupByEntities.map((type) => entityKeys(alert.entities.filter((entity) => entity.type === type))),
    ...groupByAlertDetails.map((detail) => [detail === 'Severity' ? alert.severity : alert.name]),
    ...groupByCustomDetails.map((key) => (alert.customDetails[key] ?? []).toSorted()),
  ];
  return parts.every((part) => part.length === 0) ? undefined : JSON.stringify(parts);
}

type Writable = { -readonly [K in keyof Incident]: Incident[K] };
interface Held {
  readonly key: string | undefined;
  readonly incident: Writable;
}

/** An empty book. Within `lookbackDuration` of its creation an incident takes alerts of its rule with the same key. */
export function incidentBook(): IncidentBook {
  const byRule = new Map<string, Held[]>();
  const all: Writable[] = [];

  const open = (rule: Rule, alert: Alert): Writable => {
    const { name: title, severity, time: createdTime } = alert;
    const incident = {
      number: all.length + 1,
      rule: rule.file,
      title,
      severity,
      createdTime,
      alerts: [alert],
      isClosed: false,
    };
    all.push(incident);
    return incident;
  };

  const add = (rule: Rule, alert: Alert): Incident => {
    const grouping = rule.incidentConfiguration.groupingConfiguration;
    if (grouping === undefined || !grouping.enabled) return open(rule, alert);
    const key = groupKey(alert, grouping);
    const lookbackMs = (toMinutes(grouping.lookbackDuration) ?? 0) * 60_000;
    const held = byRule.get(rule.id) ?? [];
    byRule.set(rule.id, held);
    const found = held.findLast(
      ({ key: other, incident }) =>
        key !== undefined &&
        other === key &&
        Math.abs(alert.time.getTime() - incident.createdTime.getTime()) <= lookbackMs &&
        incident.alerts.length < MOST_ALERTS &&
        (!incident.isClosed || grouping.reopenClosedIncident),
    );
    if (found === undefined) {
      const incident = open(rule, alert);
      held.push({ key, incident });
      return incident;
    }
    found.incident.alerts = [...found.incident.alerts, alert];
    if (alert.time < found.incident.createdTime) found.incident.createdTime = alert.time;
    found.incident.isClosed = false;
    return found.incident;
  };

  return {
    add,
    close: (number) => {
      const incident = all[number - 1];
      if (incident !== undefined) incident.isClosed = true;
    },
    all: () => all,
  };
}
