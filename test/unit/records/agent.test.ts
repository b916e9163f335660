import { expect, test } from 'vitest';
import { studioSchemaName, toAgentIds, toAgentName } from '../../../collector/records/agent-id.ts';
import { toAgentKind, type AgentEvidence } from '../../../collector/records/agent-kind.ts';
import { toTwinRole } from '../../../collector/records/twin-role.ts';

const A = 'aaaaaaaa-0000-4000-8000-00000000000a';
const B = 'bbbbbbbb-0000-4000-8000-00000000000b';
const STUDIO = `Copilot.Studio.Default-${A}-con01_helpDesk`;

test.for([
  [`T_${A}.${B}`, null, null, B, `T_${A}`],
  [`t_${A.toUpperCase()}.${B.toUpperCase()}`, null, null, B, `T_${A}`],
  [B.toUpperCase(), STUDIO, `T_${A}`, B, `T_${A}`],
  [`T_${A}`, null, null, `T_${A}`, `T_${A}`],
  [`P_${A}`, null, null, `P_${A}`, `P_${A}`],
  ['SharePointAgents.Declarative.SPO_QmFzZTY0', null, null, 'SPO_QmFzZTY0', null],
  ['SPO_QmFzZTY0', null, null, 'SPO_QmFzZTY0', null],
  [`copilotstudio.declarative.${A.toUpperCase()}`, null, null, `CopilotStudio.Declarative.${A}`, null],
  ['T_new.', null, null, 'T_new.', null],
  [null, `Copilot.Studio.CustomEngine.T_${A}`, null, `T_${A}`, `T_${A}`],
  [null, `MicrosoftAgent.Researcher.P_${A}`, null, `P_${A}`, `P_${A}`],
  [null, STUDIO, null, 'con01_helpDesk', null],
  [null, `Copilot.Studio.${A}-con01_helpDesk`, null, 'con01_helpDesk', null],
  [null, `Copilot.Studio.${A}`, null, A, null],
  [null, 'Copilot.MicrosoftCopilot.BizChat', null, null, null],
  [null, null, null, null, null],
] as const)('agent id %s with identity %s and target %s', ([id, identity, target, normalized, titleId]) => {
  expect(toAgentIds(id, identity, target)).toEqual({ normalized, titleId });
});

test('the name is as sent, else from AppIdentity, else not known', () => {
  expect(toAgentName('Help Desk', STUDIO)).toBe('Help Desk');
  expect(toAgentName(null, STUDIO)).toBe('con01_helpDesk');
  expect(toAgentName(null, `MicrosoftAgent.Researcher.P_${A}`)).toBe('Researcher');
  expect(toAgentName(null, 'Copilot.MicrosoftCopilot.BizChat')).toBeNull();
  expect(studioSchemaName('Copilot.Studio.CustomEngine.T_x')).toBeNull();
});

const nothing: AgentEvidence = {
  agentId: null,
  agentName: null,
  agentPlatform: null,
  appIdentity: null,
  targetAgentName: null,
  targetPlatformAgentId: null,
};

test.for<[string, Partial<AgentEvidence>]>([
  // The id decides before everything else.
  ['declarative', { agentId: `CopilotStudio.Declarative.${A}`, appIdentity: STUDIO }],
  ['custom-engine', { agentId: `CopilotStudio.CustomEngine.${A}`, appIdentity: 'Copilot.M365Copilot.CoworkChat' }],
  ['microsoft', { appIdentity: 'Copilot.M365Copilot.CoworkChat', agentPlatform: 'CopilotStudio' }],
  ['microsoft', { agentId: `P_${A}`, appIdentity: `MicrosoftAgent.Researcher.P_${A}` }],
  ['declarative-sharepoint', { agentId: 'SharePointAgents.Declarative.SPO_x' }],
  ['declarative-sharepoint', { agentId: 'SPO_x', agentPlatform: 'CopilotStudio' }],
  ['custom-engine', { agentId: A, agentPlatform: 'copilotstudio' }],
  ['custom-engine', { appIdentity: STUDIO }],
  ['custom-engine', { appIdentity: `Copilot.Studio.CustomEngine.T_${A}` }],
  ['customer-unknown', { agentId: A, targetAgentName: 'Contoso Help Desk' }],
  ['customer-unknown', { appIdentity: `Copilot.Studio.${A}` }],
  ['unknown', { targetAgentName: 'Researcher' }],
  ['unknown', { targetAgentName: `T_${A}` }],
  ['unknown', { targetAgentName: 'BuiltIn_Something New' }],
  ['unknown', { targetAgentName: A }],
  ['unknown', { agentName: 'Some Name' }],
  ['none', { appIdentity: 'Copilot.MicrosoftCopilot.BizChat' }],
  ['none', {}],
])('kind %s from %j', ([kind, evidence]) => {
  expect(toAgentKind({ ...nothing, ...evidence })).toBe(kind);
});

test.for([
  ['runtime', 'm365copilot', A, null, 0],
  ['runtime', 'M365Copilot', `x.${A}`, B, 0],
  ['runtime', 'Microsoft Teams', A, null, 0],
  ['client', 'Office', `T_${A}.${B}`, null, 2],
  ['none', 'Office', `T_${A}.${B}`, null, 0],
  ['none', 'm365copilot', A, null, 2],
  ['none', 'm365copilot', null, null, 0],
  ['none', 'Copilot Studio', A, null, 0],
  ['none', 'Teams', A, null, 0],
  ['none', null, null, null, 2],
] as const)(
  'twin role %s: host %s, agent %s, blueprint %s, %d messages',
  ([role, appHost, agentId, agentBlueprintId, messageCount]) => {
    expect(toTwinRole({ appHost, agentId, agentBlueprintId, messageCount })).toBe(role);
  },
);
