/** Alerts of Azure Monitor about the collector, for when Sentinel's own rules cannot run or have nothing to read. */
import type { ContainerApp } from '@pulumi/azure-native/app/index.js';
import { ActionGroup, MetricAlert, ScheduledQueryRule } from '@pulumi/azure-native/monitor/index.js';
import { type Input, output, type Output, type Resource } from '@pulumi/pulumi';
import type { IngestionHandle, Surroundings, TablesHandle, Tenant, WorkspaceHandle } from './types.ts';
import { inWorkspace } from './workspace.ts';

/** A workspace and what writes to it. */
export interface WatchedWorkspace {
  readonly workspace: WorkspaceHandle;
  readonly tables: TablesHandle;
  readonly ingestion: IngestionHandle;
  readonly collectors: readonly { readonly tenant: Tenant; readonly app: ContainerApp }[];
}

/** A metric of Azure Monitor that is compared with a number. */
interface MetricWatch {
  readonly name: string;
  readonly description: string;
  readonly severity: 1 | 2;
  readonly metric: string;
  readonly aggregation: 'Maximum' | 'Total' | 'Count';
  readonly operator: 'LessThan' | 'GreaterThan';
  readonly threshold: number;
}

// Metrics and their names: "Supported metrics for Microsoft.App/containerApps" and "... Microsoft.Insights/
// dataCollectionRules", Microsoft Learn. Each is looked at every 5 minutes over 15: a node that is replaced, or a
// revision that hands over, is back within a few minutes, and three polls of the default 300 s fit into 15.
const METRIC_TIMES = { evaluationFrequency: 'PT5M', windowSize: 'PT15M' } as const;

const APP_WATCHES: readonly MetricWatch[] = [
  {
    name: 'replica-gone',
    description:
      'No replica of the collector has run for 15 minutes: nothing is collected. See the system logs of the app. If Azure sends no count at all, this stays quiet, and collector-silent tells it.',
    severity: 1,
    metric: 'Replicas',
    aggregation: 'Maximum',
    operator: 'LessThan',
    threshold: 1,
  },
  {
    name: 'replica-restarting',
    // The metric counts since the replica was created: Azure restarts a healthy one now and then, a crash loop gets to
    // six within about ten minutes. It stays up until the next replica.
    description: 'A replica of the collector has restarted more than 5 times. Its console logs say why.',
    severity: 2,
    metric: 'RestartCount',
    aggregation: 'Maximum',
    operator: 'GreaterThan',
    threshold: 5,
  },
];

// The rule's transformation is `source`: it drops nothing and cannot fail, so one is too many.
const INGESTION_WATCHES: readonly MetricWatch[] = [
  {
    name: 'rows-dropped',
    description: 'The data collection rule dropped rows that it had accepted. See DCRLogErrors for why.',
    severity: 1,
    metric: 'RowsDropped_Count',
    aggregation: 'Total',
    operator: 'GreaterThan',
    threshold: 0,
  },
  {
    name: 'transformation-errors',
    description: 'The transformation of the data collection rule failed. See DCRLogErrors for why.',
    severity: 1,
    metric: 'TransformationErrors_Count',
    aggregation: 'Count',
    operator: 'GreaterThan',
    threshold: 0,
  },
];

/** A query over a workspace whose rows are counted. */
interface LogWatch {
  readonly name: string;
  readonly description: string;
  readonly severity: 1 | 2;
  readonly query: Input<string>;
  readonly operator: 'LessThan' | 'GreaterThan';
  readonly threshold: number;
  readonly windowMinutes: number;
}

/**
 * Query for errors of data collection rules, by their ARM ids. As a dynamic, which may be empty: where all tenants have
 * workspaces of their own, the shared one has no rule.
 */
export const ingestionErrorsQuery = (ruleIds: readonly string[]): string => `DCRLogErrors
| where _ResourceId in~ (dynamic(${JSON.stringify(ruleIds)}))`;

/** Query for a workspace that has stopped to take rows for today; as in "Set daily cap on Log Analytics workspace". */
export const capQuery = `_LogOperation
| where Category =~ "Ingestion"
| where Detail contains "OverQuota"`;

/** Query for any sign of life of a tenant's collector; tables, because a function may be what is broken. */
export const heartbeatQuery = (tenantId: string): string => `CopilotHealth_CL
| where OrganizationId =~ "${tenantId}"
| where HealthKind == "heartbeat"`;

// "Create or edit a log search alert rule", Microsoft Learn: the windows that Azure takes, in minutes.
const WINDOWS = [120, 180, 240, 300, 360, 1440, 2880] as const;

/**
 * Minutes without a heartbeat that are silence: two hours, or three polls where that is more, at most two days. A
 * heartbeat is sent at the end of every pass, also of one that fails; a pass over a backlog can take long. After a first
 * deployment this alert may come once and resolve itself: Azure takes up to half an hour to let the collector write.
 */
export function silenceMinutes(pollSeconds: number): number {
  const wanted = (3 * pollSeconds) / 60;
  return WINDOWS.find((minutes) => minutes >= wanted) ?? 2880;
}

