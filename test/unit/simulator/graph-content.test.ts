import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GRAPH_CANARIES } from '../../../simulator/canaries.ts';
import { fileDetails, meetingDetails, siteDetails } from '../../../simulator/tenant/content-facts.ts';
import type { Simulator } from '../../../simulator/simulator.ts';
import { all, get, graphToken, people, shareId, type Body } from './graph-harness.ts';
import { started } from './server-harness.ts';

const tenant = people();
let sim: Simulator;
let token: string;
beforeAll(async () => {
  sim = await started({ switches: { teamsRequestsPerSecond: 1000 } });
  token = await graphToken(sim);
});
afterAll(() => sim.close());

const file = tenant.files.find(({ extension, site }) => extension === 'docx' && site.ownerId === null);
const own = tenant.files.find(({ site }) => site.ownerId !== null);
if (!file || !own) throw new Error('the tenant has no such files');
const { site } = file;
const host = 'contoso.sharepoint.com';
const place = site.url.split('/').at(-1) ?? '';
const { listId, webId } = siteDetails(tenant.seed, site);

describe('a shared address', () => {
  const select = '?$select=id,name,size,lastModifiedDateTime';
  it.for([
    ['direct', file.url],
    ['with a query', `${file.url}?web=1`],
    ['of the viewer', file.viewerUrl],
    ['with a sharing prefix', file.url.replace(`${host}/`, `${host}/:w:/r/`)],
    ['decoded', decodeURI(file.url)],
    ['in another casing', file.url.replace('/sites/', '/Sites/')],
  ] as const)('%s leads to the drive item', async ([, url]) => {
    const details = fileDetails(tenant.seed, file, tenant.users);
    const { status, body } = await get(sim, token, `/v1.0/shares/${shareId(url)}/driveItem${select}`);
    expect([status, body]).toEqual([
      200,
      {
        '@odata.context': expect.any(String),
        id: file.itemId,
        name: file.name,
        size: details.sizeBytes,
        lastModifiedDateTime: details.modifiedTime,
      },
    ]);
  });

  it.for([
    ['of nothing', shareId(`${site.url}/Shared%20Documents/none.docx`), 404, 'itemNotFound'],
    ['of a viewer of nothing', shareId(`${site.url}/_layouts/15/Doc.aspx?sourcedoc=%7B0%7D`), 404, 'itemNotFound'],
    ['of another tenant', shareId('https://fabrikam.example/sites/a/b.docx'), 400, 'invalidRequest'],
    ['without https', shareId('C:\\notes.txt'), 400, 'invalidRequest'],
    ['that was not encoded', 'u!https', 400, 'invalidRequest'],
    ['with padding', `${shareId('https://a')}==`, 400, 'invalidRequest'],
    ['without its prefix', shareId(file.url).slice(2), 400, 'invalidRequest'],
  ] as const)('%s gets %s', async ([, id, status, code]) => {
    const answer = await get(sim, token, `/v1.0/shares/${id}/driveItem${select}`);
    expect([answer.status, answer.code]).toEqual([status, code]);
  });

  it('brings sharepointIds only when they are selected, and text that nobody asked for only without $select', async () => {
    const path = `/v1.0/shares/${shareId(file.url)}/driveItem`;
    const whole = await get(sim, token, path);
    expect(Object.keys(whole.body)).not.toContain('sharepointIds');
    expect(whole.raw.body).toContain(GRAPH_CANARIES[1]);
    const chosen = await get(sim, token, `${path}?$select=id,sharepointIds`);
    expect(chosen.body['sharepointIds']).toMatchObject({ listId, listItemUniqueId: file.id, siteId: site.id, webId });
    expect(chosen.raw.body).not.toContain('canary');
  });
});

