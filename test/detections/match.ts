/** Whether alerts are those that a case expects. */
import type { Expected } from '../../kql/content/rule-tests.ts';
import type { Alert } from '../../workspace/rules/alert.ts';

type Several = string | number | boolean | readonly (string | number | boolean)[];

const listed = (value: Several): readonly string[] => (Array.isArray(value) ? value : [value]).map(String);

function hasEntity(alert: Alert, type: string, value: string): boolean {
  return alert.entities.some(
    (entity) =>
      entity.type === type &&
      Object.values(entity.identifiers).some((one) => one.toLowerCase() === value.toLowerCase()),
  );
}

/** Whether an alert holds all that is expected of it; it may hold more. */
export function isExpected(alert: Alert, { entities = {}, customDetails = {}, severity, name }: Expected): boolean {
  return (
    Object.entries(entities).every(([type, values]) =>
      listed(values).every((value) => hasEntity(alert, type, value)),
    ) &&
    Object.entries(customDetails).every(([key, values]) =>
      listed(values).every((value) => alert.customDetails[key]?.includes(value) === true),
    ) &&
    (severity === undefined || severity === alert.severity) &&
    (name === undefined || name === alert.name)
  );
}

/** Whether each alert is one of those expected, one for one. */
export function areExpected(alerts: readonly Alert[], expected: readonly Expected[]): boolean {
  if (alerts.length !== expected.length) return false;
  const [next, ...rest] = expected;
  if (next === undefined) return true;
  return alerts.some((alert, index) => isExpected(alert, next) && areExpected(alerts.toSpliced(index, 1), rest));
}
