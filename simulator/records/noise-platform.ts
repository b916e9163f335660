import { chance, guid, int, pick } from '../random.ts';
import { TOPICS } from '../tenant/names.ts';
import { envelope } from './envelope.ts';
import { foreignFamily, type Family } from './scene.ts';

/** Records of the Power Platform, Power BI and Dynamics: the neighbours most easily taken for Copilot's. */
export const noisePlatform: readonly Family[] = [
  // 20 PowerBIAudit; CreateWorkspace is also the name of a Security Copilot operation.
  foreignFamily('power-bi', 9, (scene) => {
    const { next } = scene;
    const operation = pick(next, ['ViewReport', 'ViewReport', 'ViewDashboard', 'RefreshDataset', 'CreateWorkspace']);
    const report = chance(next, 0.1) ? 'Copilot adoption' : pick(next, TOPICS);
    return {
      ...envelope(scene, { recordType: 20, operation, workload: 'PowerBI' }),
      Activity: operation,
      ItemName: report,
      WorkSpaceName: 'Controlling',
      DatasetName: report,
      ReportName: report,
      WorkspaceId: guid(next),
      ObjectId: report,
      DatasetId: guid(next),
      ReportId: guid(next),
      ReportType: 'PowerBIReport',
      IsSuccess: true,
      RequestId: guid(next),
      ActivityId: guid(next),
      DistributionMethod: 'Workspace',
      ConsumptionMethod: 'Power BI Web',
      UserAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)',
    };
  }),
  // 45 PowerAppsApp.
  foreignFamily('power-apps', 5, (scene) => ({
    ...envelope(scene, {
      recordType: 45,
      operation: pick(scene.next, ['LaunchPowerApp', 'EditPowerApp', 'PublishPowerApp']),
      workload: 'PowerApps',
    }),
    AppName: guid(scene.next),
    AdditionalInfo: JSON.stringify({ environmentName: `Default-${scene.tenant.id}`, feature: 'copilot-control' }),
  })),
  // 30 MicrosoftFlow.
  foreignFamily('flow', 4, (scene) => ({
    ...envelope(scene, {
      recordType: 30,
      operation: pick(scene.next, ['CreateFlow', 'EditFlow', 'DeleteFlow']),
      workload: 'MicrosoftFlow',
    }),
    FlowDetailsUrl: `https://make.powerautomate.com/environments/Default-${scene.tenant.id}/flows/${guid(scene.next)}/details`,
    FlowConnectorNames: chance(scene.next, 0.2) ? 'Microsoft Copilot Studio' : 'SharePoint, Office 365 Outlook',
    SharingPermission: int(scene.next, 1, 3),
    RecipientUPN: pick(scene.next, scene.tenant.users).upn,
    LicenseDisplayName: 'Power Automate',
  })),
  // 21 CRM: Dynamics 365.
  foreignFamily('dynamics', 6, (scene) => ({
    ...envelope(scene, { recordType: 21, operation: 'CrmDefaultActivity', workload: 'CRM' }),
    CrmOrganizationUniqueName: 'contoso',
    InstanceUrl: 'https://contoso.crm4.dynamics.com/',
    ItemType: 'PublishAll',
    ItemUrl: 'https://contoso.crm4.dynamics.com/main.aspx',
    Message: pick(scene.next, ['RetrieveMultiple', 'Update', 'Create']),
    EntityName: pick(scene.next, ['account', 'opportunity', 'msdyn_copilotinteraction']),
    Query: `<fetch><entity name='account'><attribute name='name'/></entity></fetch>`,
    CorrelationId: guid(scene.next),
    SystemUserId: guid(scene.next),
    UserAgent: 'Mozilla/5.0',
  })),
  // 256 PowerPlatformAdministratorActivity that is not of Copilot Studio.
  foreignFamily('power-platform-admin', 3, (scene) => ({
    ...envelope(scene, {
      recordType: 256,
      operation: pick(scene.next, [
        'EnvironmentPropertyChange',
        'SetAsDefault',
        'RenewEnvironment',
        'TenantIsolationOperation',
      ]),
      workload: 'PowerPlatform',
    }),
    PropertyCollection: [
      { Name: 'powerplatform.analytics.resource.environment.name', Value: 'Contoso (default)' },
      { Name: 'powerplatform.analytics.resource.tenant.settings', Value: 'copilotStudioEnabled=true' },
      { Name: 'enduser.principal_name', Value: scene.user.upn },
    ],
  })),
  // What a sloppy selector trips over: the words in values and in nested keys, never where they count.
  foreignFamily('copilot-in-name-only', 1, (scene) => ({
    ...envelope(scene, { recordType: 25, operation: 'AppInstalled', workload: 'MicrosoftTeams' }),
    AddOnName: 'CopilotInteraction',
    AddOnGuid: guid(scene.next),
    AppDistributionMode: 'Store',
    ExtendedProperties: [
      { Name: 'Workload', Value: 'Copilot' },
      { Name: 'RecordType', Value: '261' },
    ],
    ModifiedProperties: { CopilotEventData: { AppHost: 'Word' }, Workload: 'Copilot', RecordType: 261 },
    Comment: 'the bot wrote {"CopilotEventData":{"AppHost":"Word"},"RecordType":261} into the chat',
  })),
];
