/** Hunting queries: from YAML to saved searches that Sentinel lists under Hunting. */
import { describe, expect, test } from 'vitest';
import { readHunts } from '../../kql/content/read-hunting.ts';
import {
  contentPlan,
  contentRoot,
  dependencies,
  messageOf,
  resource,
  withFiles,
} from '../fixtures/infra-content/runs.ts';

const hunt = (changes: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({
    id: '3f1c2d4e-0001-4a5b-8c6d-0000000001ff',
    name: 'A hunt',
    description: 'Looks for something',
    query: 'DemoEvents',
    ...changes,
  });
const problemOf = (text: string): string =>
  messageOf(() => withFiles({ 'hunting/a.yaml': text }, (root) => readHunts(`${root}/hunting`)));

describe('reading hunts', () => {
  test('yields what a saved search needs, ids in lower case', () => {
    expect(readHunts(`${contentRoot}/kql/hunting`)).toEqual([
      {
        file: 'many-agents',
        id: '3f1c2d4e-0001-4a5b-8c6d-000000000101',
        name: 'Many agents in a week',
        description: 'More agents than usual. A hunt, not an alarm.',
        query: 'DemoAgents(7d)\n| count',
        version: '1.0.0',
        tactics: ['Execution', 'Collection'],
        techniques: ['T1059'],
      },
      expect.objectContaining({ file: 'quiet-agents', id: '3f1c2d4e-0001-4a5b-8c6d-000000000102', version: '1.2.0' }),
    ]);
  });

  test('a folder that is not there holds none', () => expect(readHunts('/nowhere')).toEqual([]));

  test.for([
    { text: hunt({ id: 'one' }), says: 'hunting/a.yaml:1: id: Invalid GUID (it is "one")' },
    { text: hunt({ query: ' ' }), says: 'hunting/a.yaml:1: query: ' },
    { text: hunt({ tactics: ['Stealth'] }), says: 'hunting/a.yaml:1: tactics[0]: ' },
    { text: hunt({ querry: 'x' }), says: 'hunting/a.yaml:1: Unrecognized key: "querry"' },
    { text: 'name: x\nid: [', says: /^hunting\/a\.yaml:2: no YAML: .* at line 2, column 6/ },
    { text: 'name: x\nid: *one\n', says: /^hunting\/a\.yaml:2: no YAML: .*: one$/ },
  ])('an error names file and field: $says', ({ text, says }) => expect(problemOf(text)).toMatch(says));
});

test('a hunt that changed is removed and saved anew: Azure takes no other change without its etag', async () => {
  expect(resource(await contentPlan(), 'hunt-many-agents')).toMatchObject({
    replaceOnChanges: ['*'],
    deleteBeforeReplace: true,
  });
});

test('a hunt is a saved search with its description, tactics and techniques as tags', async () => {
  const plan = await contentPlan();
  expect(resource(plan, 'hunt-many-agents').inputs).toEqual({
    resourceGroupName: 'rg-fixture',
    workspaceName: 'log-fixture',
    savedSearchId: '3f1c2d4e-0001-4a5b-8c6d-000000000101',
    displayName: 'Many agents in a week',
    category: 'Hunting Queries',
    query: 'DemoAgents(7d)\n| count',
    tags: [
      { name: 'description', value: 'More agents than usual. A hunt, not an alarm.' },
      { name: 'tactics', value: 'Execution,Collection' },
      { name: 'techniques', value: 'T1059' },
    ],
    version: 2,
  });
  expect(dependencies(plan, 'hunt-many-agents')).toEqual(
    expect.arrayContaining(['sentinel', 'function-DemoAgents', 'function-DemoEvents']),
  );
});
