import { expect, it } from 'vitest';
import { toLabels } from '../../../collector/enrich/labels.ts';
import { failed, fakeGraph, forbidden, list, missing } from './fake-graph.ts';
import { enrichmentOf, recordOf } from './records.ts';

const top = 'aaaaaaaa-0000-4000-8000-000000000001';
const sub = 'aaaaaaaa-0000-4000-8000-000000000002';
const other = 'aaaaaaaa-0000-4000-8000-000000000003';
const nil = '00000000-0000-0000-0000-000000000000';
const labels = [
  {
    id: top.toUpperCase(),
    name: 'c1',
    displayName: 'Confidential',
    priority: 3,
    sublabels: [{ id: sub, name: 'Board', priority: 4 }],
  },
];
const labelled = (...ids: readonly string[]) =>
  recordOf({}, { AccessedResources: ids.map((SensitivityLabelId) => ({ Type: 'docx', SensitivityLabelId })) });

it('gives name, priority and parent of each label of a record, and all of the list', async () => {
  const graph = fakeGraph({ 'v1.0 /security/dataSecurityAndGovernance/sensitivityLabels': list(...labels) });
  const one = enrichmentOf(graph, ['labels']);
  const { facts, seen } = await one.enrich([labelled(sub.toUpperCase(), nil, sub)]);
  const board = { kind: 'label', name: 'Board', priority: 4, parentId: top };
  expect(facts[0]).toMatchObject({ labels: new Map([[sub, board]]), errors: [] });
  expect(seen).toMatchObject([{ entity: { kind: 'label', key: sub, facts: board }, lookUp: 'complete' }]);
  expect(seen[0]?.firstEventMs).not.toBeNull();
  expect(one.takeLate()).toMatchObject([
    { entity: { key: top, facts: { name: 'Confidential', priority: 3, parentId: null } }, firstEventMs: null },
  ]);
  expect(one.takeLate()).toEqual([]);
  await one.enrich([labelled(top)]);
  expect(graph.calls).toHaveLength(1);
});

it('knows no label that the list does not hold', async () => {
  const graph = fakeGraph({ 'v1.0 /security/': list(...labels) });
  const one = enrichmentOf(graph, ['labels']);
  const { facts, seen } = await one.enrich([labelled(other, top)]);
  expect([...(facts[0]?.labels.keys() ?? [])]).toEqual([top]);
  expect(facts[0]?.errors).toEqual(['labels: not-found']);
  expect(seen[0]).toMatchObject({ entity: { key: other, facts: null }, lookUp: 'partial', owedAs: null });
  expect(one.takeTroubles()).toEqual([]);
});

it.for([missing, forbidden, failed('refused')])('reads the older list after %o', async (answer) => {
  const beta = list({ id: top, name: 'Confidential', sensitivity: 3 }, { id: sub, name: 'Board', parent: { id: top } });
  const graph = fakeGraph({
    'v1.0 /security/': answer,
    'beta /security/informationProtection/sensitivityLabels': beta,
  });
  const { facts } = await enrichmentOf(graph, ['labels']).enrich([labelled(sub, top)]);
  expect(facts[0]?.labels.get(sub)).toMatchObject({ name: 'Board', parentId: top });
  expect(facts[0]?.labels.get(top)).toMatchObject({ priority: 3 });
});

it('says which permission is missing when neither list may be read', async () => {
  const one = enrichmentOf(fakeGraph({ 'v1.0 ': forbidden, 'beta ': forbidden }), ['labels']);
  const { facts } = await one.enrich([labelled(top)]);
  expect(facts[0]?.errors).toEqual(['labels: forbidden']);
  expect(one.takeTroubles()[0]?.detail).toContain('SensitivityLabels.Read.All');
});

it('says so even when no event has a label', async () => {
  const one = enrichmentOf(fakeGraph({ 'v1.0 ': forbidden, 'beta ': forbidden }), ['labels']);
  one.refresh([]);
  await one.settled();
  expect(one.takeTroubles()).toMatchObject([{ enricher: 'labels', reason: 'forbidden', count: 1 }]);
  one.refresh([]);
  await one.settled();
  expect(one.takeTroubles()).toEqual([]);
});

it('does not try the older list while Graph is busy', async () => {
  const graph = fakeGraph({ 'v1.0 ': failed('throttled') });
  await enrichmentOf(graph, ['labels']).enrich([labelled(top)]);
  expect(graph.calls).toHaveLength(1);
});

it('survives a tower of sublabels, and leaves out what is no label', () => {
  let tower: object = { id: top };
  for (let i = 0; i < 5000; i++) tower = { id: sub, sublabels: [tower] };
  expect(toLabels([tower]).length).toBeLessThan(10);
  expect(toLabels([null, 7, {}, { id: nil }, { id: 'x' }, [labels]])).toEqual([]);
});