describe('a site', () => {
  const id = `${host},${site.id},${webId}`;
  const ownerOf = (): string => tenant.users.find((user) => user.id === own.site.ownerId)?.upn ?? '';

  it('is found by its path and by its id', async () => {
    for (const path of [
      `/v1.0/sites/${host}:/sites/${place}`,
      `/v1.0/sites/${host}:/sites/${place}:`,
      `/v1.0/sites/${id}`,
    ]) {
      const { status, body } = await get(sim, token, `${path}?$select=id,displayName,webUrl`);
      expect([path, status, body]).toEqual([
        path,
        200,
        { '@odata.context': expect.any(String), id, displayName: site.name, webUrl: site.url },
      ]);
    }
  });

  it('leads to its drive, its list and the item with size and last change', async () => {
    const drive = await get(sim, token, `/v1.0/sites/${id}/drive?$select=sharePointIds`);
    expect(drive.body['sharePointIds']).toMatchObject({ listId });
    const same = await get(sim, token, `/v1.0/sites/${host}:/sites/${place}:/drive?$select=id`);
    expect(same.status).toBe(200);
    const item = await get(sim, token, `/v1.0/sites/${id}/lists/${listId}/items/${file.id}?$expand=fields`);
    const details = fileDetails(tenant.seed, file, tenant.users);
    expect(item.body['fields']).toMatchObject({
      FileLeafRef: file.name,
      FileSizeDisplay: String(details.sizeBytes),
      Modified: details.modifiedTime,
    });
    const plain = await get(sim, token, `/v1.0/sites/${id}/lists/${listId}/items/${file.id}`);
    expect(Object.keys(plain.body)).not.toContain('fields');
  });

  it('of a person tells the owner, by its address and by the person', async () => {
    const path = own.site.url.replace('https://contoso-my.sharepoint.com', '/v1.0/sites/contoso-my.sharepoint.com:');
    const personal = await get(sim, token, `${path}:/drive?$select=owner,driveType`);
    expect(personal.body).toMatchObject({ driveType: 'business', owner: { user: { email: ownerOf() } } });
    const byName = await get(sim, token, `/v1.0/users/${encodeURIComponent(ownerOf())}/drive?$select=owner,webUrl`);
    expect(byName.body).toMatchObject({
      webUrl: `${own.site.url}/Documents`,
      owner: { user: { id: own.site.ownerId } },
    });
  });

  it.for([
    [`/sites/${host}:/sites/nowhere`, 404, 'itemNotFound'],
    [`/sites/fabrikam.example:/sites/${place}`, 404, 'itemNotFound'],
    [`/sites/${id}/lists/${listId}/items/00000000-0000-4000-8000-000000000000?$expand=fields`, 404, 'itemNotFound'],
    [`/sites/${id}/lists/${site.id}/items/${file.id}?$expand=fields`, 404, 'itemNotFound'],
    [`/sites/${id}/lists/${listId}/items/${own.id}?$expand=fields`, 404, 'itemNotFound'],
    [`/sites/${id}?$select=price`, 400, 'invalidRequest'],
    ['/users/nobody@contoso.example/drive', 404, 'ResourceNotFound'],
  ] as const)('%s gets %i %s', async ([path, status, code]) => {
    const answer = await get(sim, token, `/v1.0${path}`);
    expect([answer.status, answer.code]).toEqual([status, code]);
  });
});

describe('a meeting', () => {
  const kept = tenant.meetings.map((meeting) => ({ ...meeting, ...meetingDetails(tenant.seed, meeting) }));
  const withChat = kept.filter(({ hasChat }) => hasChat);
  const alone = kept.find(({ hasChat, isKept }) => !hasChat && isKept);
  if (!alone) throw new Error('every meeting has its chat');
  const wireId = Buffer.from(`1*${alone.organizerId}*0**${alone.threadId}`).toString('base64');

  it('has a topic and its time by its chat, most of the time', async () => {
    expect([withChat.length < kept.length, withChat.length > kept.length / 2]).toEqual([true, true]);
    const [meeting] = withChat;
    const fields = 'id,topic,chatType,onlineMeetingInfo,createdDateTime';
    const { body } = await get(sim, token, `/v1.0/chats/${meeting?.threadId}?$select=${fields}`);
    expect(body).toEqual({
      '@odata.context': expect.any(String),
      id: meeting?.threadId,
      topic: meeting?.subject,
      chatType: 'meeting',
      createdDateTime: meeting?.createdTime,
      onlineMeetingInfo: {
        calendarEventId: null,
        joinWebUrl: meeting?.joinUrl,
        organizer: expect.objectContaining({ id: meeting?.organizerId }),
      },
    });
  });

  it.for([
    ['as the documentation encodes it', wireId],
    ['as others put it together', `${alone.organizerId}_${alone.threadId}`],
  ] as const)('whose chat is gone is found by its organizer and its id %s', async ([, id]) => {
    expect((await get(sim, token, `/v1.0/chats/${alone.threadId}`)).code).toBe('NotFound');
    const path = `/v1.0/users/${alone.organizerId}/onlineMeetings/${encodeURIComponent(id)}`;
    const { status, body } = await get(sim, token, `${path}?$select=subject,creationDateTime`);
    expect([status, body]).toEqual([
      200,
      { '@odata.context': expect.any(String), subject: alone.subject, creationDateTime: alone.createdTime },
    ]);
  });

  const somebody = tenant.users.find(({ id }) => id !== alone.organizerId)?.id ?? '';
  it.for([
    ['chats/19:nobody@thread.v2', 404, 'NotFound'],
    ['chats/nothing', 400, 'BadRequest'],
    [`users/${somebody}/onlineMeetings/${wireId}`, 404, 'NotFound'],
    [`users/${somebody}/onlineMeetings/none`, 400, 'BadRequest'],
    [`users/${encodeURIComponent('a@contoso.example')}/onlineMeetings/${wireId}`, 400, 'BadRequest'],
  ] as const)('%s gets %i %s', async ([path, status, code]) => {
    const answer = await get(sim, token, `/v1.0/${path}`);
    expect([answer.status, answer.code]).toEqual([status, code]);
  });

  it('is kept from an application without an access policy, though not its chat', async () => {
    const poor = await started({ switches: { meetingPolicy: 'absent' } });
    try {
      const theirs = await graphToken(poor);
      const answer = await get(poor, theirs, `/v1.0/users/${alone.organizerId}/onlineMeetings/${wireId}`);
      expect([answer.status, answer.code]).toEqual([403, 'Forbidden']);
      expect((await get(poor, theirs, `/v1.0/chats/${withChat[0]?.threadId}`)).status).toBe(200);
    } finally {
      await poor.close();
    }
  });
});

