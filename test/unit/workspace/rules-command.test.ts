import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentFiles } from '../../../kql/content/content-file.ts';
import { evaluate } from '../../../workspace/rules/evaluate.ts';
import { readWatchlistRows } from '../../../workspace/rules/watchlist-rows.ts';
import { atMinute, noon } from './rules-sample.ts';

const command = fileURLToPath(new URL('../../../workspace/rules.ts', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'rules-'));
afterAll(() => rmSync(directory, { recursive: true }));

function put(path: string, text: string): string {
  const file = join(directory, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const run = (...args: readonly string[]): { status: number | null; stdout: string; stderr: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
};

const ruleText = (changes: object): string =>
  JSON.stringify({
    id: '7a1f4c52-0001-4b6e-9d3a-000000000201',
    name: 'A source fails',
    description: 'A source of the collector fails.',
    severity: 'Medium',
    queryFrequency: '15m',
    queryPeriod: '1h',
    triggerOperator: 'gt',
    triggerThreshold: 0,
    tags: ['catalogue:L9'],
    query:
      "let wanted = _GetWatchlist('DemoSources') | project Source = SearchKey;\nCopilotHealth_CL | where Source in (wanted) | project Source, ItemId",
    entityMappings: [{ entityType: 'Account', fieldMappings: [{ identifier: 'FullName', columnName: 'Source' }] }],
    customDetails: { RecordIds: 'ItemId' },
    incidentConfiguration: {
      createIncident: true,
      groupingConfiguration: { enabled: true, lookbackDuration: '5h', matchingMethod: 'AllEntities' },
    },
    version: '1.0.0',
    ...changes,
  });

let rule: string;
beforeAll(() => {
  const rows = [-20, -5].map((minute) =>
    JSON.stringify({
      TimeGenerated: atMinute(minute),
      _TimeReceived: atMinute(minute),
      Source: 'feed',
      ItemId: `item${minute}`,
    }),
  );
  put('w/CopilotHealth_CL/2026-09-02.ndjson', `${rows.join('\n')}\n`);
  put('w/watchlists/DemoSources.csv', 'SearchKey,Enabled\nfeed,true\n');
  rule = put('a-source-fails.yaml', ruleText({}));
});

const workspace = join(directory, 'w');
const now = ['--now', noon.toISOString()];

describe('npm run rules', () => {
  it('tells the alerts of one run as JSON', () => {
    const { status, stdout, stderr } = run('--workspace', workspace, '--rule', rule, ...now, '--json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual([
      {
        rule: 'a-source-fails',
        id: '7a1f4c52-0001-4b6e-9d3a-000000000201',
        catalogue: 'L9',
        name: 'A source fails',
        time: noon.toISOString(),
        severity: 'Medium',
        entities: [{ type: 'Account', FullName: 'feed' }],
        customDetails: { RecordIds: ['item-20', 'item-5'] },
        recordIds: ['item-20', 'item-5'],
        incident: 1,
      },
    ]);
  });

  it('runs at every scheduled time between two, and counts alerts and incidents in a table', () => {
    const span = ['--from', atMinute(-15), '--to', atMinute(60)];
    const { status, stdout } = run('--workspace', workspace, '--rule', rule, ...span);
    expect(status).toBe(0);
    expect(stdout.match(/a-source-fails/g)).toHaveLength(5);
    expect(stdout).toMatch(/\n5 alerts in 1 incidents, 0 rules could not run\n$/);
  });

  it('says which rule could not run, and why', () => {
    const broken = put('broken.yaml', ruleText({ query: 'SigninLogs | project Source = Identity, ItemId = Id' }));
    const { status, stdout, stderr } = run('--workspace', workspace, '--rule', broken, ...now);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '0 alerts in 0 incidents, 1 rules could not run\n' });
    expect(stderr).toMatch(/^broken could not run: line 1, column 1: KS\d+: .*SigninLogs/);
    const unfit = put('unfit.yaml', ruleText({ customDetails: { RecordIds: 'Items' } }));
    expect(run('--workspace', workspace, '--rule', unfit, ...now).stderr).toContain(
      'unfit.yaml:1: Items: the query returns no such column; it returns Source, ItemId',
    );
  });

  it('knows where addresses are from networks.json of the directory', () => {
    const query =
      'CopilotHealth_CL | project Source = tostring(geo_info_from_ip_address("192.0.2.1").country), ItemId | where Source == "Peru"';
    const placed = put('placed.yaml', ruleText({ query }));
    const args = ['--workspace', workspace, '--rule', placed, ...now];
    expect(run(...args).stderr).toMatch(/^placed could not run: .*networks/);
    const networks = put('w/networks.json', JSON.stringify([{ network: '192.0.2.0/24', country: 'Peru' }]));
    expect(run(...args)).toMatchObject({ stderr: '', stdout: expect.stringContaining('Account Peru') as unknown });
    put('w/networks.json', '{}');
    expect(run(...args)).toMatchObject({
      status: 2,
      stderr: `${networks}: must be a JSON array of { network, country, city, latitude, longitude }\n`,
    });
    rmSync(networks);
  });

  it.for([
    [['--now', 'noon'], 'must be a time as ISO 8601'],
    [[], 'give --now, or --from and --to'],
    [['--from', atMinute(0)], 'give --now, or --from and --to'],
    [['--from', atMinute(1), '--to', atMinute(0)], 'is after --to'],
    [[...now, '--rule', 'no-such-rule'], 'no-such-rule'],
    [[...now, '--workspace', '/no/such/directory'], '--workspace /no/such/directory: no such directory'],
  ] as const)('exits 2 for %j', ([args, says]) => {
    const { status, stdout, stderr } = run('--workspace', workspace, ...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(says);
  });
});

