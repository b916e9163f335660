/** What a person or a job sees of each command: output, exit code, rows. The import and run commands have own files. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { NOISE_CANARIES, PROMPT_CANARIES } from '../../simulator/canaries.ts';
import { settings } from '../../collector/settings.ts';
import { scene, summaryOf, type Scene } from './harness.ts';
import { leaks, ledgerSummary, outcomeOf, plus, problemsOf } from './outcome.ts';
import { copilotHealth } from '../../collector/schema/index.ts';

// A Wednesday, standing still: what is to be stored does not change while a collector runs.
const now = Date.parse('2026-11-18T15:00:00Z');
const small = { users: 6, days: 2, clock: () => now };

const linesOf = (text: string): readonly string[] => text.trim().split('\n');

/** The stored ids are the expected ones, each once. */
async function assertComplete(place: Scene): Promise<void> {
  const ids = (await place.rows('CopilotAudit_CL')).map((row) => String(row['RecordId'])).toSorted();
  expect(ids).toEqual(place.tenant.report().ids.expected);
  expect(ids.length).toBeGreaterThan(100);
}

describe('check', () => {
  it('tries everything that collection needs and says so line by line', async () => {
    await using place = await scene(small);
    const ended = await place.collect(['check']);
    expect(ended.code, ended.stdout).toBe(0);
    const lines = linesOf(ended.stdout);
    // The simulated clock is another one than ours.
    expect(lines.filter((line) => !line.startsWith('warn  clock')).map((line) => line.split(':')[0])).toEqual(
      [
        'token',
        'permission',
        'subscription',
        'listing',
        'Graph users',
        'Graph labels',
        'Graph agents',
        'sink',
        'state',
      ].map((what) => `pass  ${what}`),
    );
    expect(problemsOf(copilotHealth, await place.rows('CopilotHealth_CL'))).toEqual([]);
    expect(await leaks(place, [ended.stdout, ended.stderr])).toEqual([]);
    expect(place.tenant.report()).toMatchObject({ starts: [], withoutPublisherIdentifier: 0 });
  });

  it('names the missing permission and where to grant it', async () => {
    await using place = await scene({ ...small, switches: { roles: [] } });
    const ended = await place.collect(['check']);
    expect(ended.code).toBe(2);
    expect(ended.stdout).toMatch(/^FAIL {2}permission: .*ActivityFeed\.Read.*Office 365 Management APIs/m);
    expect(ended.stdout).toMatch(/^FAIL {2}subscription: .*ActivityFeed\.Read/m);
    expect(ended.stdout).toMatch(/^pass {2}sink/m);
    expect(await leaks(place, [ended.stdout, ended.stderr])).toEqual([]);
  });

  it('says that the secret is wrong, does not repeat it, and still tries the rest', async () => {
    await using place = await scene(small);
    const wrong = 'wrong~secret~4711';
    const ended = await place.collect(['check'], { ...place.tenant.env, AZURE_CLIENT_SECRET: wrong });
    expect(ended.code).toBe(2);
    expect(ended.stdout).toMatch(/^FAIL {2}token: .*AADSTS7000215/m);
    expect(ended.stdout).toMatch(/^FAIL {2}permission: not tried/m);
    expect(ended.stdout).toMatch(/^FAIL {2}listing: not tried/m);
    expect(ended.stdout).toMatch(/^pass {2}state/m);
    expect(`${ended.stdout}${ended.stderr}${await place.leftOnDisk()}`).not.toContain(wrong);
  });

  it('says that there is no subscription yet, which is no failure', async () => {
    await using place = await scene({ ...small, faults: ['subscription-absent'] });
    const ended = await place.collect(['check']);
    expect(ended.stdout).toMatch(/^pass {2}subscription: .*not enabled yet/m);
  });
});

