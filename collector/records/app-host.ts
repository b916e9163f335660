/** Where Copilot was used, in one spelling, and the family of that application. */
export interface AppHost {
  readonly normalized: string;
  readonly group: string;
}

/** Hosts by family: Purview "Audit logs for Copilot", Copilot schema, and values seen in tenants. */
const groups: Readonly<Record<string, string>> = {
  Chat: 'BizChat, AppChat, Bing, Edge, M365App, Office, OfficeCopilotSearchAnswer, Assist365',
  Office:
    'Word, WordOnCanvas, Excel, PowerPoint, PowerPointOnCanvas, OneNote, OneNoteCopilotNotebook, ' +
    'OfficeCopilotNotebook, Bookings, Designer, Forms, Loop, Planner, Whiteboard',
  Outlook: 'Outlook, OutlookOnCanvas, OutlookSidepane',
  Teams: 'Teams, Microsoft Teams',
  SharePoint: 'SharePoint, OneDrive, Stream',
  Viva: 'VivaEngage, VivaGoals, VivaPulse, VivaCopilot',
  Security:
    'Security Copilot Standalone, Defender, Copilot in Defender, Copilot in Intune, Microsoft Purview, ' +
    'Copilot in Microsoft Entra, Copilot in Microsoft Purview, Copilot in Azure Firewall, ' +
    'Copilot in Defender External Attack Surface Management (EASM)',
  Azure: 'Copilot in Azure, Logic App',
  Admin: 'M365AdminCenter, TeamsAdminPortal',
  Studio: 'm365copilot, Copilot Studio',
  Autonomous: 'Autonomous',
  Fabric: 'Power BI, DataWarehousing Core',
  Developer: 'DevUI, BashTool',
};

const known = new Map(
  Object.entries(groups).flatMap(([group, hosts]) =>
    hosts.split(', ').map((normalized) => [normalized.toLowerCase(), { normalized, group }] as const),
  ),
);

/** One spelling and the family of a host as sent; an unknown host passes through with the family Other. */
export function toAppHost(sent: string): AppHost {
  const trimmed = sent.trim().replaceAll(/\s+/g, ' ');
  const folded = trimmed.toLowerCase();
  return known.get(folded) ?? { normalized: trimmed, group: folded.startsWith('cowork') ? 'Cowork' : 'Other' };
}
