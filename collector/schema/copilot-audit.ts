import { boolean, datetime, dynamic, int, long, real, string, table, type Row } from './table.ts';

/** One row per audit record of the Copilot family. Column names of Microsoft's `CopilotActivity` come first, unchanged. */
export const copilotAudit = table({
  name: 'CopilotAudit_CL',
  description: 'One row per audit record of the Copilot family: interactions and admin operations alike.',
  columns: {
    // Names shared with CopilotActivity, so that one function unions both.
    TimeGenerated: datetime('EventTime while it is younger than 46 hours, else the time of sending; see TimeClamped.'),
    RecordId: string('Id of the audit record: the key for de-duplication.'),
    RecordType: string('Name of the record type, or the number as text when it has no known name.'),
    Workload: string('Workload as sent: Copilot, ConnectedAIApp, AIApp and others.'),
    OrganizationId: string('Tenant id of the organisation.'),
    ActorName: string('UserId of the record: usually a user principal name.', 'identity'),
    ActorUserId: string('UserKey of the record: object id or PUID.', 'identity'),
    ActorUserType: string('Name of UserType: Regular, Admin, Application, Guest and others.'),
    AgentId: string('Agent id exactly as sent.'),
    AgentName: string('Agent name as sent, else as in the package catalogue, else derived from AppIdentity.'),
    AIModelName: string('Name of the first model that the record names.'),
    AIModelVersion: string('Version of the first model that the record names.'),
    AppHost: string('Application in which Copilot was used, as sent.'),
    AppIdentity: string('Identity of the application: workload.appGroup.appName.'),
    ClientRegion: string('Region of the client.'),
    SrcIpAddr: string('Client IP address without port; null when it is not an address.', 'identity'),
    Version: string('Version of the audit envelope.'),
    LogVersion: string('Version of the Copilot log (CopilotLogVersion).'),
    LLMEventData: dynamic(
      'The event payload: CopilotEventData whole of interactions, Resource[] of setting changes, else the payload fields without a column.',
      'content',
    ),

    // When.
    EventTime: datetime('When the event happened (CreationTime). Reason on this one.'),
    ContentCreated: datetime('When Microsoft made the record available (contentCreated of its blob).'),
    CollectedTime: datetime('When the collector read the record.'),
    TimeClamped: boolean('True when TimeGenerated is the time of sending because the event was too old.'),
    IsBackfill: boolean(
      'True when the record was collected more than 7 days after the event, or was sent again too late to keep its time; rules leave it out.',
    ),

    // What.
    Operation: string('Operation as sent.'),
    RecordTypeCode: int('Record type as the number on the wire.'),
    Source: string('Collector source that read the record, for example activity-feed.'),
    ResultStatus: string('ResultStatus as sent.'),
    ObjectId: string('ObjectId as sent.', 'content'),
    Scope: string('Scope as sent.'),
    AppAccessContext: dynamic('AppAccessContext as sent: session, API, client application and token ids.', 'identity'),
    CloudAppContext: dynamic(
      'What Defender for Cloud Apps knows of the request, in rows that came by its stream (storage-export): CountryCode, City, ISP, UserAgent, IsExternalUser.',
      'identity',
    ),
    AppHostNormalized: string('AppHost in one spelling; unknown hosts pass through.'),
    SurfaceGroup: string(
      'Family of the application: Chat, Office, Outlook, Teams, SharePoint, Viva, Security, Azure, Admin, Studio, Autonomous, Cowork, Fabric, Developer; unknown: Other.',
    ),
    InteractionType: string('chat, file or meeting, by the contexts of the interaction; null for admin records.'),
    ThreadId: string('Conversation thread; groups the messages of one conversation.'),
    ConversationId: string('Conversation id that joins the two records of one Studio agent turn.'),
    CorrelationId: string('Correlation id; Security Copilot puts its session here.'),
    ApplicationName: string('Application name as sent, for example Security Copilot.'),
    LicenseType: string('Licence type as sent; Premium marks a Copilot licence.'),
    CapacityId: string('Fabric capacity of the interaction.'),
    MessageCount: int('Number of messages in the record.'),
    PromptCount: int('Messages that are prompts.'),
    ResponseCount: int('Messages that are responses.'),
    AccessedResourceCount: int('Number of accessed resources.'),
    LabelIds: dynamic('Distinct sensitivity label ids of the event and its resources.'),
    PluginIds: dynamic('Distinct ids of plugins used.'),
    WebSearchUsed: boolean('True when the web search plugin or a web query was used.'),
    JailbreakDetected: boolean(
      'True when any message is marked as a jailbreak; null when no message carries the mark.',
    ),
    IndirectInjectionDetected: boolean(
      'True when any resource is marked as cross-prompt injection; null when no resource carries the mark.',
    ),
    PolicyOutcome: string('blocked, audited, failed, or null: the strongest outcome over all resources.'),
    PolicyNames: dynamic('Distinct names of the policies that applied.'),
    DLPEvaluationDeferred: int('Bit mask: 1 prompt, 2 response, 4 grounding, 8 web grounding.'),
    DLPEvaluationDeferredReason: string('Why the policy evaluation was deferred.'),
    MemoryUpdated: boolean('True when the interaction changed the memory of Copilot.'),
    AIModelProvider: string('Provider of the first model that the record names.'),

    // Agents.
    AgentIdNormalized: string('Agent id in one form, whatever surface sent it.'),
    AgentTitleId: string('Title id (T_ or P_) of the agent when the record carries one.'),
    AgentKind: string(
      'declarative, declarative-sharepoint, custom-engine, microsoft, customer-unknown, unknown or none.',
    ),
    AgentVersion: string('Agent version as sent.'),
    AgentBlueprintId: string('Agent blueprint id as sent.'),
    AgentPlatform: string('Agent platform as sent, for example CopilotStudio.'),
    PlatformAgentId: string('Agent id on its platform: environment and bot id.'),
    TargetAgentName: string('Name of the agent that was addressed.'),
    TargetPlatformAgentId: string('Platform id of the agent that was addressed.'),
    TwinRole: string('runtime, client or none: which half of a Studio agent turn this record is.'),
    ToolName: string('Tool that an agent called (agent runtime records).'),
    ToolType: string('Type of the tool that an agent called.'),
    ChannelName: string('Channel of an agent runtime record.'),
    SessionIdentity: string('Session of an agent runtime record.'),
    ErrorMessage: string('Error of an agent runtime record.', 'content'),

    // Admin operations and automation.
    AdminAction: string(
      'create, update, delete, enable, disable, settings, upload, deploy, publish, share, export, subscribe, notify or null.',
    ),
    AdminObject: string(
      'plugin, promptbook, workspace, agent, settings, file, interactions, environment-variable or null.',
    ),
    AdminTarget: string('Name or id of the object that was changed, when the record names one.'),
    ScenarioType: string('Scenario of a scheduled prompt.'),
    AutomationId: string('Automation that ran a scheduled prompt.'),
    TriggerMode: string('Schedule (cron) of a scheduled prompt.'),

    // Marks.
    IsSyntheticActor: boolean('True for actors that are no person: agent users, service principals, N/A and the like.'),
    IsTestPane: boolean('True for the test pane of Copilot Studio; left out of adoption figures.'),

    // Enrichment: null until an enricher knows.
    UserDisplayName: string('Display name of the actor.', 'identity'),
    UserDepartment: string('Department of the actor.', 'identity'),
    UserJobTitle: string('Job title of the actor.', 'identity'),
    UserCountry: string('Country of the actor.', 'identity'),
    UserOffice: string('Office of the actor.', 'identity'),
    UserManager: string('User principal name of the manager of the actor.', 'identity'),
    UserAccountEnabled: boolean('Whether the account was enabled when it was looked up.', 'identity'),
    UserObservedTime: datetime('When the directory was asked about the user.'),
    UserIsGuest: boolean('Whether the actor is a guest: by the record, else by the directory.', 'identity'),
    UserHasCopilotLicense: boolean(
      'Whether the actor had a Copilot licence: true by LicenseType Premium, else by the directory when looked up.',
      'identity',
    ),
    FileName: string('Name of the file in context, or of the first file accessed, by its address.', 'content'),
    FileExtension: string('Extension of that file, lower case, without the dot.'),
    FileUrl: string(
      'Address of that file in one spelling: percent-encoded once, without query; viewers as Doc.aspx?sourcedoc=%7B<id>%7D. CopilotEntities has it in lower case as key.',
      'content',
    ),
    FileSizeBytes: long('Size of that file in bytes.'),
    FileModifiedTime: datetime('Last change of that file.'),
    SiteUrl: string('Site collection or OneDrive that holds that file.', 'content'),
    SiteName: string('Name of that site in its address.', 'content'),
    SiteOwner: string(
      'Owner of that OneDrive: user principal name where known, else the account in its address; null for team sites.',
      'identity',
    ),
    MeetingId: string('Thread id of the meeting (19:meeting_...).'),
    MeetingName: string('Subject of the meeting.', 'content'),
    MeetingCreatedTime: datetime('When the meeting was created.'),
    MeetingOrganizer: string('Organiser of the meeting.', 'identity'),
    TopLabelId: string(
      'Sensitivity label of highest priority in the record; null while one of several priorities is not known.',
    ),
    TopLabelName: string('Name of that label.'),
    TopLabelPriority: int('Priority of that label; higher is more sensitive.'),
    AgentPublisher: string('Publisher of the agent.'),
    AgentPackageType: string('microsoft, external, shared or custom, from the package catalogue.'),
    AgentIsBlocked: boolean('Whether the agent is blocked in the catalogue.'),
    AgentSharing: string('Who may use the agent: none, some or all.'),
    CreditsGross: real(
      'Estimated Copilot Credits before zero-rating; null when they cannot be estimated. Never sum both halves of a twin.',
    ),
    CreditsBillable: real('Estimated Copilot Credits after zero-rating; null also while an unknown licence decides.'),
    CreditBreakdown: dynamic('CreditsGross by part: generative, grounding, action; null when nothing was priced.'),
    CreditBasis: string(
      'CustomEngine and Declarative: priced as such; CustomerAgent: a customer built it, priced as custom engine; ' +
        'NoMessages: a priced agent whose record holds nothing to count, 0; MicrosoftAgent, NoAgent: 0; ' +
        'NotAssessed: agent of unknown kind, null; NotEstimable: paid by another meter (Security Copilot, Cowork, developer tools), null.',
    ),
    GroundingBasis: string(
      'Evidence for tenant grounding: TenantResource, UnclassifiedResource (charged, not proven), ExternalOnly, NoResources, or NotAssessed where nothing is priced.',
    ),
    CreditRateVersion: string('Version of the rate table in force at EventTime; null when nothing was priced.'),
    IsZeroRated: boolean('Whether the credits are not billed; null when not known.'),
    ZeroRatedReason: string('licensed, microsoftAgent, declarative, testPane, runtimeTwin or notEstimable.'),
    EnrichmentErrors: dynamic(
      'What could not be looked up, and why: `<enricher>: <reason>`; null when nothing failed.',
    ),

    // Nothing is dropped silently.
    UnknownFields: dynamic(
      'Fields that the collector does not know, by path; text is replaced by its length.',
      'content',
    ),
    TruncatedColumns: dynamic(
      'Names of columns that were cut to 64 KB, because Azure would cut them silently; the whole record is a dead letter.',
    ),
    DroppedContent: dynamic('Text that was dropped by CONTENT_FIELDS=drop: path and length in characters.'),
  },
});

/** A row of `CopilotAudit_CL`. */
export type CopilotAuditRow = Row<typeof copilotAudit>;
