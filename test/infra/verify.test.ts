/** `npm run verify` against a stand-in for Azure: each thing that can be wrong is told alone, with its remedy. */
import { execFile } from 'node:child_process';
import { chmodSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CredentialUnavailableError } from '@azure/identity';
import { afterEach, describe, expect, test } from 'vitest';
import { tables } from '../../collector/schema/index.ts';
import { readContent } from '../../infra/content/read-content.ts';
import { azure, endpointsOf } from '../../infra/verify/azure.ts';
import { byIds, type Deployment, parseOutputs } from '../../infra/verify/deployment.ts';
import { expectedRules } from '../../infra/verify/expected-rules.ts';
import type { Finding } from '../../infra/verify/finding.ts';
import { toSummary, toTable } from '../../infra/verify/report.ts';
import { verify } from '../../infra/verify/verify.ts';
import { contentRoot } from '../fixtures/infra-content/runs.ts';
import {
  azureStandIn,
  heartbeat,
  IMMUTABLE_ID,
  type Model,
  rowOf,
  RULE,
  sound,
  TENANT,
  TOKEN,
  trust,
  WORKSPACE,
} from './azure-stand-in.ts';
import { ADOPTED_ID, IMAGE, planned, SECRET, TENANT_A, TENANT_B } from './runs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const content = readContent(contentRoot);
const outputs = {
  workspacesWithContent: [
    {
      id: WORKSPACE,
      customerId: 'x',
      mode: 'new',
      content: {},
      endpoint: 'https://dce.westeurope-1.ingest.monitor.azure.com',
    },
  ],
  tenants: {
    [TENANT]: { name: 'Contoso', workspaceId: WORKSPACE, ruleId: RULE, ruleImmutableId: IMMUTABLE_ID },
  },
  consent: {},
};
const deployment = parseOutputs(JSON.stringify(outputs));

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

interface Run {
  readonly findings: readonly Finding[];
  readonly failed: readonly Finding[];
  readonly requests: readonly string[];
}

/** Looks at the model, after `spoil`. */
async function looked(
  spoil: (model: Model) => void = () => undefined,
  { of = deployment, token = TOKEN, timeoutMs = 20_000 }: { of?: Deployment; token?: string; timeoutMs?: number } = {},
): Promise<Run> {
  const model = sound(content);
  spoil(model);
  const server = await azureStandIn(model);
  open.push(server);
  const credential = {
    getToken: () =>
      token === ''
        ? Promise.reject(new CredentialUnavailableError("Please run 'az login'\nmore"))
        : Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
  };
  const endpoints = { ...endpointsOf.public, management: server.url, logs: server.url };
  const findings = await verify(of, ({ id }) => azure(id, { credential, endpoints, timeoutMs, backoffMs: 1 }), {
    content,
    healthMinutes: 120,
    auditMinutes: 72 * 60,
  });
  return { findings, failed: findings.filter(({ ok }) => !ok), requests: server.requests };
}

