/** Analytics rules: Sentinel's YAML, its limits, overrides by configuration, and the resource. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readFileSync } from 'node:fs';
import { ContentError } from '../../kql/content/content-error.ts';
import { toIsoDuration, toMinutes } from '../../kql/content/duration.ts';
import { readContent } from '../../infra/content/read-content.ts';
import { readRules } from '../../kql/content/read-rules.ts';
import { applyRuleOverrides } from '../../infra/content/rule-overrides.ts';
import { contentPlan, contentRoot, messageOf, program, resource, withFiles } from '../fixtures/infra-content/runs.ts';
import { toArm } from '../../infra/plan/arm.ts';
import { hasTypes, misfits, TYPES } from './azure-types.ts';
import { runOf } from './runs.ts';

const folder = `${contentRoot}/analytics-rules`;
const blocked = `${folder}/agents/execution-blocked-action.yaml`;
const whole = parse(readFileSync(blocked, 'utf8')) as Record<string, unknown>;
const grouping = { enabled: true, lookbackDuration: '5h', matchingMethod: 'AllEntities' };

const readIn = (root: string) => readRules(`${root}/analytics-rules`);
/** What reading says of the fixture's largest rule with some fields changed. */
const problemOf = (changes: Readonly<Record<string, unknown>>): string =>
  messageOf(() => withFiles({ 'analytics-rules/a.yaml': JSON.stringify({ ...whole, ...changes }) }, readIn));

describe('durations', () => {
  test.for([
    ['5m', 'PT5M'],
    ['15m', 'PT15M'],
    ['1h', 'PT1H'],
    ['47h', 'PT47H'],
    ['48h', 'P2D'],
    ['90m', 'PT90M'],
    ['14d', 'P14D'],
    ['PT5H', 'PT5H'],
    ['P1D', 'P1D'],
    ['P1DT1H', 'PT25H'],
  ] as const)('%s is %s', ([text, iso]) => {
    const minutes = toMinutes(text);
    expect(minutes).toBeDefined();
    expect(toIsoDuration(minutes ?? 0)).toBe(iso);
  });

  test.for(['', 'P', 'PT', 'P1DT', '5', '5s', '1.5h', '-5m', 'PT5M ', '5 m'])('"%s" is none', (text) =>
    expect(toMinutes(text)).toBeUndefined(),
  );
});