describe('once', () => {
  it('collects with a managed identity', async () => {
    await using place = await scene(small);
    const ended = await place.collect(['once'], place.tenant.managedIdentityEnv);
    expect(ended.code, ended.stderr).toBe(0);
    await assertComplete(place);
    expect(await leaks(place, [ended.stdout, ended.stderr])).toEqual([]);
  });

  it('collects with a certificate', async () => {
    await using place = await scene(small);
    const ended = await place.collect(['once'], place.tenant.certificateEnv);
    expect(ended.code, ended.stderr).toBe(0);
    await assertComplete(place);
    expect(await leaks(place, [ended.stdout, ended.stderr])).toEqual([]);
  });

  it('ends with the summary as one line of JSON, and stores nothing at the second time', async () => {
    await using place = await scene(small);
    const first = await place.collect(['once']);
    expect(linesOf(first.stdout)).toHaveLength(1);
    const listings = place.tenant.report().listings.count;
    const second = await place.collect(['once']);
    expect([first.code, second.code]).toEqual([0, 0]);
    const outcome = await outcomeOf(place, second);
    expect(outcome.summary).toMatchObject({ seen: 0, accepted: 0, gaps: 0 });
    expect(outcome.report.listings.count - listings).toBe(1);
    expect(outcome.report.blobs.repeatedly).toBe(0);
    expect(ledgerSummary(outcome)).toEqual(plus(summaryOf(first), outcome.summary));
    await assertComplete(place);
  });

  it('says which permission is missing, and ends with 2', async () => {
    await using place = await scene({ ...small, switches: { roles: [] } });
    const ended = await place.collect(['once']);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('ActivityFeed.Read');
    const health = await place.rows('CopilotHealth_CL');
    expect(health).toContainEqual(
      expect.objectContaining({
        HealthKind: 'source-error',
        Source: 'activity-feed',
        Reason: expect.stringContaining('ActivityFeed.Read'),
      }),
    );
    expect(summaryOf(ended)).toMatchObject({ seen: 0, gaps: 0 });
  });

  it('keeps prompt text when told so, and still nothing of other workloads', async () => {
    await using place = await scene({ ...small, users: 12, days: 6 });
    const ended = await place.collect(['once'], { ...place.tenant.env, CONTENT_FIELDS: 'keep' });
    expect(ended.code, ended.stderr).toBe(0);
    const rows = JSON.stringify(await place.rows('CopilotAudit_CL'));
    expect(PROMPT_CANARIES.filter((canary) => rows.includes(canary))).not.toEqual([]);
    const all = `${await place.leftOnDisk()}${ended.stdout}${ended.stderr}`;
    expect(NOISE_CANARIES.filter((canary) => all.includes(canary))).toEqual([]);
    // Health rows and log lines carry no content whatever the setting is.
    expect(`${JSON.stringify(await place.rows('CopilotHealth_CL'))}${ended.stderr}`).not.toMatch(/canary [a-z]+ \d{4}/);
  });
});

describe('unsubscribe', () => {
  it('stops the subscription, and a later pass starts it again', async () => {
    await using place = await scene(small);
    const ended = await place.collect(['unsubscribe']);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stdout).toContain('Audit.General is stopped');
    expect(place.tenant.report().stops).toMatchObject([{ contentType: 'Audit.General', status: 200 }]);
    expect((await place.collect(['once'])).code).toBe(0);
    expect(place.tenant.report().starts).toMatchObject([{ contentType: 'Audit.General', status: 200 }]);
    await assertComplete(place);
  });
});

describe('the command line', () => {
  it('lists every problem of the configuration at once and ends with 1', async () => {
    await using place = await scene(small);
    const ended = await place.collect(['once'], { CLOUD: 'mars', POLL_SECONDS: 'often', FETCH_CONCURRENCY: '0' });
    expect(ended.code).toBe(1);
    for (const part of [
      'TENANT_ID is missing',
      'CLOUD=mars',
      'POLL_SECONDS=often',
      'FETCH_CONCURRENCY=0',
      'no credential',
    ])
      expect(ended.stderr).toContain(part);
    expect(ended.stdout).toBe('');
    expect(place.tenant.report().requests.total).toBe(0);
  });

  it('ends with 1 for an unknown command and for none', async () => {
    await using place = await scene(small);
    for (const args of [['collekt'], []]) {
      const ended = await place.collect(args);
      expect(ended.code, args.join()).toBe(1);
      expect(ended.stderr).not.toBe('');
    }
  });

  it('explains every setting, and no secret of this environment', async () => {
    await using place = await scene(small);
    const ended = await place.collect(['--help']);
    expect(ended.code).toBe(0);
    for (const { name } of settings) expect(ended.stdout).toContain(name);
    expect(ended.stdout).not.toContain(place.tenant.clientSecret);
  });

  it('writes files that only its own user can read', async () => {
    await using place = await scene(small);
    await place.collect(['once']);
    for (const entry of await readdir(place.directory, { recursive: true, withFileTypes: true })) {
      const path = `${entry.parentPath}/${entry.name}`;
      expect((await stat(path)).mode & 0o077, path).toBe(0);
    }
    expect(await readFile(`${place.directory}/state/checkpoint.json`, 'utf8')).toMatch(/^\{"format":3,/);
  });
});