describe('labels', () => {
  interface Label extends Body {
    readonly id: string;
    readonly sublabels: readonly Label[];
    readonly parent: Label | null;
  }
  const path = 'security/dataSecurityAndGovernance/sensitivityLabels';
  const [group] = tenant.labels.filter(({ name }) => name === 'Highly Confidential');

  it('of v1.0 hold those below them, and every label of a document is somewhere in the list', async () => {
    const list = (await all(sim, token, `/v1.0/${path}?$select=id,name,priority,sublabels`)) as readonly Label[];
    const flat = (some: readonly Label[]): readonly Label[] => some.flatMap((one) => [one, ...flat(one.sublabels)]);
    const known = new Map(flat(list).map((label) => [label.id, label]));
    for (const { id, name, priority } of tenant.labels) expect(known.get(id)).toMatchObject({ name, priority });
    expect(list.map(({ id }) => id)).not.toContain(group?.id);
    expect(JSON.stringify(list)).not.toContain('parent');
  });

  it('of beta are a flat list in which each names its parent, for another permission', async () => {
    const other = await started({ switches: { graphRoles: ['InformationProtectionPolicy.Read.All'] } });
    try {
      const beta = '/beta/security/informationProtection/sensitivityLabels';
      const list = (await all(other, await graphToken(other), beta)) as readonly Label[];
      const byId = new Map(list.map((label) => [label.id, label]));
      expect(byId.get(group?.id ?? '')).toMatchObject({ sensitivity: 9, parent: { name: 'Restricted' } });
      expect(byId.get(tenant.labels[0]?.id ?? '')?.parent).toBeNull();
      expect((await get(other, await graphToken(other), `/v1.0/${path}`)).status).toBe(403);
    } finally {
      await other.close();
    }
  });
});

describe('packages', () => {
  it.for(['v1.0', 'beta'])(
    'of %s come in pages: agents of the tenant and those of others, some blocked',
    async (version) => {
      const path = `/${version}/copilot/admin/catalog/packages`;
      const list = await all(sim, token, path);
      expect(Object.keys((await get(sim, token, path)).body)).toContain('@odata.nextLink');
      const byId = new Map(list.map((one) => [one['id'], one]));
      expect(byId.size).toBe(list.length);
      for (const agent of tenant.customEngineAgents)
        expect(byId.get(`T_${agent.titleId}`)).toMatchObject({
          displayName: agent.name,
          type: 'custom',
          appId: agent.id,
        });
      for (const agent of tenant.plainAgents.microsoft) expect(byId.get(agent.id)).toMatchObject({ type: 'microsoft' });
      expect(new Set(list.map((one) => one['type']))).toEqual(new Set(['custom', 'shared', 'microsoft', 'external']));
      expect(list.filter((one) => one['isBlocked'] === true)).toHaveLength(2);
      expect(new Set(list.map((one) => one['availableTo']))).toEqual(new Set(['all', 'some', 'none']));
    },
  );

  it('have details, which the list does not hold', async () => {
    const [agent] = tenant.customEngineAgents;
    const path = '/v1.0/copilot/admin/catalog/packages';
    const one = await get(sim, token, `${path}/T_${agent?.titleId}?$select=id,elementDetails,allowedUsersAndGroups`);
    expect(one.body).toMatchObject({ id: `T_${agent?.titleId}`, elementDetails: expect.any(Array) });
    expect((await get(sim, token, `${path}?$select=elementDetails`)).status).toBe(400);
    expect((await get(sim, token, `${path}/T_none`)).status).toBe(404);
  });
});
