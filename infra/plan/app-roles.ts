/** Application permissions of the APIs that the collector reads, by the id Microsoft gave each. Data.
 *
 *  Sources: merill/microsoft-info GraphAppRoles.json (2026-08-20) for Graph; public repositories for Office 365. */

/** One API's name and its app roles: value to id. */
export interface AppRoles {
  readonly api: string;
  readonly roles: Readonly<Record<string, string>>;
}

/** By appId of the API. */
export const appRoleIds: Readonly<Record<string, AppRoles>> = {
  'c5393580-f805-4401-95e8-94b7a6ef2fc2': {
    api: 'Office 365 Management APIs',
    roles: {
      'ActivityFeed.Read': '594c1fb6-4f81-4475-ae41-0c394909246c',
      'ActivityFeed.ReadDlp': '4807a72c-ad38-4250-94c9-4eabfe26cd55',
      'ServiceHealth.Read': 'e2cea78f-e743-4d8f-a16a-75b629a038ae',
    },
  },
  '00000003-0000-0000-c000-000000000000': {
    api: 'Microsoft Graph',
    roles: {
      'AuditLogsQuery.Read.All': '5e1e9171-754d-478c-812c-f1755a9a4c2d',
      'Reports.Read.All': '230c1aed-a721-4c5d-9cb4-a90514e508ef',
      'ReportSettings.Read.All': 'ee353f83-55ef-4b78-82da-555bfa2b4b95',
      'User.Read.All': 'df021288-bdef-4463-88db-98f22de89214',
      'LicenseAssignment.Read.All': 'e2f98668-2877-4f38-a2f4-8202e0717aa1',
      'User.ReadBasic.All': '97235f07-e226-4f63-ace3-39588e11d3a1',
      'Sites.Read.All': '332a536c-c7ef-4017-ab91-336970924f0d',
      'Sites.Selected': '883ea226-0bf2-4a8f-9f9d-92c9162a727d',
      'Files.Read.All': '01d4889c-1287-42c6-ac1f-5d1e02578ef6',
      'Chat.ReadBasic.All': 'b2e060da-3baf-4687-9611-f4ebc0f0cbde',
      'OnlineMeetings.Read.All': 'c1684f21-1984-47fa-9d61-2dc8c296bb70',
      'InformationProtectionPolicy.Read.All': '19da66cb-0fb0-4390-b071-ebc76a349482',
      'SensitivityLabels.Read.All': 'e46a01e9-b2cf-4d89-8424-bcdc6dd445ab',
      'GroupMember.Read.All': '98830695-27a2-44f7-8c18-0c3ebc9698f6',
      'Organization.Read.All': '498476ce-e0fe-48b0-b801-37ba7e2685c6',
      'Directory.Read.All': '7ab1d382-f21e-4acd-a863-ba3e13f7da61',
      'AiEnterpriseInteraction.Read.All': '839c90ab-5771-41ee-aef8-a562e8487c1e',
      'CopilotPackages.Read.All': '72f0655d-6228-4ddc-8e1b-164973b9213b',
      'AgentInstance.Read.All': '799a4732-85b8-4c67-b048-75f0e88a232b',
      'AgentIdentity.Read.All': 'b2b8f011-2898-4234-9092-5059f6c1ebfa',
      'ThreatHunting.Read.All': 'dd98c7f5-2d42-42d3-a0e4-633161547251',
    },
  },
};
