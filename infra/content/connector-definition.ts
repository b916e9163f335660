import { permissions } from '../../collector/permissions.ts';
import { copilotAudit, copilotHealth, tables } from '../../collector/schema/index.ts';

/** Name of the connector: its resource, and the `connectorId` of rules and hunts. */
export const CONNECTOR_ID = 'CopilotSentinel';

const DESCRIPTION = [
  'Collects every Microsoft Copilot audit event of the tenant with a container app of your own, enriches it, and keeps',
  `account of it: \`${copilotHealth.name}\` says for each source and hour how many events were listed, accepted and missed.`,
].join(' ');

const lastOf = (table: string): string => `${table}\n| summarize Time = max(TimeGenerated)\n| where isnotempty(Time)`;

const graphPermissions = permissions.map(({ role, api, neededBy, isOptional, buys, withoutIt }) => ({
  name: `${api}: ${role}`,
  description: [
    `${isOptional === true ? 'Optional application' : 'Application'} permission with admin consent for the collector's identity,`,
    `needed by ${neededBy}: ${buys}. Without it ${withoutIt}.`,
  ].join(' '),
}));

const steps = [
  {
    title: '1. Deploy the collector',
    description:
      'Run `pulumi up` in the copilot-sentinel project with this workspace. It creates the tables, the data collection rule and the container app.',
  },
  {
    title: '2. Grant consent',
    description:
      'With `entra.mode=manual` the output `consent` of the deployment holds the calls that an administrator runs. Consent takes up to an hour to reach the collector.',
  },
  {
    title: '3. Verify',
    description:
      'Run `npm run verify`. The first events arrive within an hour; the status above turns to Connected with the first health row.',
  },
];

/** The page under Data connectors. Connected means: the collector reported within the last day, also when nobody used
 *  Copilot. */
export const connectorUiConfig = () => ({
  id: CONNECTOR_ID,
  title: 'Microsoft Copilot activity (copilot-sentinel)',
  publisher: 'copilot-sentinel',
  descriptionMarkdown: DESCRIPTION,
  graphQueries: [
    { metricName: 'Total data received', legend: copilotAudit.name, baseQuery: copilotAudit.name },
    { metricName: 'Collector reports received', legend: copilotHealth.name, baseQuery: copilotHealth.name },
  ],
  dataTypes: tables.map(({ name }) => ({ name, lastDataReceivedQuery: lastOf(name) })),
  connectivityCriteria: [
    {
      type: 'IsConnectedQuery',
      value: [`${copilotHealth.name}\n| summarize Last = max(TimeGenerated)\n| project IsConnected = Last > ago(1d)`],
    },
  ],
  availability: { status: 1, isPreview: false },
  permissions: {
    resourceProvider: [
      {
        provider: 'Microsoft.OperationalInsights/workspaces',
        providerDisplayName: 'Workspace',
        permissionsDisplayText: 'read and write permissions.',
        scope: 'Workspace',
        requiredPermissions: { read: true, write: true, delete: false, action: false },
      },
    ],
    customs: graphPermissions,
  },
  instructionSteps: steps,
});
