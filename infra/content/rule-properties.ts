import type { Rule } from '../../kql/content/read-rules.ts';

/** Parent techniques: the API (2024-09-01) has no field for sub-techniques and refuses them among techniques. */
export const parentTechniques = (rule: Rule): string[] => [
  ...new Set(rule.relevantTechniques.map((technique) => technique.slice(0, 5))),
];

/** Properties of a scheduled rule as the API takes them. Not part of it: tags, version and the connectors it needs. */
export const ruleProperties = (rule: Rule) => ({
  displayName: rule.name,
  description: rule.description,
  enabled: rule.enabled,
  severity: rule.severity,
  query: rule.query,
  queryFrequency: rule.queryFrequency,
  queryPeriod: rule.queryPeriod,
  triggerOperator: rule.triggerOperator,
  triggerThreshold: rule.triggerThreshold,
  suppressionEnabled: rule.suppressionEnabled,
  suppressionDuration: rule.suppressionDuration,
  tactics: [...rule.tactics],
  techniques: parentTechniques(rule),
  ...(rule.entityMappings === undefined ? {} : { entityMappings: rule.entityMappings }),
  ...(rule.customDetails === undefined ? {} : { customDetails: rule.customDetails }),
  ...(rule.alertDetailsOverride === undefined ? {} : { alertDetailsOverride: rule.alertDetailsOverride }),
  ...(rule.eventGroupingSettings === undefined ? {} : { eventGroupingSettings: rule.eventGroupingSettings }),
  incidentConfiguration: rule.incidentConfiguration,
});