// As Azure writes it back: another form of the same span would be a difference at every run.
function toDuration(minutes: number): string {
  if (minutes % 1440 === 0) return `P${minutes / 1440}D`;
  return minutes % 60 === 0 ? `PT${minutes / 60}H` : `PT${minutes}M`;
}

/** The action group and its alerts; nothing without `alerts.email`. */
export function monitoring(around: Surroundings, watched: readonly WatchedWorkspace[]): readonly Resource[] {
  const email = around.configuration.alertsEmail;
  if (email === undefined) return [];
  const group = new ActionGroup('alerts', {
    resourceGroupName: around.resourceGroupName,
    location: 'Global',
    tags: around.tags,
    actionGroupName: around.naming.of('ag'),
    // At most 12 characters; it stands in the subject of short messages.
    groupShortName: 'copilot',
    enabled: true,
    emailReceivers: [{ name: 'email', emailAddress: email, useCommonAlertSchema: true }],
  });
  const alerts = watched.flatMap((one) => {
    const { ingestion, collectors } = one;
    return [
      ...collectors.flatMap(({ tenant, app }) =>
        APP_WATCHES.map((watch) => metricAlert(around, group, watch, { id: app.id, part: tenant.key })),
      ),
      ...ingestion.rules.flatMap(({ tenant, id }) =>
        INGESTION_WATCHES.map((watch) => metricAlert(around, group, watch, { id, part: tenant.key })),
      ),
      ...logWatches(around, one).map((watch) => logAlert(around, group, watch, one)),
    ];
  });
  return [group, ...alerts];
}

function logWatches(around: Surroundings, { workspace, ingestion, collectors }: WatchedWorkspace): readonly LogWatch[] {
  const silence = silenceMinutes(around.configuration.pollSeconds);
  // Four times the frequency: a row that is written late, and Azure promises no time, is still seen. While the alert is
  // up no further mail is sent, so a row that four checks see is told once.
  const once = { operator: 'GreaterThan', threshold: 0, windowMinutes: 60 } as const;
  return [
    {
      ...once,
      name: `ingestion-errors${workspace.suffix}`,
      description: 'The data collection rule logged errors: rows may be missing. Read DCRLogErrors in the workspace.',
      severity: 2,
      query: output(ingestion.rules.map(({ id }) => id)).apply(ingestionErrorsQuery),
    },
    {
      ...once,
      name: `ingestion-stopped-by-cap${workspace.suffix}`,
      description:
        'The workspace has reached its daily cap: Azure drops what the collector sends until the reset hour. Raise the cap.',
      severity: 1,
      query: capQuery,
    },
    ...collectors.map(({ tenant }): LogWatch => {
      const who = tenant.name === tenant.id ? tenant.id : `${tenant.name} (${tenant.id})`;
      return {
        name: `collector-silent-${tenant.key}`,
        description: `No heartbeat of the collector of tenant ${who} in ${silence} minutes. See the container app.`,
        severity: 1,
        query: heartbeatQuery(tenant.id),
        operator: 'LessThan',
        threshold: 1,
        windowMinutes: silence,
      };
    }),
  ];
}

function metricAlert(
  around: Surroundings,
  group: ActionGroup,
  watch: MetricWatch,
  target: { readonly id: Output<string>; readonly part: string },
): MetricAlert {
  const name = `${watch.name}-${target.part}`;
  return new MetricAlert(`alert-${name}`, {
    resourceGroupName: around.resourceGroupName,
    location: 'global',
    tags: around.tags,
    ruleName: around.naming.of('alert', name),
    description: watch.description,
    severity: watch.severity,
    enabled: true,
    scopes: [target.id],
    ...METRIC_TIMES,
    criteria: {
      odataType: 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria',
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion',
          name: watch.name,
          metricName: watch.metric,
          timeAggregation: watch.aggregation,
          operator: watch.operator,
          threshold: watch.threshold,
          // A resource that was made a moment ago has not emitted it yet.
          skipMetricValidation: true,
        },
      ],
    },
    autoMitigate: true,
    actions: [{ actionGroupId: group.id }],
  });
}

function logAlert(
  around: Surroundings,
  group: ActionGroup,
  watch: LogWatch,
  { workspace, tables }: WatchedWorkspace,
): ScheduledQueryRule {
  return new ScheduledQueryRule(
    `alert-${watch.name}`,
    {
      // Beside the workspace: a rule must lie in its region.
      resourceGroupName: workspace.resourceGroupName,
      location: workspace.location,
      tags: around.tags,
      ruleName: around.naming.of('alert', watch.name),
      displayName: `Copilot collector: ${watch.name}`,
      description: watch.description,
      kind: 'LogAlert',
      severity: watch.severity,
      enabled: true,
      scopes: [workspace.id],
      evaluationFrequency: 'PT15M',
      windowSize: toDuration(watch.windowMinutes),
      criteria: {
        allOf: [
          {
            query: watch.query,
            timeAggregation: 'Count',
            operator: watch.operator,
            threshold: watch.threshold,
            // One window: with several, those without any row would not count as silent.
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
          },
        ],
      },
      autoMitigate: true,
      // A table that nothing has been written to yet is not known to the check.
      skipQueryValidation: true,
      actions: { actionGroups: [group.id] },
    },
    inWorkspace(workspace, tables.resources),
  );
}