const first = <T>(items: readonly T[]): T => {
  const [item] = items;
  if (item === undefined) throw new Error('none');
  return item;
};
const tableOf = (model: Model, name = 'CopilotAudit_CL') => {
  const found = model.tables.get(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found.properties;
};
const searchOf = (model: Model, alias: string) => {
  const found = model.savedSearches.find(({ properties }) => properties['displayName'] === alias);
  if (found === undefined) throw new Error(`no ${alias}`);
  return found;
};
const streamOf = (model: Model) => {
  const stream = model.rule.properties.streamDeclarations['Custom-CopilotAudit_CL'];
  if (stream === undefined) throw new Error('no stream');
  return stream;
};

describe('a deployment as it should be', () => {
  test('passes on every line, whatever the service does to line ends, case and order', async () => {
    const { findings } = await looked((model) => model.savedSearches.reverse());
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
    expect([...new Set(findings.map(({ check }) => check))]).toEqual([
      'workspace',
      'sentinel',
      'table',
      'ingestion rule',
      'function',
      'hunting query',
      'watchlist',
      'analytics rule',
      'workbook',
      'rows of CopilotHealth_CL',
      'rows of CopilotAudit_CL',
    ]);
    expect(findings.filter(({ check }) => check === 'table').map(({ item }) => item)).toEqual(
      tables.map(({ name }) => name),
    );
    expect(findings.every(({ remedy }) => remedy === undefined)).toBe(true);
  });

  test('is read page by page', async () => {
    const { requests } = await looked();
    const pages = requests.filter((path) => path.includes('/alertRules'));
    expect(content.rules.length).toBeGreaterThan(1);
    expect(pages).toHaveLength(content.rules.length);
  });

  test('is not disturbed by a request that fails once', async () => {
    const { failed } = await looked((model) => {
      model.fault = { path: '/watchlists', answer: 503, once: true };
    });
    expect(failed).toEqual([]);
  });

  test('has more than was asked for: columns, rules and functions of others', async () => {
    const { failed } = await looked((model) => {
      tableOf(model).schema.columns.push({ name: 'Theirs', type: 'string' });
      model.rules.push({ name: 'theirs', properties: { displayName: 'Theirs', enabled: false, query: 'T' } });
    });
    expect(failed).toEqual([]);
  });
});

const cases: readonly {
  readonly of: string;
  readonly spoil: (model: Model) => void;
  readonly says: { readonly check: string; readonly item: string; readonly detail: RegExp; readonly remedy: RegExp };
}[] = [
  {
    of: 'a missing table',
    spoil: (model) => model.tables.delete('CopilotUsage_CL'),
    says: { check: 'table', item: 'CopilotUsage_CL', detail: /is not there/, remedy: /pulumi up/ },
  },
  {
    of: 'a missing column',
    spoil: (model) => {
      const { schema } = tableOf(model);
      schema.columns = schema.columns.filter(({ name }) => name !== 'ThreadId');
    },
    says: { check: 'table', item: 'CopilotAudit_CL', detail: /^has no column ThreadId$/, remedy: /adds columns/ },
  },
  {
    of: 'a column of another type',
    spoil: (model) => {
      const column = tableOf(model).schema.columns.find(({ name }) => name === 'MessageCount');
      if (column !== undefined) column.type = 'string';
    },
    says: {
      check: 'table',
      item: 'CopilotAudit_CL',
      detail: /^MessageCount is string, not int$/,
      remedy: /Azure changes no type/,
    },
  },
  {
    of: 'a table of another plan',
    spoil: (model) => {
      tableOf(model).plan = 'Basic';
    },
    says: { check: 'table', item: 'CopilotAudit_CL', detail: /plan Basic/, remedy: /Analytics only/ },
  },
  {
    of: 'a missing function',
    spoil: (model) => model.savedSearches.splice(model.savedSearches.indexOf(searchOf(model, 'DemoEvents')), 1),
    says: { check: 'function', item: 'DemoEvents', detail: /is not there/, remedy: /pulumi up/ },
  },
  {
    of: 'a changed function body',
    spoil: (model) => {
      searchOf(model, 'DemoAgents').properties.query += '| take 1';
    },
    says: { check: 'function', item: 'DemoAgents', detail: /another body/, remedy: /check out that version/ },
  },
  {
    of: 'changed parameters of a function',
    spoil: (model) => {
      searchOf(model, 'DemoAgents').properties['functionParameters'] = 'lookback:timespan=1d';
    },
    says: { check: 'function', item: 'DemoAgents', detail: /other parameters/, remedy: /Somebody changed it/ },
  },
  {
    of: 'a missing hunting query',
    spoil: (model) => model.savedSearches.pop(),
    says: {
      check: 'hunting query',
      item: content.hunts.at(-1)?.name ?? '',
      detail: /is not there/,
      remedy: /pulumi up/,
    },
  },
  {
    of: 'a missing rule',
    spoil: (model) => model.rules.splice(1, 1),
    says: { check: 'analytics rule', item: content.rules[1]?.file ?? '', detail: /is not there/, remedy: /come last/ },
  },
  {
    of: 'a disabled rule',
    spoil: (model) => {
      first(model.rules).properties.enabled = false;
    },
    says: {
      check: 'analytics rule',
      item: first(content.rules).file,
      detail: /^is disabled$/,
      remedy: /Enable it in Sentinel.*--config/,
    },
  },
  {
    of: 'a rule that Sentinel disabled',
    spoil: (model) => {
      const { properties } = first(model.rules);
      properties.displayName = `AUTO DISABLED ${properties.displayName}`;
    },
    says: {
      check: 'analytics rule',
      item: first(content.rules).file,
      detail: /was disabled by Sentinel/,
      remedy: /description/,
    },
  },
  {
    of: 'a rule with another query',
    spoil: (model) => {
      first(model.rules).properties.query = 'DemoEvents';
    },
    says: { check: 'analytics rule', item: first(content.rules).file, detail: /another query/, remedy: /pulumi up/ },
  },
  {
    of: 'a missing watchlist',
    spoil: (model) => model.watchlists.pop(),
    says: {
      check: 'watchlist',
      item: content.watchlists.at(-1)?.alias ?? '',
      detail: /is not there/,
      remedy: /--refresh/,
    },
  },
  {
    of: 'a missing workbook',
    spoil: (model) => model.workbooks.shift(),
    says: {
      check: 'workbook',
      item: first(content.workbooks).displayName,
      detail: /is not there/,
      remedy: /pulumi up/,
    },
  },
  {
    of: 'a workspace without Sentinel',
    spoil: (model) => {
      model.isOnboarded = false;
    },
    says: { check: 'sentinel', item: 'onboarding', detail: /not enabled/, remedy: /Enable it/ },
  },
  {
    of: "a missing connector's page",
    spoil: (model) => {
      model.hasPage = false;
    },
    says: { check: 'sentinel', item: "connector's page", detail: /is not there/, remedy: /pulumi up/ },
  },
  {
    of: 'a workspace that a cap stopped',
    spoil: (model) => {
      model.workspace.properties.workspaceCapping.dataIngestionStatus = 'OverQuota';
    },
    says: { check: 'workspace', item: '', detail: /takes no rows now: OverQuota/, remedy: /dailyCapGb/ },
  },
  {
    of: 'a data collection rule that is gone',
    spoil: (model) => {
      model.hasRule = false;
    },
    says: { check: 'ingestion rule', item: '', detail: /is not there/, remedy: /pulumi up/ },
  },
  {
    of: 'a data collection rule made anew',
    spoil: (model) => {
      model.rule.properties.immutableId = `dcr-${'f'.repeat(32)}`;
    },
    says: { check: 'ingestion rule', item: '', detail: /the collector knows dcr-0123/, remedy: /pulumi up --refresh/ },
  },
  {
    of: 'a missing stream',
    spoil: (model) => {
      delete model.rule.properties.streamDeclarations['Custom-CopilotAudit_CL'];
    },
    says: {
      check: 'ingestion rule',
      item: 'stream Custom-CopilotAudit_CL',
      detail: /^is not declared$/,
      remedy: /after the tables/,
    },
  },
  {
    of: 'a stream without a column',
    spoil: (model) => streamOf(model).columns.splice(0, 1),
    says: {
      check: 'ingestion rule',
      item: 'stream Custom-CopilotAudit_CL',
      detail: /^has no column TimeGenerated$/,
      remedy: /after the tables/,
    },
  },
  {
    of: 'a stream that flows nowhere',
    spoil: (model) => model.rule.properties.dataFlows.shift(),
    says: {
      check: 'ingestion rule',
      item: 'stream Custom-CopilotAudit_CL',
      detail: /flows into no table/,
      remedy: /after the tables/,
    },
  },
  {
    of: 'a rule that writes to another workspace',
    spoil: (model) => {
      first(model.rule.properties.destinations.logAnalytics).workspaceResourceId = ADOPTED_ID;
    },
    says: { check: 'ingestion rule', item: '', detail: /does not write to log-copilot-test/, remedy: /pulumi up/ },
  },
  {
    of: 'a rule without an endpoint',
    spoil: (model) => {
      delete model.rule.properties.dataCollectionEndpointId;
    },
    says: { check: 'ingestion rule', item: 'endpoint', detail: /none that takes rows/, remedy: /--refresh/ },
  },
  {
    of: 'no heartbeat',
    spoil: (model) => {
      model.rows['CopilotHealth_CL'] = [];
    },
    says: {
      check: 'rows of CopilotHealth_CL',
      item: `Contoso (${TENANT})`,
      detail: /no row/,
      remedy: /log of the container app/,
    },
  },
  {
    of: 'heartbeats of check only',
    spoil: (model) => {
      model.rows['CopilotHealth_CL'] = [heartbeat(1, 'check'), rowOf(1, { HealthKind: 'ledger' })];
    },
    says: { check: 'rows of CopilotHealth_CL', item: `Contoso (${TENANT})`, detail: /no row/, remedy: /operations/ },
  },
  {
    of: 'an old heartbeat',
    spoil: (model) => {
      model.rows['CopilotHealth_CL'] = [heartbeat(180)];
    },
    says: {
      check: 'rows of CopilotHealth_CL',
      item: `Contoso (${TENANT})`,
      detail: /^newest row is 3 hours old, more than 2 hours$/,
      remedy: /stopped/,
    },
  },
  {
    of: 'no audit row',
    spoil: (model) => {
      model.rows['CopilotAudit_CL'] = [];
    },
    says: { check: 'rows of CopilotAudit_CL', item: `Contoso (${TENANT})`, detail: /no row/, remedy: /Purview/ },
  },
  {
    of: 'audit rows of another tenant only',
    spoil: (model) => {
      model.rows['CopilotAudit_CL'] = [rowOf(1, { OrganizationId: TENANT_B })];
    },
    says: { check: 'rows of CopilotAudit_CL', item: `Contoso (${TENANT})`, detail: /no row/, remedy: /Purview/ },
  },
  {
    of: 'an old audit row',
    spoil: (model) => {
      model.rows['CopilotAudit_CL'] = [rowOf(6 * 1440)];
    },
    says: {
      check: 'rows of CopilotAudit_CL',
      item: `Contoso (${TENANT})`,
      detail: /6 days old, more than 3 days/,
      remedy: /--audit-hours/,
    },
  },
  {
    of: 'a part that may not be read',
    spoil: (model) => {
      model.fault = { path: '/alertRules', answer: 403 };
    },
    says: { check: 'analytics rule', item: '', detail: /403/, remedy: /Microsoft Sentinel Reader/ },
  },
  {
    of: 'a data collection rule that may not be read',
    spoil: (model) => {
      model.fault = { path: '/dataCollectionRules', answer: 403 };
    },
    says: { check: 'ingestion rule', item: '', detail: /403/, remedy: /Have Reader on/ },
  },
  {
    of: 'a table that may not be read, by the SDK',
    spoil: (model) => {
      model.fault = { path: '/tables/', answer: 403 };
    },
    says: { check: 'table', item: '', detail: /403/, remedy: /Microsoft Sentinel Reader/ },
  },
  {
    of: 'a refused token',
    spoil: (model) => {
      model.fault = { path: '/workbooks', answer: 401 };
    },
    says: { check: 'workbook', item: '', detail: /401/, remedy: /az login/ },
  },
  {
    of: 'a service that stays down',
    spoil: (model) => {
      model.fault = { path: '/watchlists', answer: 503 };
    },
    says: { check: 'watchlist', item: '', detail: /503/, remedy: /Try again/ },
  },
  {
    of: "a proxy's page in place of an answer",
    spoil: (model) => {
      model.fault = { path: '/watchlists', answer: 'page' };
    },
    says: { check: 'watchlist', item: '', detail: /unknown form/, remedy: /proxy/ },
  },
  {
    of: 'functions that do not bind yet',
    spoil: (model) => {
      model.areBound = false;
    },
    says: {
      check: 'function',
      item: 'binding',
      detail: /^query: Azure answers 400 \(.*Demo(?:Events|Agents)/,
      remedy: /^Wait some minutes, then run pulumi up again/,
    },
  },
];

describe('a query', () => {
  test.for([
    { answer: 403, detail: 'query: Azure answers 403 (Invented: invented)', remedy: 'Microsoft Sentinel Reader' },
    { answer: 401, detail: 'query: Azure answers 401 (Invented: invented)', remedy: 'az login' },
    { answer: 503, detail: 'query: Azure answers 503 (Invented: invented)', remedy: 'Try again' },
    { answer: 'page', detail: 'query: an answer of an unknown form', remedy: 'proxy' },
    { answer: 'refused page', detail: 'query: Azure answers 502', remedy: 'Try again' },
    { answer: 'elsewhere', detail: 'query: Azure answers 307', remedy: 'Try again' },
    { answer: 'part', detail: 'query: a part of the answer only (PartialError)', remedy: 'Try again' },
  ] as const)('that is answered with $answer fails the lines that rest on it', async ({ answer, detail, remedy }) => {
    const { failed } = await looked((model) => {
      model.fault = { path: '/query', answer };
    });
    expect(failed.map((one) => one.check)).toEqual(['function', 'rows of CopilotHealth_CL', 'rows of CopilotAudit_CL']);
    expect(new Set(failed.map((one) => one.detail))).toEqual(new Set([detail]));
    expect(failed.every((one) => one.remedy?.includes(remedy))).toBe(true);
  });

  test('that fails once is asked again', async () => {
    const { failed, requests } = await looked((model) => {
      model.fault = { path: '/query', answer: 503, once: true };
    });
    expect(failed).toEqual([]);
    expect(requests.filter((path) => path.endsWith('/query'))).toHaveLength(4);
  });
});

describe('one thing that is wrong is the only line that fails', () => {
  test.for(cases)('$of', async ({ spoil, says }) => {
    const { failed } = await looked(spoil);
    expect(failed).toEqual([
      {
        workspace: 'log-copilot-test',
        check: says.check,
        item: says.item,
        ok: false,
        detail: expect.stringMatching(says.detail),
        remedy: expect.stringMatching(says.remedy),
      },
    ]);
  });
});

describe('a workspace that cannot be read', () => {
  test.for([
    {
      of: 'no sign-in',
      options: { token: '' },
      detail: /no token: Please run 'az login'$/,
      remedy: /az login --tenant/,
    },
    { of: 'a wrong token', options: { token: 'wrong' }, detail: /401/, remedy: /tenant of the subscription/ },
  ])('is one line and no more: $of', async ({ options, detail, remedy }) => {
    const { findings } = await looked(undefined, options);
    expect(findings).toMatchObject([
      {
        check: 'workspace',
        ok: false,
        detail: expect.stringMatching(detail) as string,
        remedy: expect.stringMatching(remedy) as string,
      },
    ]);
  });

  test('is one line: it is not there', async () => {
    const of = byIds({ workspace: ADOPTED_ID, tenants: [], environment: 'public' });
    const { findings } = await looked(undefined, { of });
    expect(findings).toMatchObject([
      { workspace: 'log-soc', ok: false, detail: expect.stringContaining('404') as string },
    ]);
  });
});

test('what does not answer in time is one line, by SDK and by REST', { timeout: 15_000 }, async () => {
  for (const path of ['/savedSearches', '/alertRules', '/query']) {
    const { failed } = await looked(
      (model) => {
        model.fault = { path, answer: 'hang' };
      },
      { timeoutMs: 700 },
    );
    expect(new Set(failed.map(({ detail }) => detail.replace(/^.*: /, '')))).toEqual(new Set(['no answer in time']));
    expect(failed.every(({ remedy }) => remedy?.includes('--timeout') === true)).toBe(true);
  }
});

test('of two rules in a workspace the one that is gone is named by its tenant', async () => {
  const [site] = deployment.sites;
  if (site === undefined) throw new Error('no site');
  const gone = { id: `${RULE}-of-fabrikam`, immutableId: IMMUTABLE_ID, tenant: 'Fabrikam' };
  const { failed, findings } = await looked(undefined, {
    of: { ...deployment, sites: [{ ...site, rules: [...site.rules, gone] }] },
  });
  expect(failed).toMatchObject([
    { check: 'ingestion rule', item: 'Fabrikam', detail: `${RULE}-of-fabrikam is not there` },
  ]);
  expect(findings).toContainEqual(expect.objectContaining({ check: 'ingestion rule', item: 'Contoso', ok: true }));
});

describe('which deployment', () => {
  test('is told by the outputs of the program', async () => {
    const plan = await planned({
      config: {
        'image.ref': IMAGE,
        tenants: [
          { id: TENANT_A, name: 'Contoso', credential: 'secret', clientId: TENANT_A },
          { id: TENANT_B, credential: 'secret', clientId: TENANT_A, workspaceResourceId: ADOPTED_ID },
        ],
      },
      secrets: { clientSecrets: JSON.stringify({ [TENANT_A]: SECRET, [TENANT_B]: SECRET }) },
    });
    const { environment, sites } = parseOutputs(JSON.stringify(plan.outputs));
    expect(environment).toBe('public');
    expect(sites.map(({ id, tenants }) => [id.name, tenants])).toEqual([
      ['log-copilot-dev', [{ id: TENANT_A, name: 'Contoso' }]],
      ['log-soc', [{ id: TENANT_B, name: TENANT_B }]],
    ]);
    expect(
      sites.map(({ rules }) => rules.map(({ immutableId, tenant }) => [immutableId?.slice(0, 4), tenant])),
    ).toEqual([[['dcr-', 'Contoso']], [['dcr-', TENANT_B]]]);
  });

  test('is in Azure Government when its endpoint is', () => {
    const [site] = outputs.workspacesWithContent;
    const government = { ...site, endpoint: 'https://dce.usgovvirginia-1.ingest.monitor.azure.us' };
    expect(parseOutputs(JSON.stringify({ ...outputs, workspacesWithContent: [government] })).environment).toBe(
      'usgovernment',
    );
  });

  test.for([
    { of: 'no JSON', text: 'Current stack outputs (4):', says: 'pulumi stack output --json' },
    { of: 'other outputs', text: '{"url":"x"}', says: 'workspacesWithContent' },
  ])('is asked for again: $of', ({ text, says }) => expect(() => parseOutputs(text)).toThrow(says));

  test('may be told by ids, and is looked at without what they do not tell', async () => {
    const { findings } = await looked(undefined, {
      of: byIds({ workspace: WORKSPACE, rule: RULE, tenants: [], environment: 'public' }),
    });
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
    expect(findings.at(-1)).toMatchObject({ item: '', detail: 'newest row is 30 minutes old' });
    const ids = { tenants: [], environment: 'public' } as const;
    expect(() => byIds({ workspace: 'log-soc', ...ids })).toThrow('--workspace log-soc');
    expect(() => byIds({ workspace: WORKSPACE, rule: 'dcr', ...ids })).toThrow('--rule dcr');
  });
});

describe('rules that are meant to be off', () => {
  const [one, ...others] = content.rules.map(({ file }) => file);
  test('are known by the stack file, as list or as text', () => {
    const yaml = `config:\n  copilot-sentinel:content.rules:\n    ${one}: {enabled: false}\n`;
    const asText = `config:\n  copilot-sentinel:content.rules: '{"${one}":{"enabled":false}}'\n`;
    for (const text of [yaml, asText]) {
      const expected = expectedRules(content.rules, text);
      expect(expected.filter(({ enabled }) => !enabled).map(({ file }) => file)).toEqual([one]);
      expect(expected).toHaveLength(others.length + 1);
    }
    const off = expectedRules(content.rules, 'config:\n  copilot-sentinel:content.rulesEnabled: false\n');
    expect(off.every(({ enabled }) => !enabled)).toBe(true);
    expect(expectedRules(content.rules, '')).toEqual(content.rules);
  });

  test('of a wrong stack file are an error', () => {
    expect(() => expectedRules(content.rules, 'config:\n  copilot-sentinel:content.rules: {no-such: {}}\n')).toThrow(
      'no-such is no rule',
    );
    expect(() => expectedRules(content.rules, 'config:\n  copilot-sentinel:content.rulesEnabled: maybe\n')).toThrow(
      '--config: config.copilot-sentinel:content.rulesEnabled: must be true or false',
    );
  });
});

test('the table shows each line with its remedy, and names the workspace when there are several', () => {
  const line = { workspace: 'log-a', check: 'table', item: 'CopilotAudit_CL', ok: true, detail: '12 columns' };
  const bad = { ...line, workspace: 'log-b', ok: false, detail: 'is not there', remedy: 'Run pulumi up' };
  expect(toTable([line])).not.toContain('log-a');
  const table = toTable([line, bad]);
  expect(table).toMatch(/pass.*log-a: table.*CopilotAudit_CL: 12 columns/);
  expect(table).toMatch(/FAIL.*log-b: table.*CopilotAudit_CL: is not there.*Run pulumi up/);
  expect(toSummary([line, bad])).toBe('1 of 2 lines failed');
});

test('nothing of it, nor of what it imports, knows Pulumi', () => {
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const text = readFileSync(path, 'utf8');
    for (const [, types, name = ''] of text.matchAll(/^(?:import|export) (type )?[^'";]*?from '([^']+)'/gm)) {
      // Types are gone at run time.
      if (types !== undefined) continue;
      expect(name, path).not.toMatch(/^@pulumi/);
      if (name.startsWith('.')) visit(fileURLToPath(new URL(name, `file://${path}`)));
    }
  };
  for (const path of globSync('infra/verify/*.ts', { cwd: root })) visit(join(root, path));
  expect(seen.size).toBeGreaterThan(20);
});

describe.skipIf(process.platform === 'win32')('the command', () => {
  /** Runs it with an Azure CLI that gives an invented token. */
  async function command(
    spoil: (model: Model) => void,
    ...more: readonly string[]
  ): Promise<{ code: number; out: string; error: string }> {
    const model = sound(content);
    spoil(model);
    const server = await azureStandIn(model);
    open.push(server);
    const { ca } = await trust();
    const folder = mkdtempSync(join(tmpdir(), 'verify-'));
    const write = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const token = JSON.stringify({
      accessToken: TOKEN,
      expiresOn: '2099-01-01 00:00:00.000000',
      expires_on: 4070908800,
    });
    chmodSync(write('az', `#!/bin/sh\necho '${token}'\n`), 0o755);
    const args = ['--outputs', write('outputs.json', JSON.stringify(outputs)), '--content', contentRoot];
    try {
      return await new Promise((resolve) => {
        execFile(
          process.execPath,
          [join(root, 'infra/verify/main.ts'), ...args, '--stand-in', server.url, ...more],
          {
            env: {
              ...process.env,
              PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}`,
              NODE_EXTRA_CA_CERTS: write('ca.pem', ca),
            },
          },
          (error, out, text) => resolve({ code: Number(error?.code ?? 0), out, error: text }),
        );
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test('ends with 0 and a table when all is well, signed in as the Azure CLI is', async () => {
    const { code, out, error } = await command(() => undefined);
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(out).toMatch(/All \d+ lines pass\n$/);
  });

  test('ends with 2 and the findings as JSON, and prints no token', async () => {
    const { code, out, error } = await command((model) => model.tables.delete('CopilotAudit_CL'), '--json');
    expect(code).toBe(2);
    const { ok, findings } = JSON.parse(out) as { ok: boolean; findings: Finding[] };
    expect(ok).toBe(false);
    expect(findings.filter((one) => !one.ok)).toMatchObject([{ check: 'table', item: 'CopilotAudit_CL' }]);
    expect(out + error).not.toContain(TOKEN);
  });

  test.for([
    { args: ['--stand-in', 'https://192.0.2.1:443'], says: 'loopback' },
    { args: ['--outputs', '/nowhere.json'], says: 'no such file' },
    { args: ['--config', join(contentRoot, 'analytics-rules/none.yaml')], says: 'no such file' },
    { args: ['--audit-hours', '-1'], says: 'above 0' },
  ])('ends with 2 and one sentence for $args', async ({ args, says }) => {
    const { code, out, error } = await command(() => undefined, ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(error).toContain(says);
  });
});
