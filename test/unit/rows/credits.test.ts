import { expect, test } from 'vitest';
import type { AgentKind } from '../../../collector/records/agent-kind.ts';
import type { Message } from '../../../collector/records/audit-record.ts';
import { toCredits, type CreditInput } from '../../../collector/rows/credits.ts';
import { resourceOf } from '../records/resource-of.ts';

const GUID = 'c0c0c0c0-0000-4000-8000-000000000001';

const file = resourceOf({ type: 'docx', listItemUniqueId: GUID });
const web = resourceOf({ type: 'WebSearchQuery' });
const call = resourceOf({ type: 'Connector', action: 'SendMail' });
const odd = resourceOf({ type: 'http' });

const message = (isPrompt: boolean | null): Message => ({ id: null, isPrompt, jailbreakDetected: null });
const prompt = message(true);
const answer = message(false);
const answers = (count: number): readonly Message[] => [prompt, ...Array.from({ length: count }, () => answer)];

const deep = { provider: 'OpenAI', name: 'DEEP_LEO', version: null };

type Case = Partial<Omit<CreditInput, 'event'>> & Partial<CreditInput['event']>;

const credits = ({ messages = answers(1), resources = [], models = [], ...more }: Case): ReturnType<typeof toCredits> =>
  toCredits({
    eventTime: '2026-09-01T09:30:00Z',
    event: { messages, resources, models },
    agentKind: 'custom-engine',
    twinRole: 'none',
    surfaceGroup: 'Teams',
    appIdentity: null,
    isTestPane: false,
    isAutonomous: false,
    hasLicense: false,
    ...more,
  });

test('four answers that rest on the tenant are 48 credits', () => {
  expect(credits({ messages: answers(4), resources: [file] })).toEqual({
    CreditsGross: 48,
    CreditsBillable: 48,
    CreditBreakdown: { generative: 8, grounding: 40, action: 0 },
    CreditBasis: 'CustomEngine',
    GroundingBasis: 'TenantResource',
    CreditRateVersion: '2025-09',
    IsZeroRated: false,
    ZeroRatedReason: null,
  });
});

test('deep reasoning with three answers that rest on the tenant is 41 credits', () => {
  expect(credits({ messages: answers(3), resources: [file], models: [deep] })).toMatchObject({
    CreditsGross: 41,
    CreditsBillable: 41,
    CreditBreakdown: { generative: 6, grounding: 30, action: 5 },
  });
});

test.for<[what: string, input: Case, gross: number, breakdown: readonly number[], grounding: string]>([
  [
    'a message that does not say what it is counts nothing',
    { messages: [prompt, message(null)] },
    0,
    [0, 0, 0],
    'NoResources',
  ],
  [
    'several answers to one prompt count each',
    { messages: [prompt, answer, answer, answer] },
    6,
    [6, 0, 0],
    'NoResources',
  ],
  ['an answer without a prompt counts', { messages: [answer] }, 2, [2, 0, 0], 'NoResources'],
  [
    'a prompt without an answer counts nothing, even grounded',
    { messages: [prompt], resources: [file] },
    0,
    [0, 0, 0],
    'TenantResource',
  ],
  ['the web is no grounding in the tenant', { resources: [web] }, 2, [2, 0, 0], 'ExternalOnly'],
  [
    'one resource of the tenant among others is enough',
    { resources: [web, odd, file] },
    12,
    [2, 10, 0],
    'TenantResource',
  ],
  [
    'grounding is charged for an answer, not for a resource',
    { resources: [file, file, file] },
    12,
    [2, 10, 0],
    'TenantResource',
  ],
  ['what cannot be classified is charged', { resources: [web, odd] }, 12, [2, 10, 0], 'UnclassifiedResource'],
  ['a tool call is an action, each, and no grounding', { resources: [call, call] }, 12, [2, 0, 10], 'NoResources'],
  [
    'deep reasoning counts once a record, in any casing',
    { models: [{ ...deep, name: 'deep_leo' }, deep] },
    7,
    [2, 0, 5],
    'NoResources',
  ],
  [
    'a model without a name is no deep reasoning',
    {
      models: [
        { ...deep, name: null },
        { ...deep, name: 'Auto' },
      ],
    },
    2,
    [2, 0, 0],
    'NoResources',
  ],
  [
    'a run without messages is charged for its tool calls',
    { messages: [], resources: [call] },
    5,
    [0, 0, 5],
    'NoResources',
  ],
])('%s', ([, input, gross, [generative, grounding, action], basis]) => {
  expect(credits(input)).toMatchObject({
    CreditsGross: gross,
    CreditsBillable: gross,
    CreditBreakdown: { generative, grounding, action },
    CreditBasis: 'CustomEngine',
    GroundingBasis: basis,
    IsZeroRated: false,
    ZeroRatedReason: null,
  });
});

test('an agent without messages and calls is a gap with a name', () => {
  expect(credits({ messages: [] })).toMatchObject({ CreditsGross: 0, CreditsBillable: 0, CreditBasis: 'NoMessages' });
  expect(credits({ messages: [], isTestPane: true, twinRole: 'runtime', agentKind: 'none' }).CreditBasis).toBe(
    'NoMessages',
  );
});

const grounded = { resources: [file] };
type Billing = readonly [billable: number | null, isZeroRated: boolean | null, reason: string | null];

