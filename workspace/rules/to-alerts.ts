/** From the rows of a rule's query to its alerts. */
import type { Rule } from '../../kql/content/read-rules.ts';
import { severities, tactics } from '../../kql/content/vocabulary.ts';
import type { Alert, CustomDetails, Entity } from './alert.ts';
import { type AnswerRow, valueText, valueTexts } from './row.ts';

// Sentinel's service limits.
const MOST_ENTITIES = 500;
const MOST_VALUES = 50;
const MOST_ALERTS = 150;
const LONGEST_NAME = 256;
const LONGEST_DESCRIPTION = 5000;

const entityKey = ({ type, identifiers }: Entity): string => JSON.stringify([type, identifiers]).toLowerCase();

function entitiesOf({ entityMappings = [] }: Rule, rows: readonly AnswerRow[]): readonly Entity[] {
  const found = new Map<string, Entity>();
  for (const row of rows)
    for (const { entityType: type, fieldMappings } of entityMappings) {
      const values = fieldMappings
        .map(({ identifier, columnName }) => [identifier, valueText(row.get(columnName))] as const)
        .filter(([, value]) => value !== '');
      if (values.length === 0) continue;
      const entity = { type, identifiers: Object.fromEntries(values) };
      const key = entityKey(entity);
      if (found.size < MOST_ENTITIES && !found.has(key)) found.set(key, entity);
    }
  return [...found.values()];
}

function detailsOf({ customDetails = {} }: Rule, rows: readonly AnswerRow[]): CustomDetails {
  const details = Object.entries(customDetails).map(([key, column]) => {
    const values = new Set(rows.flatMap((row) => valueTexts(row.get(column))));
    return [key, [...values].slice(0, MOST_VALUES)] as const;
  });
  return Object.fromEntries(details.filter(([, values]) => values.length > 0));
}

/** The format with its `{{Column}}` filled from the first row; undefined where a column is empty: then the default is shown. */
function filled(format: string | undefined, row: AnswerRow | undefined): string | undefined {
  let isComplete = format !== undefined;
  const text = format?.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_all, column: string) => {
    const value = valueText(row?.get(column));
    if (value === '') isComplete = false;
    return value;
  });
  return isComplete ? text : undefined;
}

const columnText = (row: AnswerRow | undefined, column: string | undefined): string =>
  column === undefined ? '' : valueText(row?.get(column));

function toAlert(rule: Rule, rows: readonly AnswerRow[], time: Date): Alert {
  const [first] = rows;
  const { alertDisplayNameFormat, alertDescriptionFormat, alertSeverityColumnName, alertTacticsColumnName } =
    rule.alertDetailsOverride ?? {};
  const severity = columnText(first, alertSeverityColumnName);
  const named = valueTexts(alertTacticsColumnName === undefined ? null : first?.get(alertTacticsColumnName));
  const known: readonly string[] = tactics;
  const wanted = named.flatMap((text) => text.split(/\s*,\s*/)).filter((tactic) => known.includes(tactic));
  return {
    rule: rule.file,
    id: rule.id,
    time,
    name: (filled(alertDisplayNameFormat, first) ?? rule.name).slice(0, LONGEST_NAME),
    description: (filled(alertDescriptionFormat, first) ?? rule.description).slice(0, LONGEST_DESCRIPTION),
    severity: severities.find((one) => one === severity) ?? rule.severity,
    tactics: wanted.length > 0 ? wanted : rule.tactics,
    entities: entitiesOf(rule, rows),
    customDetails: detailsOf(rule, rows),
    rowCount: rows.length,
  };
}

const comparisons = {
  GreaterThan: (count: number, threshold: number) => count > threshold,
  LessThan: (count: number, threshold: number) => count < threshold,
  Equal: (count: number, threshold: number) => count === threshold,
  NotEqual: (count: number, threshold: number) => count !== threshold,
} as const;

/** The alerts of one run: none below the trigger, one of all rows, or one of each (of more than 150 rows, the 150th alert sums all of them up). */
export function toAlerts(rule: Rule, rows: readonly AnswerRow[], time: Date): readonly Alert[] {
  if (!comparisons[rule.triggerOperator](rows.length, rule.triggerThreshold)) return [];
  if (rule.eventGroupingSettings?.aggregationKind !== 'AlertPerResult') return [toAlert(rule, rows, time)];
  const single = rows.map((row) => [row]);
  const groups = rows.length > MOST_ALERTS ? [...single.slice(0, MOST_ALERTS - 1), rows] : single;
  return groups.map((group) => toAlert(rule, group, time));
}
