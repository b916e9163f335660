import { z } from 'zod';
import { toMinutes } from './duration.ts';
import { ruleTests } from './rule-tests.ts';
import { tacticsOf, tagProblem } from './threat.ts';
import {
  duration,
  entityMappings,
  entityType,
  guid,
  kql,
  requiredDataConnectors,
  severities,
  tactics,
  technique,
  text,
  version,
} from './vocabulary.ts';

const operators = { gt: 'GreaterThan', lt: 'LessThan', eq: 'Equal', ne: 'NotEqual' } as const;

const groupingConfiguration = z.strictObject({
  enabled: z.boolean(),
  reopenClosedIncident: z.boolean().default(false),
  lookbackDuration: duration,
  matchingMethod: z.enum(['AllEntities', 'AnyAlert', 'Selected']),
  groupByEntities: z.array(entityType).optional(),
  groupByAlertDetails: z.array(z.enum(['DisplayName', 'Severity'])).optional(),
  groupByCustomDetails: z.array(text).optional(),
});

const alertDetailsOverride = z.strictObject({
  alertDisplayNameFormat: text.max(256).optional(),
  alertDescriptionFormat: text.max(5000).optional(),
  alertSeverityColumnName: text.optional(),
  alertTacticsColumnName: text.optional(),
  alertDynamicProperties: z.array(z.strictObject({ alertProperty: text, value: text })).optional(),
});

/** When a rule may run: Sentinel's limits, as problems. Durations in ISO 8601. */
export function scheduleProblems(frequency: string, period: string): readonly string[] {
  const [every, back] = [toMinutes(frequency) ?? 0, toMinutes(period) ?? 0];
  const outside = (minutes: number): boolean => minutes < 5 || minutes > 14 * 1440;
  return [
    ...(outside(every) ? [`queryFrequency: ${frequency} is not between 5m and 14d`] : []),
    ...(outside(back) ? [`queryPeriod: ${period} is not between 5m and 14d`] : []),
    ...(every > back
      ? [`queryFrequency: ${frequency} is longer than queryPeriod ${period}: rows would be missed`]
      : []),
    ...(back >= 2 * 1440 && every < 60
      ? [`queryFrequency: ${frequency} is too often for queryPeriod ${period}: from 2d on a rule runs hourly at most`]
      : []),
  ];
}

interface Framed {
  readonly tactics: readonly string[];
  readonly relevantTechniques: readonly string[];
  readonly tags: readonly string[];
}

interface FieldProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What is wrong with tactics, techniques and tags: ids that do not exist, a tactic or technique that stands alone. */
export function frameworkProblems({ tactics: named, relevantTechniques, tags }: Framed): readonly FieldProblem[] {
  const served = relevantTechniques.map((id) => tacticsOf(id));
  return [
    ...relevantTechniques.flatMap((id, index): readonly FieldProblem[] => {
      const path = ['relevantTechniques', index];
      const serves = served[index];
      if (serves === undefined) return [{ path, message: `${id}: ATT&CK 18 has no such technique` }];
      if (serves.some((tactic) => named.includes(tactic))) return [];
      return [{ path, message: `${id} serves ${serves.join(', ')}: name one of them in tactics` }];
    }),
    ...named.flatMap((tactic, index) =>
      served.length === 0 || served.some((serves) => serves === undefined || serves.includes(tactic))
        ? []
        : [{ path: ['tactics', index], message: `${tactic}: no technique of it is named: name one, or remove it` }],
    ),
    ...tags.flatMap((tag, index) => {
      const message = tagProblem(tag);
      return message === undefined ? [] : [{ path: ['tags', index], message }];
    }),
  ];
}

/** An analytics rule in Sentinel's YAML, checked against the limits of its service. Unknown keys are errors: a
 *  misspelt setting would be left out in silence. */
export const ruleSchema = z
  .strictObject({
    id: guid,
    name: text.max(256),
    description: text.max(5000),
    severity: z.enum(severities),
    status: text.optional(),
    requiredDataConnectors,
    queryFrequency: duration,
    queryPeriod: duration,
    triggerOperator: z
      .enum(['gt', 'lt', 'eq', 'ne', ...Object.values(operators)])
      .transform((operator) =>
        operator === 'gt' || operator === 'lt' || operator === 'eq' || operator === 'ne'
          ? operators[operator]
          : operator,
      ),
    triggerThreshold: z.int().min(0).max(10_000),
    tactics: z.array(z.enum(tactics)).default([]),
    relevantTechniques: z.array(technique).default([]),
    tags: z.array(text).default([]),
    query: kql.max(10_000, 'longer than 10,000 characters: move a part into kql/functions'),
    entityMappings,
    customDetails: z
      .record(z.string().regex(/^[A-Za-z]\w{0,19}$/, 'no key of custom details: 1 to 20 letters and digits'), text)
      .refine((details) => Object.keys(details).length <= 20, 'more than 20 custom details')
      .optional(),
    alertDetailsOverride: alertDetailsOverride.optional(),
    eventGroupingSettings: z.strictObject({ aggregationKind: z.enum(['SingleAlert', 'AlertPerResult']) }).optional(),
    // The Defender portal does not show alerts without an incident, so there is no other value.
    incidentConfiguration: z
      .strictObject({
        createIncident: z.literal(true, 'must be true: the Defender portal hides alerts without an incident'),
        groupingConfiguration: groupingConfiguration.optional(),
      })
      .default({ createIncident: true }),
    suppressionEnabled: z.boolean().default(false),
    suppressionDuration: duration.default('PT5H'),
    version,
    kind: z
      .literal('Scheduled', 'must be Scheduled: other kinds have no resource that Pulumi can deploy')
      .default('Scheduled'),
    metadata: z.unknown().optional(),
    tests: ruleTests.default([]),
  })
  .superRefine((rule, context) => {
    for (const problem of scheduleProblems(rule.queryFrequency, rule.queryPeriod)) {
      const [field = '', message = ''] = problem.split(/: (.*)/s);
      context.addIssue({ code: 'custom', path: [field], message });
    }
    for (const { path, message } of frameworkProblems(rule))
      context.addIssue({ code: 'custom', path: [...path], message });
  });
