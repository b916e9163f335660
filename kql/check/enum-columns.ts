/** Columns of our tables that hold one of few values, as their descriptions in `collector/schema` list them. */
export const enumColumns: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  CopilotAudit_CL: {
    InteractionType: 'chat file meeting',
    PolicyOutcome: 'blocked audited failed',
    AgentKind: 'declarative declarative-sharepoint custom-engine microsoft customer-unknown unknown none',
    TwinRole: 'runtime client none',
    SurfaceGroup:
      'Chat Office Outlook Teams SharePoint Viva Security Azure Admin Studio Autonomous Cowork Fabric Developer Other',
    AdminAction: 'create update delete enable disable settings upload deploy publish share export subscribe notify',
    AdminObject: 'plugin promptbook workspace agent settings file interactions environment-variable',
    AgentPackageType: 'microsoft external shared custom',
    AgentSharing: 'none some all',
    ZeroRatedReason: 'licensed microsoftAgent declarative testPane runtimeTwin notEstimable',
  },
  CopilotEntities_CL: { Kind: 'user agent label site file meeting' },
  CopilotUsage_CL: { ReportKind: 'user summary trend', ReportPeriod: 'D7 D28 D30 D90 D180 ALL' },
  CopilotHealth_CL: {
    HealthKind:
      'ledger heartbeat gap parked dead-letter oversize unparsable drift source-error seen-evicted enrichment ' +
      'entities-evicted concealed-names reconciliation',
    Role: 'owner standby',
  },
};
