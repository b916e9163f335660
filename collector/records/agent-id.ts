import { isGuid } from './json-value.ts';

/** The ids of one agent, whatever surface sent them. */
export interface AgentIds {
  readonly normalized: string | null;
  /** `T_...` or `P_...`: the id of the package catalogue. */
  readonly titleId: string | null;
}

const GUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const TITLE = new RegExp(`^([TP])_(${GUID})$`, 'i');
const TITLE_IN_IDENTITY = new RegExp(
  `^(?:Copilot\\.Studio\\.CustomEngine|MicrosoftAgent\\.[^.]+)\\.([TP]_${GUID})$`,
  'i',
);
const STUDIO_SCHEMA = new RegExp(`^Copilot\\.Studio\\.(?:Default-)?${GUID}-(.+)$`, 'i');
const STUDIO_APP = new RegExp(`^Copilot\\.Studio\\.(${GUID})$`, 'i');
const BUILT_IN = /^MicrosoftAgent\.([^.]+)\./i;
const SHAREPOINT = /^SharePointAgents\.Declarative\.(?=SPO_)/i;
const STUDIO = new RegExp(`^(CopilotStudio)\\.(Declarative|CustomEngine)\\.(${GUID})$`, 'i');

/** `T_x` or `P_x` with upper-case letter and lower-case GUID; null for anything else. */
function toTitleId(id: string | null): string | null {
  const parts = id === null ? null : TITLE.exec(id);
  return parts === null ? null : `${(parts[1] ?? '').toUpperCase()}_${(parts[2] ?? '').toLowerCase()}`;
}

function normalize(id: string): string {
  if (isGuid(id)) return id.toLowerCase();
  const dot = id.indexOf('.');
  if (/^T_/i.test(id) && dot > 0 && dot < id.length - 1) return normalize(id.slice(dot + 1));
  const studio = STUDIO.exec(id);
  if (studio !== null) {
    const kind = studio[2]?.toLowerCase() === 'declarative' ? 'Declarative' : 'CustomEngine';
    return `CopilotStudio.${kind}.${studio[3]?.toLowerCase()}`;
  }
  // What follows SPO_ is base64: its casing matters.
  return toTitleId(id) ?? id.replace(SHAREPOINT, '');
}

/** Schema name of a Copilot Studio agent in its AppIdentity `Copilot.Studio.<environment>-<schemaName>`; else null. */
export function studioSchemaName(appIdentity: string | null): string | null {
  return (appIdentity === null ? null : STUDIO_SCHEMA.exec(appIdentity)?.[1]) ?? null;
}

/** Normalised id and title id of an agent: `T_a.b` is b with title T_a; without an AgentId, AppIdentity may name it. */
export function toAgentIds(
  agentId: string | null,
  appIdentity: string | null,
  targetPlatformAgentId: string | null,
): AgentIds {
  const inIdentity = (appIdentity === null ? null : TITLE_IN_IDENTITY.exec(appIdentity)?.[1]) ?? null;
  const sent = agentId?.trim() ?? null;
  const source =
    sent ??
    inIdentity ??
    studioSchemaName(appIdentity) ??
    (appIdentity === null ? null : STUDIO_APP.exec(appIdentity)?.[1]) ??
    null;
  const [first = ''] = (sent ?? '').split('.', 1);
  return {
    normalized: source === null ? null : normalize(source),
    titleId: toTitleId(first) ?? toTitleId(inIdentity) ?? toTitleId(targetPlatformAgentId),
  };
}

/** The agent's name as sent; else the schema name or built-in name in AppIdentity; else null. */
export function toAgentName(agentName: string | null, appIdentity: string | null): string | null {
  return (
    agentName ??
    studioSchemaName(appIdentity) ??
    (appIdentity === null ? null : BUILT_IN.exec(appIdentity)?.[1]) ??
    null
  );
}