describe('reading rules', () => {
  test('finds them in subfolders, by file name', () => {
    const names = ['collection-many-agents', 'execution-blocked-action', 'impact-silence'];
    expect(
      readRules(folder)
        .map(({ file }) => file)
        .sort(),
    ).toEqual(names);
    expect(readRules('/nowhere')).toEqual([]);
  });

  test('a rule is accepted as it is', () => expect(problemOf({})).toBe(''));

  test.for([
    [{ id: 'one' }, 'id: Invalid GUID (it is "one")'],
    [{ severity: 'Critical' }, 'severity: '],
    [{ queryFrequency: '5x' }, 'queryFrequency: no duration: write 15m, 1h or 14d (it is "5x")'],
    [{ queryFrequency: '4m' }, 'queryFrequency: PT4M is not between 5m and 14d'],
    [{ queryPeriod: '15d', queryFrequency: '1d' }, 'queryPeriod: P15D is not between 5m and 14d'],
    [{ queryPeriod: '10m' }, 'queryFrequency: PT15M is longer than queryPeriod PT10M'],
    [{ queryPeriod: '48h' }, 'queryFrequency: PT15M is too often for queryPeriod P2D'],
    [{ query: 'x'.repeat(10_001) }, 'query: longer than 10,000 characters'],
    [{ query: '' }, 'query: '],
    [{ triggerThreshold: 10_001 }, 'triggerThreshold: '],
    [{ triggerOperator: '>' }, 'triggerOperator: '],
    [{ tactics: ['Stealth'] }, 'tactics[0]: '],
    [{ relevantTechniques: ['1059'] }, 'relevantTechniques[0]: no ATT&CK technique'],
    [{ kind: 'NRT' }, 'kind: must be Scheduled'],
    [{ incidentConfiguration: { createIncident: false } }, 'incidentConfiguration.createIncident: must be true'],
    [
      {
        incidentConfiguration: { createIncident: true, groupingConfiguration: { ...grouping, matchingMethod: 'All' } },
      },
      'incidentConfiguration.groupingConfiguration.matchingMethod: ',
    ],
    [{ entityMappings: [{ entityType: 'User', fieldMappings: [] }] }, 'entityMappings[0].entityType: '],
    [{ customDetails: { 'not a key': 'RecordId' } }, 'customDetails.not a key: '],
    [{ version: '1.0' }, 'version: no version'],
    [{ suppresionEnabled: true }, 'Unrecognized key: "suppresionEnabled"'],
  ] as const)('an error names file and field: %j', ([changes, says]) => {
    expect(problemOf(changes)).toContain(`analytics-rules/a.yaml:1: ${says}`);
  });

  test('a query of 10,000 characters is accepted', () => expect(problemOf({ query: 'x'.repeat(10_000) })).toBe(''));

  test('two rules with one id, and two files with one name, are errors', () => {
    const text = JSON.stringify(whole);
    expect(messageOf(() => withFiles({ 'analytics-rules/a.yaml': text, 'analytics-rules/b.yaml': text }, readIn))).toBe(
      "analytics-rules/b.yaml: id: 3f1c2d4e-0001-4a5b-8c6d-000000000201 is another rule's: take a new GUID",
    );
    expect(
      messageOf(() => withFiles({ 'analytics-rules/a.yaml': text, 'analytics-rules/b/a.yaml': text }, readIn)),
    ).toBe('analytics-rules/b/a.yaml: another file is named a, too: rename one');
  });

  test('the problems of all folders are one error', () => {
    const files = {
      'analytics-rules/a.yaml': JSON.stringify({ ...whole, id: 'one', severity: 'Critical' }),
      'kql/hunting/h.yaml': '{}',
      'watchlists/W.csv': '',
      'workbooks/w.json': '{',
      'kql/functions/F.kql': 'T',
    };
    const error = withFiles(files, (root): unknown => {
      try {
        return readContent(root);
      } catch (thrown) {
        return thrown;
      }
    });
    expect(error).toBeInstanceOf(ContentError);
    const { problems } = error as ContentError;
    for (const name of ['a.yaml:1: id', 'a.yaml:1: severity', 'h.yaml', 'W.csv', 'w.json', 'F.kql'])
      expect(problems.filter((problem) => problem.includes(name)).length, name).toBeGreaterThan(0);
  });

  test('the content of the repository can be deployed', () => {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    expect(readContent(root).functions.length).toBeGreaterThan(10);
  });
});

describe('overrides', () => {
  const rules = readRules(folder);
  const apply = (overrides: Parameters<typeof applyRuleOverrides>[1]['overrides'], isEnabled = true) =>
    Object.fromEntries(applyRuleOverrides(rules, { isEnabled, overrides }).map((rule) => [rule.file, rule]));

  test('change threshold, frequency and severity of one rule and nothing else', () => {
    const changed = apply({ 'impact-silence': { threshold: 3, frequency: 'PT30M', severity: 'High' } });
    const before = rules.find(({ file }) => file === 'impact-silence');
    expect(changed['impact-silence']).toEqual({
      ...before,
      triggerThreshold: 3,
      queryFrequency: 'PT30M',
      severity: 'High',
    });
    expect(changed['collection-many-agents']).toEqual(rules.find(({ file }) => file === 'collection-many-agents'));
  });

  test.for([
    { isEnabled: true, override: {}, enabled: true },
    { isEnabled: false, override: {}, enabled: false },
    { isEnabled: false, override: { enabled: true }, enabled: true },
    { isEnabled: true, override: { enabled: false }, enabled: false },
  ])('switch: all $isEnabled, one $override', ({ isEnabled, override, enabled }) => {
    expect(apply({ 'impact-silence': override }, isEnabled)['impact-silence']?.enabled).toBe(enabled);
  });

  test.for([
    [{ 'impact-silent': {} }, 'content.rules: impact-silent is no rule; rules are '],
    [{ 'impact-silence': { frequency: 'PT2H' } }, "longer than the file's PT1H"],
    [{ 'collection-many-agents': { frequency: 'PT30M' } }, 'too often for queryPeriod P14D'],
    [{ 'impact-silence': { frequency: 'PT1M' } }, 'not between 5m and 14d'],
  ] as const)('that cannot be kept are errors: %j', ([overrides, says]) => {
    expect(messageOf(() => apply(overrides))).toContain(says);
  });

  test('of an unknown rule stop the program before anything is registered', async () => {
    const plan = await runOf({ program, config: { overrides: { nosuch: { threshold: 1 } } } });
    expect(plan.exitCode).not.toBe(0);
    expect(plan.registrations.filter(({ custom }) => custom)).toEqual([]);
    expect(JSON.stringify(plan.logs) + plan.printed).toContain('nosuch is no rule; rules are ');
  });
});

