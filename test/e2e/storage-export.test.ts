/** Exports in a storage account, read by the bundled collector with the tokens of a managed identity. */
import { readFile } from 'node:fs/promises';
import tls from 'node:tls';
import { ContainerClient } from '@azure/storage-blob';
import { expect, it } from 'vitest';
import { seededGuid } from '../../simulator/server/chance.ts';
import { splitRights } from '../../simulator/server/switches.ts';
import { storageCredential } from '../azurite.ts';
import { idOf, pathOf, row } from '../unit/sources/storage-export-rig.ts';
import { azureScene } from './azure-scene.ts';
import { summaryOf } from './harness.ts';

const CONTAINER = 'insights-logs-advancedhunting-cloudappevents';
const foreign = JSON.stringify({
  category: 'AdvancedHunting-CloudAppEvents',
  properties: { ActionType: 'FileAccessed', RawEventData: { Id: 'x', Workload: 'SharePoint', RecordType: 6 } },
});

it(
  'the identity that writes to Azure reads exports, is told of the role that it lacks, and lists every 15 minutes',
  { timeout: 120_000 },
  async () => {
    await using scene = await azureScene({ users: 5, days: 1, switches: splitRights });
    const { storage, tenant } = scene;
    const env = {
      ...scene.envFor(tenant.splitEnv),
      SOURCES: 'storage-export',
      STORAGE_EXPORT_URL: storage.url,
      ENRICH: 'none',
    };
    tls.setDefaultCACertificates([
      ...tls.getCACertificates('default'),
      await readFile(scene.env['NODE_EXTRA_CA_CERTS'] ?? '', 'utf8'),
    ]);
    const container = new ContainerClient(`${storage.url}/${CONTAINER}`, storageCredential());
    await container.create();
    const blob = container.getAppendBlobClient(pathOf(9));
    await blob.create();
    const lines = `${row(1)}\r\n${foreign}\r\n${row(2)}\r\n${row(1)}\r\n${row(3).slice(0, 40)}`;
    await blob.appendBlock(lines, Buffer.byteLength(lines));
    const ofExports = (since: number) => storage.seen.slice(since).filter(({ path }) => path.includes(CONTAINER));

    // To list takes less than to read.
    storage.decide(({ action, path }) =>
      action === 'read' && path.includes(CONTAINER)
        ? { kind: 'answer', status: 403, code: 'AuthorizationPermissionMismatch' }
        : { kind: 'pass' },
    );
    const refused = await scene.collect(['check'], env);
    expect(refused.code).toBe(2);
    expect(refused.stdout).toMatch(/^FAIL {2}storage export: .*403.*grant the role Storage Blob Data Reader/m);

    storage.decide(() => ({ kind: 'pass' }));
    const checked = await scene.collect(['check'], env);
    expect(checked.code, checked.stdout).toBe(0);
    expect(checked.stdout).toMatch(/^pass {2}storage export: .*PT1H\.json can be read$/m);
    expect(checked.stdout).toMatch(/^warn {2}storage export: .*am-copilotactivity: nothing there yet/m);

    let since = storage.seen.length;
    const passed = await scene.collect(['once'], env);
    expect(passed.code, passed.stderr).toBe(0);
    expect(summaryOf(passed)).toMatchObject({ seen: 4, foreign: 1, selected: 3, duplicate: 1, accepted: 2, gaps: 0 });
    const stored = tenant.stored('CopilotAudit_CL').map(({ RecordId }) => String(RecordId));
    expect(stored.toSorted()).toEqual([idOf(1), idOf(2)]);
    // Azurite knows no roles: whose business reading is shows in whose tokens it saw.
    expect(ofExports(since).map(({ action }) => action)).toEqual(expect.arrayContaining(['list', 'read']));
    expect(new Set(ofExports(since).map(({ objectId }) => objectId))).toEqual(
      new Set([seededGuid(1, 'managed-identity')]),
    );

    // Another process, a moment later: nothing is listed before its time, whatever POLL_SECONDS says.
    since = storage.seen.length;
    const again = await scene.collect(['once'], { ...env, POLL_SECONDS: '1' });
    expect(again.code, again.stderr).toBe(0);
    expect(summaryOf(again)).toMatchObject({ seen: 0, accepted: 0 });
    expect(ofExports(since)).toEqual([]);
    for (const { stdout, stderr } of [refused, checked, passed, again])
      expect(`${stdout}${stderr}`).not.toMatch(/eyJ[\w-]{10,}\.[\w-]{10,}/);
  },
);
