/** Watchlists: seeded from CSV once, then the SOC's. */
import { describe, expect, test } from 'vitest';
import { readWatchlists } from '../../kql/content/read-watchlists.ts';
import { titleOf } from '../../kql/content/title.ts';
import { contentPlan, contentRoot, messageOf, resource, withFiles } from '../fixtures/infra-content/runs.ts';

const problemOf = (name: string, text: string): string =>
  messageOf(() => withFiles({ [`watchlists/${name}`]: text }, (root) => readWatchlists(`${root}/watchlists`)));

describe('reading watchlists', () => {
  test('the first column is the search key, and line ends do not depend on the checkout', () => {
    expect(readWatchlists(`${contentRoot}/watchlists`)).toEqual([
      {
        alias: 'DemoApprovedAgents',
        displayName: 'Demo approved agents',
        searchKey: 'AgentId',
        content: 'AgentId,Name,Note\nT_00000000-0000-4000-8000-000000000301,"Travel, Europe","says ""hello"""\n',
      },
      expect.objectContaining({
        alias: 'DemoSensitiveLabels',
        searchKey: 'LabelId',
        content: expect.not.stringContaining('\r'),
      }),
    ]);
  });

  test.for([
    ['Empty.csv', '', 'watchlists/Empty.csv: empty'],
    ['NoName.csv', 'Key,,Note\na,b,c\n', 'watchlists/NoName.csv: header: a column has no name'],
    ['Twice.csv', 'Key,Key\na,b\n', 'watchlists/Twice.csv: header: Key is there twice'],
    ['Ragged.csv', 'Key,Note\na\n', 'watchlists/Ragged.csv: no CSV: '],
    ['NoKey.csv', 'Key,Note\na,b\n ,c\n', 'watchlists/NoKey.csv: item 2: Key: the search key is empty'],
    ['1st.csv', 'Key\na\n', 'watchlists/1st.csv: file name: '],
    ['Big.csv', `Key\n${'a'.repeat(3_800_001)}\n`, 'watchlists/Big.csv: larger than 3.8 MB'],
  ] as const)('an error names file and place: %s', ([name, text, says]) => {
    expect(problemOf(name, text)).toContain(says);
  });

  test.for([
    ['CopilotSensitiveLabels', 'Copilot sensitive labels'],
    ['CopilotApprovedAIApps', 'Copilot approved AI apps'],
    ['CopilotVIP', 'Copilot VIP'],
    ['SecurityCopilotUsers', 'Security Copilot users'],
    ['soc-overview', 'Soc overview'],
    ['TI_feeds', 'TI feeds'],
  ] as const)('%s is shown as a title', ([name, title]) => expect(titleOf(name)).toBe(title));
});

describe('a watchlist in the deployment', () => {
  test('carries its items and its search key', async () => {
    expect(resource(await contentPlan(), 'watchlist-DemoSensitiveLabels').inputs).toMatchObject({
      watchlistAlias: 'DemoSensitiveLabels',
      displayName: 'Demo sensitive labels',
      provider: 'copilot-sentinel',
      source: 'DemoSensitiveLabels.csv',
      sourceType: 'Local',
      contentType: 'text/csv',
      itemsSearchKey: 'LabelId',
      numberOfLinesToSkip: 0,
      rawContent: expect.stringMatching(/^LabelId,Rank\n.*\n.*,5\n$/),
    });
  });

  test('is never written again: a change of any property would send the seed along', async () => {
    const { inputs, ignoreChanges } = resource(await contentPlan(), 'watchlist-DemoApprovedAgents');
    const identity = new Set(['resourceGroupName', 'workspaceName', 'watchlistAlias']);
    expect([...ignoreChanges].sort()).toEqual(
      Object.keys(inputs)
        .filter((name) => !identity.has(name))
        .sort(),
    );
    expect(ignoreChanges).toContain('rawContent');
  });

  test.for([
    { deleteData: 'false', isKept: true },
    { deleteData: 'true', isKept: false },
  ])('stays when its file goes, and stops nothing: deleteData=$deleteData, kept=$isKept', async (given) => {
    const plan = await contentPlan({ config: { deleteData: given.deleteData } });
    expect(resource(plan, 'watchlist-DemoApprovedAgents')).toMatchObject({
      protect: false,
      retainOnDelete: given.isKept,
    });
  });
});