test.for<[what: string, input: Case, gross: number, billing: Billing]>([
  ['a licensed user', { ...grounded, hasLicense: true }, 12, [0, true, 'licensed']],
  ['an unlicensed user', { ...grounded, hasLicense: false }, 12, [12, false, null]],
  ['a licence that nobody knows', { ...grounded, hasLicense: null }, 12, [null, null, null]],
  ['a licence that nobody knows and nothing to pay', { messages: [prompt], hasLicense: null }, 0, [0, false, null]],
  ['a licence, and nothing to pay', { messages: [prompt], hasLicense: true }, 0, [0, false, null]],
  [
    'an autonomous run in the name of a licensed user',
    { ...grounded, isAutonomous: true, hasLicense: true },
    12,
    [12, false, null],
  ],
  [
    'an autonomous run whose licence nobody knows',
    { ...grounded, isAutonomous: true, hasLicense: null },
    12,
    [12, false, null],
  ],
  ['the test pane', { ...grounded, isTestPane: true }, 12, [0, true, 'testPane']],
  [
    'the test pane of an autonomous agent',
    { ...grounded, isTestPane: true, isAutonomous: true },
    12,
    [0, true, 'testPane'],
  ],
  ['the test pane with nothing to pay', { messages: [], isTestPane: true, hasLicense: null }, 0, [0, true, 'testPane']],
  ['a declarative agent on instructions alone', { agentKind: 'declarative' }, 2, [0, true, 'declarative']],
  ['a declarative agent on the web', { agentKind: 'declarative', resources: [web] }, 2, [0, true, 'declarative']],
  [
    'a declarative agent on instructions alone, licence unknown',
    { agentKind: 'declarative', hasLicense: null },
    2,
    [0, true, 'declarative'],
  ],
  ['a declarative agent on the tenant', { agentKind: 'declarative', ...grounded }, 12, [12, false, null]],
  [
    'a declarative agent on the tenant, licensed',
    { agentKind: 'declarative', ...grounded, hasLicense: true },
    12,
    [0, true, 'licensed'],
  ],
  [
    'a declarative agent on the tenant, licence unknown',
    { agentKind: 'declarative', ...grounded, hasLicense: null },
    12,
    [null, null, null],
  ],
  [
    'a declarative agent on what cannot be classified',
    { agentKind: 'declarative', resources: [odd] },
    12,
    [12, false, null],
  ],
  ['a declarative agent that calls a tool', { agentKind: 'declarative', resources: [call] }, 7, [7, false, null]],
  ['a SharePoint agent on the tenant', { agentKind: 'declarative-sharepoint', ...grounded }, 12, [12, false, null]],
  ['an agent of a customer of unknown kind', { agentKind: 'customer-unknown' }, 2, [2, false, null]],
])('who pays for %s', ([, input, gross, [CreditsBillable, IsZeroRated, ZeroRatedReason]]) => {
  expect(credits(input)).toMatchObject({ CreditsGross: gross, CreditsBillable, IsZeroRated, ZeroRatedReason });
});

test.for<[AgentKind, string]>([
  ['custom-engine', 'CustomEngine'],
  ['customer-unknown', 'CustomerAgent'],
  ['declarative', 'Declarative'],
  ['declarative-sharepoint', 'Declarative'],
  ['microsoft', 'MicrosoftAgent'],
  ['unknown', 'NotAssessed'],
  ['none', 'NoAgent'],
])('an agent of kind %s is on the basis %s', ([agentKind, basis]) => {
  expect(credits({ agentKind }).CreditBasis).toBe(basis);
});

const unpriced = { CreditBreakdown: null, GroundingBasis: 'NotAssessed', CreditRateVersion: null };

test.for<[what: string, input: Case, basis: string, gross: number | null, billing: Billing]>([
  ['no agent', { agentKind: 'none', hasLicense: null }, 'NoAgent', 0, [0, false, null]],
  [
    "Microsoft's agents",
    { agentKind: 'microsoft', hasLicense: null },
    'MicrosoftAgent',
    0,
    [0, true, 'microsoftAgent'],
  ],
  ['an agent of unknown kind', { agentKind: 'unknown', hasLicense: true }, 'NotAssessed', null, [null, null, null]],
  [
    'the runtime half of a turn',
    { twinRole: 'runtime', resources: [file, call] },
    'NoMessages',
    0,
    [0, true, 'runtimeTwin'],
  ],
  [
    'Security Copilot by its host',
    { surfaceGroup: 'Security', agentKind: 'none' },
    'NotEstimable',
    null,
    [null, null, 'notEstimable'],
  ],
  [
    'Security Copilot by its identity',
    { appIdentity: 'copilot.security.SecurityCopilot' },
    'NotEstimable',
    null,
    [null, null, 'notEstimable'],
  ],
  [
    'Cowork by its host',
    { surfaceGroup: 'Cowork', agentKind: 'microsoft' },
    'NotEstimable',
    null,
    [null, null, 'notEstimable'],
  ],
  [
    'Cowork by its identity',
    { appIdentity: 'Copilot.M365Copilot.CoworkChat', agentKind: 'microsoft' },
    'NotEstimable',
    null,
    [null, null, 'notEstimable'],
  ],
  ['tools of developers', { surfaceGroup: 'Developer' }, 'NotEstimable', null, [null, null, 'notEstimable']],
])('%s: nothing is priced', ([, input, CreditBasis, CreditsGross, [CreditsBillable, IsZeroRated, ZeroRatedReason]]) => {
  expect(credits({ ...grounded, ...input })).toEqual({
    ...unpriced,
    CreditBasis,
    CreditsGross,
    CreditsBillable,
    IsZeroRated,
    ZeroRatedReason,
  });
});

test('the client half of a turn is priced', () => {
  expect(credits({ twinRole: 'client', ...grounded })).toMatchObject({ CreditsGross: 12, CreditsBillable: 12 });
});
