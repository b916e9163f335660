import { expect, it } from 'vitest';
import { toCatalogue } from '../../../collector/enrich/agents.ts';
import { fakeGraph, forbidden, list, missing } from './fake-graph.ts';
import { enrichmentOf, recordOf } from './records.ts';

const title = 'bbbbbbbb-0000-4000-8000-000000000001';
const spn = 'bbbbbbbb-0000-4000-8000-000000000002';
const app = 'bbbbbbbb-0000-4000-8000-000000000003';
const one = {
  id: `T_${title}`,
  displayName: 'Trip planner',
  type: 'custom',
  publisher: 'Contoso',
  platform: 'Copilot Studio',
  isBlocked: false,
  availableTo: 'some',
  appId: app.toUpperCase(),
};
const facts = {
  kind: 'agent',
  name: 'Trip planner',
  packageType: 'custom',
  publisher: 'Contoso',
  platform: 'Copilot Studio',
  isBlocked: false,
  sharing: 'some',
};
const catalogue = () =>
  fakeGraph({ 'v1.0 /copilot/admin/catalog/packages': list(one, null, { displayName: 'no id' }) });

it.for([
  ['title and agent', { AgentId: `T_${title}.${spn}` }, spn],
  ['title', { AgentId: `T_${title}` }, `t_${title}`],
  ['app', { AgentId: app }, app],
  ['app in AppIdentity', { AppIdentity: `Copilot.Studio.${app}` }, app],
  ['title in AppIdentity', { AppIdentity: `Copilot.Studio.CustomEngine.T_${title}` }, `t_${title}`],
  [
    'title in a Copilot Studio id',
    { AgentId: `CopilotStudio.Declarative.${title}` },
    `copilotstudio.declarative.${title}`,
  ],
  ['title of the target', { AgentId: spn, TargetPlatformAgentId: `T_${title}` }, spn],
] as const)('finds an agent by its %s', async ([, top, key]) => {
  const { facts: got, seen } = await enrichmentOf(catalogue(), ['agents']).enrich([recordOf(top)]);
  expect(got).toMatchObject([{ agent: facts, errors: [] }]);
  expect(seen).toMatchObject([{ entity: { kind: 'agent', key, facts }, lookUp: 'complete', owedAs: null }]);
  const ids = [key, ...(seen[0]?.entity.aliases ?? [])];
  expect(ids).toEqual(expect.arrayContaining([`t_${title}`, app]));
  expect(new Set(ids).size).toBe(ids.length);
});

it('keeps the casing of SharePoint agents, and their facts are unknown without a package', async () => {
  const enriched = await enrichmentOf(catalogue(), ['agents']).enrich([
    recordOf({ AgentId: 'SharePointAgents.Declarative.SPO_AbC=' }),
  ]);
  expect(enriched.facts).toMatchObject([{ agent: null, errors: ['agents: not-found'] }]);
  expect(enriched.seen[0]?.entity).toMatchObject({
    key: 'SPO_AbC=',
    aliases: ['SharePointAgents.Declarative.SPO_AbC='],
    facts: null,
  });
});

it('remembers every id of an agent, so that its row stays the same whichever one an event names', async () => {
  const running = enrichmentOf(undefined, []);
  await running.enrich([recordOf({ AgentId: `T_${title}.${spn}` })]);
  const { seen } = await running.enrich([recordOf({ AgentId: spn })]);
  expect(seen[0]?.entity.aliases).toEqual([`t_${title}`, `t_${title}.${spn}`]);
});

const halves = [
  ['client half', { AgentId: `T_${title}.${spn}` }],
  ['other half', { AgentId: spn }],
] as const;

it.for([
  ['first', [0, 1]],
  ['last', [1, 0]],
] as const)('finds an agent of which the record that names its title comes %s in a batch', async ([, order]) => {
  const records = order.map((n) => recordOf(halves[n][1]));
  const { facts: got } = await enrichmentOf(catalogue(), ['agents']).enrich(records);
  expect(got).toMatchObject([{ agent: facts }, { agent: facts }]);
});

it('finds an agent by a title that an earlier batch named', async () => {
  const running = enrichmentOf(catalogue(), ['agents']);
  await running.enrich([recordOf(halves[0][1])]);
  const { facts: got } = await running.enrich([recordOf(halves[1][1])]);
  expect(got).toMatchObject([{ agent: facts, errors: [] }]);
});

it('gives the whole catalogue at every pass, because its rows may not have arrived, and reads it once a day', async () => {
  const graph = catalogue();
  const running = enrichmentOf(graph, ['agents']);
  const whole = [
    { entity: { kind: 'agent', key: `t_${title}`, aliases: [app], facts }, firstEventMs: null, lookUp: 'complete' },
  ];
  running.refresh([]);
  await running.settled();
  const first = running.takeLate();
  expect(first).toMatchObject(whole);
  running.refresh([]);
  await running.settled();
  expect(running.takeLate()).toEqual(first);
  expect(graph.calls).toHaveLength(1);
});

it('tells nothing by an id that two packages share', () => {
  const { byId, findings } = toCatalogue([one, { ...one, id: `P_${title}` }]);
  expect(byId.has(app)).toBe(false);
  expect(findings.map(({ aliases }) => aliases)).toEqual([[], []]);
});

it('reads the beta catalogue where v1.0 has none, and names the permission when neither may be read', async () => {
  const graph = fakeGraph({ 'v1.0 ': missing, 'beta /copilot/admin/catalog/packages': list(one) });
  const { facts: got } = await enrichmentOf(graph, ['agents']).enrich([recordOf({ AgentId: app })]);
  expect(got[0]?.agent).toEqual(facts);
  const refused = enrichmentOf(
    fakeGraph(() => forbidden),
    ['agents'],
  );
  await refused.enrich([recordOf({ AgentId: app })]);
  expect(refused.takeTroubles()).toMatchObject([
    { enricher: 'agents', reason: 'forbidden', detail: expect.stringContaining('CopilotPackages.Read.All') },
  ]);
});