describe('rules on several threads', () => {
  it('raise the same alerts as one after the other, in order of time and rule, and one failure stops no other', async () => {
    for (let index = 0; index < 9; index += 1)
      put(
        `pack/rule-${index}.yaml`,
        ruleText({ id: `7a1f4c52-0001-4b6e-9d3a-00000000030${index}`, ...(index === 4 ? { query: 'Nothing' } : {}) }),
      );
    const files = contentFiles(join(directory, 'pack'), '.yaml');
    const data = { directory: workspace, times: { from: noon, to: new Date(atMinute(15)) } };
    const together = await evaluate(files, data);
    const wanted = [0, 15].flatMap((minute) =>
      [0, 1, 2, 3, 5, 6, 7, 8].map((index) => [atMinute(minute), `rule-${index}`]),
    );
    expect(together.alerts.map(({ time, rule: name }) => [time, name])).toEqual(wanted);
    expect(together.failures.map(({ rule: name }) => name)).toEqual(['rule-4']);
    const alone = await Promise.all(files.map(async (file) => (await evaluate([file], data)).alerts.length));
    expect(alone.reduce((sum, count) => sum + count, 0)).toBe(together.alerts.length);
  });
});

describe('a thread that dies', () => {
  const data = { directory: workspace, times: { now: noon } };
  const files = (count: number, broken: number) =>
    Array.from({ length: count }, (_, index) => ({
      path: `rule-${index}.yaml`,
      name: `rule-${index}`,
      // No text: what reads it throws where nothing catches.
      text: index === broken ? (undefined as never) : ruleText({ id: `7a1f4c52-0001-4b6e-9d3a-00000000040${index}` }),
    }));

  it('names the rule that it ran, and the others run', async () => {
    const { alerts, failures } = await evaluate(files(9, 4), data);
    expect(failures).toEqual([{ rule: 'rule-4', reason: expect.stringMatching(/^its thread died: \w+/) as unknown }]);
    expect(alerts.map(({ rule: name }) => name)).toEqual([0, 1, 2, 3, 5, 6, 7, 8].map((index) => `rule-${index}`));
  });

  it('before it has opened the workspace fails the pack: another one would die, too', async () => {
    const broken = join(directory, 'no-workspace');
    put('no-workspace/networks.json', '{}');
    await expect(evaluate(files(9, -1), { ...data, directory: broken })).rejects.toThrow(/networks\.json/);
  });
});

describe('watchlists', () => {
  it('are text, looked up by their first column, and those of a later folder replace', () => {
    put('first/Names.csv', 'User,Enabled\nkim,true\n');
    put('first/Places.csv', 'SearchKey,Note\nx,1\n');
    put('second/Names.csv', 'User,Enabled\nlea,false\n');
    const lists = readWatchlistRows(join(directory, 'first'), join(directory, 'second'), '/nowhere');
    expect(lists.get('Names')).toMatchObject([
      { WatchlistAlias: 'Names', SearchKey: 'lea', WatchlistItem: { User: 'lea', Enabled: 'false' } },
    ]);
    expect(lists.get('Places')).toMatchObject([{ SearchKey: 'x', WatchlistItem: { Note: '1' } }]);
  });
});