describe('a rule in the deployment', () => {
  test('has every field of its file', async () => {
    expect(resource(await contentPlan(), 'rule-execution-blocked-action').inputs).toEqual({
      resourceGroupName: 'rg-fixture',
      workspaceName: 'log-fixture',
      ruleId: '3f1c2d4e-0001-4a5b-8c6d-000000000201',
      kind: 'Scheduled',
      displayName: 'Agent action blocked',
      description: 'Runtime protection blocked an action of an agent.',
      enabled: true,
      severity: 'Medium',
      query: String(whole['query']).trimEnd(),
      queryFrequency: 'PT15M',
      queryPeriod: 'PT47H',
      triggerOperator: 'GreaterThan',
      triggerThreshold: 0,
      suppressionEnabled: true,
      suppressionDuration: 'PT1H',
      tactics: ['Execution', 'Collection'],
      techniques: ['T1059', 'T1213'],
      entityMappings: whole['entityMappings'],
      customDetails: { RecordId: 'RecordId' },
      alertDetailsOverride: whole['alertDetailsOverride'],
      eventGroupingSettings: { aggregationKind: 'AlertPerResult' },
      incidentConfiguration: {
        createIncident: true,
        groupingConfiguration: {
          enabled: true,
          reopenClosedIncident: false,
          lookbackDuration: 'PT5H',
          matchingMethod: 'Selected',
          groupByEntities: ['Account'],
          groupByAlertDetails: ['Severity'],
          groupByCustomDetails: ['RecordId'],
        },
      },
    });
  });

  test('has an incident, and no suppression, where its file says nothing', async () => {
    expect(resource(await contentPlan(), 'rule-collection-many-agents').inputs).toMatchObject({
      queryFrequency: 'P1D',
      queryPeriod: 'P14D',
      suppressionEnabled: false,
      suppressionDuration: 'PT5H',
      incidentConfiguration: { createIncident: true },
    });
  });

  test('differs by configuration only where it should', async () => {
    const overrides = { 'impact-silence': { enabled: false, threshold: 7 } };
    const [plan, changed] = await Promise.all([contentPlan(), contentPlan({ config: { overrides } })]);
    for (const { name, inputs } of plan.registrations) {
      const expected = name === 'rule-impact-silence' ? { ...inputs, enabled: false, triggerThreshold: 7 } : inputs;
      expect(resource(changed, name).inputs, name).toEqual(expected);
    }
  });
});

describe.skipIf(!hasTypes)(`bodies and Azure's types${hasTypes ? '' : ` (skipped: no ${TYPES})`}`, () => {
  test('functions, hunts, watchlists, rules, workbooks and the connector page fit', async () => {
    const bodies = toArm(await contentPlan()).filter(({ type }) =>
      /savedSearches|watchlists|alertRules|workbooks|dataConnectorDefinitions/.test(type),
    );
    expect(bodies).toHaveLength(12);
    const checked = bodies.map(({ type, apiVersion, name, body }) => [
      name,
      misfits(type, apiVersion, { name: name.slice(name.lastIndexOf('/') + 1), ...body }),
    ]);
    expect(checked.filter(([, problems]) => problems?.length !== 0)).toEqual([]);
  });
});
