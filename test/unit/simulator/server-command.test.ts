import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { faultMenu } from '../../../simulator/server/faults.ts';
import type { Report } from '../../../simulator/server/report.ts';
import { json } from './server-harness.ts';

const main = join(import.meta.dirname, '../../../simulator/main.ts');
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'command-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** The environment that a shell would pass on after it read the env file. */
function toEnv(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

test('serves until it is told to end, then writes the report and exits 0', { timeout: 30_000 }, async () => {
  const [envFile, reportFile] = [join(directory, 'env'), join(directory, 'report.json')];
  // Node takes --env-file for its own unless a -- stands before the script.
  const flags = ['--users', '5', '--days', '1', '--now', '2026-11-20T12:00:00Z', '--faults', 'throttle-403,gzip'];
  const views = ['--past-days', '2', '--query-seconds', '5', '--withheld', '0.5', '--feed-only', '0.5'];
  const files = ['--env-file', envFile, '--report', reportFile];
  const child = spawn(process.execPath, ['--', main, ...flags, ...views, ...files]);
  const output = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => reject(new Error(chunk.toString())));
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(envFile)) resolve(text);
    });
  });
  const env = toEnv(await readFile(envFile, 'utf8'));
  expect(output).toContain(env['ACTIVITY_FEED_URL']);
  const names = ['TENANT_ID', 'ACTIVITY_FEED_URL', 'GRAPH_URL', 'AZURE_AUTHORITY_HOST', 'AZURE_TENANT_ID'];
  expect(Object.keys(env)).toEqual(
    expect.arrayContaining([
      ...names,
      'AZURE_CLIENT_ID',
      'AZURE_CLIENT_SECRET',
      'NODE_EXTRA_CA_CERTS',
      'INGESTION_URL',
      'DCR_IMMUTABLE_ID',
    ]),
  );
  // Another process with that environment alone reaches it and trusts it.
  const script = `const a = await fetch(process.env.ACTIVITY_FEED_URL + '/api/v1.0/' + process.env.TENANT_ID + '/activity/feed/subscriptions/list'); console.log(a.status, a.headers.get('date'))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env });
  expect(stdout).toMatch(/^401 Fri, 20 Nov 2026 12:00:\d\d GMT/);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  const report = json<Report>(await readFile(reportFile, 'utf8'));
  expect(report).toMatchObject({ requests: { total: 1 }, withoutPublisherIdentifier: 1, idsServed: 0 });
  expect(report.idsExpected).toBeGreaterThan(0);
  // Half of the records, and half of the rest.
  const { withheldIds, feedOnlyIds } = report.auditQueries;
  expect(withheldIds.length).toBeGreaterThan(feedOnlyIds.length);
  expect(feedOnlyIds.length).toBeGreaterThan(10);
  expect(withheldIds.filter((id) => report.ids.expected.includes(id))).toEqual([]);
});

test(
  'takes rows at the ingestion endpoint of its env file and writes them to a directory',
  { timeout: 30_000 },
  async () => {
    const [envFile, reportFile, rows] = [
      join(directory, 'env'),
      join(directory, 'report.json'),
      join(directory, 'rows'),
    ];
    const flags = ['--users', '5', '--days', '0', '--env-file', envFile, '--report', reportFile, '--rows', rows];
    const child = spawn(process.execPath, ['--', main, ...flags]);
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes(envFile)) resolve();
      });
    });
    const env = toEnv(await readFile(envFile, 'utf8'));
    // Another process, with Microsoft's client and that environment alone.
    const script = `
    const { ClientSecretCredential } = await import(${JSON.stringify(import.meta.resolve('@azure/identity'))});
    const { LogsIngestionClient } = await import(${JSON.stringify(import.meta.resolve('@azure/monitor-ingestion'))});
    const e = process.env;
    const credential = new ClientSecretCredential(e.TENANT_ID, e.AZURE_CLIENT_ID, e.AZURE_CLIENT_SECRET, { authorityHost: e.AZURE_AUTHORITY_HOST, disableInstanceDiscovery: true });
    await new LogsIngestionClient(e.INGESTION_URL, credential).upload(e.DCR_IMMUTABLE_ID, 'Custom-CopilotAudit_CL', [{ RecordId: 'a', Workload: null }]);`;
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env });
    const [day = ''] = await readdir(join(rows, 'CopilotAudit_CL'));
    const row = json<Record<string, string>>(await readFile(join(rows, 'CopilotAudit_CL', day), 'utf8'));
    expect(row).toEqual({ RecordId: 'a', TimeGenerated: row['_TimeReceived'], _TimeReceived: expect.any(String) });
    expect(day).toBe(`${row['_TimeReceived']?.slice(0, 10)}.ndjson`);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    const { ids, ingestion } = json<Report>(await readFile(reportFile, 'utf8'));
    expect(ids.stored).toEqual(['a']);
    expect(ingestion).toMatchObject({ requests: { '204': 1 }, rowsAccepted: 1, columnsDropped: {} });
  },
);

test('lists the fault menu, and refuses an unknown fault with it', { timeout: 20_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [main, '--list-faults']);
  for (const name of Object.keys(faultMenu)) expect(stdout).toContain(name);
  const failed = promisify(execFile)(process.execPath, [main, '--faults', 'nonsense']);
  await expect(failed).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/"nonsense"[\s\S]*throttle-403/),
  });
});
