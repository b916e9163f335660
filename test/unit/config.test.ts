import { describe, expect, it } from 'vitest';
import { ConfigError, type Need, toConfig } from '../../collector/config.ts';

const tenant = '0a0a0a0a-0000-4000-8000-000000000001';
const good = {
  TENANT_ID: tenant,
  INGESTION_URL: 'file:///var/rows',
  AZURE_CLIENT_ID: '0a0a0a0a-0000-4000-8000-000000000002',
  AZURE_CLIENT_SECRET: 'canary-secret',
};
const needs = new Set<Need>(['tenant', 'rows']);

function problemsOf(env: Record<string, string>): string {
  try {
    toConfig(env, needs);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

describe('the configuration', () => {
  it('needs little', () => {
    const config = toConfig(good, needs);
    expect(config).toMatchObject({
      tenantId: tenant,
      publisherId: tenant,
      feedUrl: 'https://manage.office.com',
      feedScope: 'https://manage.office.com/.default',
      rows: { kind: 'directory', path: '/var/rows' },
      state: { kind: 'directory', path: '.state' },
      pollSeconds: 300,
      requestsPerMinute: 1000,
      fetchConcurrency: 16,
      healthPort: 8080,
      healthHost: '127.0.0.1',
      contentFields: 'drop',
    });
  });
  it('lists every problem at once, each with the name, the value and what it must be', () => {
    const message = problemsOf({
      TENANT_ID: 'contoso',
      POLL_SECONDS: '-1',
      CLOUD: 'mars',
      INGESTION_URL: 's3://x',
      SOURCES: 'feed',
    });
    expect(message).toContain('TENANT_ID=contoso must be a GUID');
    expect(message).toContain('POLL_SECONDS=-1 must be a whole number');
    expect(message).toContain('CLOUD=mars must be one of commercial, gcc, gcc-high, dod');
    expect(message).toContain('INGESTION_URL=s3://x must be file:///directory or https://host');
    expect(message).toContain('SOURCES=feed must be one of activity-feed');
    expect(message).toContain('no credential');
  });
  it('never shows a secret', () => {
    expect(problemsOf({ ...good, POLL_SECONDS: 'x' })).not.toContain('canary-secret');
  });
  it('takes an empty variable for an unset one', () => {
    expect(toConfig({ ...good, POLL_SECONDS: '', PUBLISHER_ID: ' ' }, needs).pollSeconds).toBe(300);
  });
  it.for([
    ['gcc', 'https://manage-gcc.office.com', 'https://login.microsoftonline.com'],
    ['gcc-high', 'https://manage.office365.us', 'https://login.microsoftonline.us'],
    ['dod', 'https://manage.protection.apps.mil', 'https://login.microsoftonline.us'],
  ] as const)('knows the hosts of %s', ([cloud, feed, authority]) => {
    const config = toConfig({ ...good, CLOUD: cloud }, needs);
    expect([config.feedUrl, config.authority]).toEqual([feed, authority]);
    expect(config.feedScope).toBe(`${feed}/.default`);
  });
  it.for(['http://manage.office.com', 'https://manage.office.com/path', 'ftp://127.0.0.1', 'manage.office.com'])(
    'refuses %s as a place for tokens',
    (url) => {
      expect(problemsOf({ ...good, ACTIVITY_FEED_URL: url })).toContain(
        `ACTIVITY_FEED_URL=${url} must be https://host`,
      );
    },
  );
  it('takes plain http on this machine only', () => {
    expect(toConfig({ ...good, ACTIVITY_FEED_URL: 'http://127.0.0.1:8080' }, needs).feedUrl).toBe(
      'http://127.0.0.1:8080',
    );
  });
  it('reads further record types', () => {
    expect([...toConfig({ ...good, RECORD_TYPES: '512=NewThing, 513=Other' }, needs).recordTypes]).toEqual([
      [512, 'NewThing'],
      [513, 'Other'],
    ]);
    expect(problemsOf({ ...good, RECORD_TYPES: '512' })).toContain('"512", which is not number=Name');
  });
  it('of an import needs neither tenant nor credential', () => {
    expect(toConfig({ INGESTION_URL: '/rows' }, new Set<Need>(['rows'])).tenantId).toBeUndefined();
  });

  const ruleId = `dcr-${'0a'.repeat(16)}`;
  const endpoint = 'https://copilot-1234.westeurope-1.ingest.monitor.azure.com';
  it.for([
    [endpoint, 'https://monitor.azure.com'],
    ['https://copilot-1234.usgovvirginia-1.ingest.monitor.azure.us', 'https://monitor.azure.us'],
    ['https://copilot-1234.chinanorth3-1.ingest.monitor.azure.cn/', 'https://monitor.azure.cn'],
  ] as const)('sends rows to %s with tokens for %s', ([url, audience]) => {
    const { rows } = toConfig({ ...good, INGESTION_URL: url, DCR_IMMUTABLE_ID: ruleId }, needs);
    expect(rows).toEqual({ kind: 'endpoint', url: url.replace(/\/$/, ''), ruleId, audience });
  });
  it('takes another audience where one is given', () => {
    const env = { ...good, INGESTION_URL: endpoint, DCR_IMMUTABLE_ID: ruleId };
    expect(toConfig({ ...env, INGESTION_AUDIENCE: 'https://monitor.azure.us' }, needs).rows).toMatchObject({
      audience: 'https://monitor.azure.us',
    });
  });
  it('asks for the rule behind an endpoint, and says what its id looks like', () => {
    expect(problemsOf({ ...good, INGESTION_URL: endpoint })).toContain('DCR_IMMUTABLE_ID is missing');
    expect(problemsOf({ ...good, INGESTION_URL: endpoint, DCR_IMMUTABLE_ID: 'copilot-rule' })).toContain(
      'DCR_IMMUTABLE_ID=copilot-rule must be dcr- and 32 hex digits',
    );
  });
  it.for([
    ['http://127.0.0.1:8443', 'http://127.0.0.1:8443'],
    [`${endpoint}/path`, `${endpoint}/path`],
    ['https://user:canary@contoso.example', 'https://contoso.example/ (shortened)'],
    [`${endpoint}?a=canary`, `${endpoint}/ (shortened)`],
  ] as const)('refuses %s as a place for rows, and shows no password and no query', ([url, shown]) => {
    const message = problemsOf({ ...good, INGESTION_URL: url });
    expect(message).toContain(`INGESTION_URL=${shown} must be`);
    expect(message).not.toContain('canary');
  });
  it('never shows a shared access signature', () => {
    const url = 'https://contosostate.blob.core.windows.net/collector?sv=2025-01-05&sig=canary';
    const message = problemsOf({ ...good, STATE_URL: url });
    expect(message).toContain('without key or query');
    expect(message).not.toContain('canary');
  });
  it('keeps the state in a container, with or without a prefix', () => {
    const at = (url: string) => toConfig({ ...good, STATE_URL: url }, needs).state;
    const container = 'https://contosostate.blob.core.windows.net/collector';
    expect(at(container)).toEqual({ kind: 'container', url: container });
    expect(at(`${container}/tenant-1/`)).toEqual({ kind: 'container', url: `${container}/tenant-1` });
    expect(problemsOf({ ...good, STATE_URL: 'https://contosostate.blob.core.windows.net/' })).toContain(
      'must be file:///directory or https://account.blob.core.windows.net/container',
    );
    // Azurite names the account in the path.
    expect(problemsOf({ ...good, STATE_URL: 'https://127.0.0.1:10000/devstoreaccount1' })).toContain('STATE_URL=');
  });
  it('keeps raw copies where told, and asks for an identity where that is in Azure', () => {
    const url = 'https://contosostate.blob.core.windows.net/archive';
    expect(toConfig(good, needs).archive).toBeUndefined();
    expect(toConfig({ ...good, ARCHIVE_URL: 'file:///var/archive' }, needs).archive).toEqual({
      kind: 'directory',
      path: '/var/archive',
    });
    expect(toConfig({ ...good, ARCHIVE_URL: url }, needs).archive).toEqual({ kind: 'container', url });
    expect(problemsOf({ ...good, ARCHIVE_URL: `${url}?sig=canary` })).not.toContain('canary');
    const reading = new Set<Need>(['archive']);
    expect(() => toConfig({}, reading)).toThrow('ARCHIVE_URL is missing');
    expect(() => toConfig({ ARCHIVE_URL: url }, reading)).toThrow('no credential');
    expect(() => toConfig({ ARCHIVE_URL: url }, new Set())).not.toThrow();
  });
  it('sends metrics over OTLP where told', () => {
    expect(toConfig(good, needs).otlp).toBeUndefined();
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20b,x=y',
    };
    expect(toConfig({ ...good, ...env }, needs).otlp).toEqual({
      url: 'http://127.0.0.1:4318/v1/metrics',
      headers: { 'api-key': 'a b', x: 'y' },
    });
    for (const wrong of ['canary-header', 'a=%zz-canary']) {
      const message = problemsOf({ ...good, ...env, OTEL_EXPORTER_OTLP_HEADERS: wrong });
      expect(message).toContain('OTEL_EXPORTER_OTLP_HEADERS=(secret) must be name=value');
      expect(message).not.toContain('canary');
    }
    expect(problemsOf({ ...good, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel.contoso.example:4318' })).toContain(
      'must be https://host, or http on this machine',
    );
  });
});
