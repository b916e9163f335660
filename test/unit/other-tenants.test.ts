import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { otherTenants } from '../../collector/other-tenants.ts';
import { diskPlace } from '../../collector/state/disk-place.ts';
import { state } from '../../collector/state/state.ts';

const OURS = '00000000-0000-4000-8000-0000000000a1';
const THEIRS = '00000000-0000-4000-8000-0000000000b2';

it.for<[string, unknown, boolean]>([
  ['ours', { OrganizationId: OURS }, false],
  ['ours in upper case and with spaces', { OrganizationId: ` ${OURS.toUpperCase()} ` }, false],
  ['without an organisation', {}, false],
  ['with an empty one', { OrganizationId: '' }, false],
  ['with the nil GUID', { OrganizationId: '00000000-0000-0000-0000-000000000000' }, false],
  ['with a name instead of a GUID', { OrganizationId: 'contoso.example' }, false],
  ['of another tenant', { OrganizationId: THEIRS }, true],
  ['of another tenant, the field in other letters', { organizationid: THEIRS.toUpperCase() }, true],
])('a record %s is told apart', ([, record, isOther]) => {
  expect(otherTenants(OURS).isOther('storage-export', record)).toBe(isOther);
});

it('without a tenant to collect from, every record is taken', () => {
  expect(otherTenants(undefined).isOther('storage-export', { OrganizationId: THEIRS })).toBe(false);
});

it('the state of one tenant is refused to the collector of another, and stays as it is', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'copilot-sentinel-tenants-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const of = (tenantId?: string) => state(diskPlace(directory), { tenantId });
  const ours = of(OURS);
  const held = await ours.load();
  held.source('activity-feed').cursor = 'here';
  await ours.save(held);
  await ours.close();

  await expect(of(THEIRS).load()).rejects.toThrow(
    `is of tenant ${OURS}, not of ${THEIRS}: give each tenant a place of its own (STATE_URL)`,
  );
  // A command that knows no tenant takes it, and leaves it to whom it belongs.
  const nobodys = of();
  await nobodys.save(await nobodys.load());
  await nobodys.close();
  await expect(of(THEIRS).load()).rejects.toThrow('is of tenant');
  const again = of(OURS);
  expect((await again.load()).source('activity-feed').cursor).toBe('here');
  await again.close();
});
