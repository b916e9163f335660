import { expect, it } from 'vitest';
import { toMainDocument } from '../../../collector/records/document.ts';
import { toReferences } from '../../../collector/enrich/references.ts';
import { failed, fakeGraph, forbidden, found, missing } from './fake-graph.ts';
import { enrichmentOf, file, inContext, oneDriveFile, recordOf } from './records.ts';

const itemId = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const viewer = `https://contoso.sharepoint.com/sites/Sales/_layouts/15/Doc.aspx?sourcedoc=%7B${itemId}%7D`;
const item = {
  id: '01ABC',
  name: 'Plan.docx',
  webUrl: `${viewer}&file=Plan.docx&action=default`,
  size: 18_235,
  lastModifiedDateTime: '2026-11-19T08:00:00Z',
};
const address = {
  name: 'Plan.docx',
  extension: 'docx',
  url: file,
  siteUrl: 'https://contoso.sharepoint.com/sites/Sales',
};

it('tells name, extension and site from the address alone', async () => {
  const { facts, seen } = await enrichmentOf(undefined, ['files']).enrich([inContext(file)]);
  expect(facts).toMatchObject([
    { file: { ...address, sizeBytes: null, modifiedTime: null }, siteOwner: null, errors: [] },
  ]);
  expect(seen.map(({ entity, lookUp }) => [entity.kind, entity.key, lookUp])).toEqual([
    ['site', 'https://contoso.sharepoint.com/sites/sales', 'complete'],
    ['file', file.toLowerCase(), 'complete'],
  ]);
  expect(seen[0]?.entity.facts).toEqual({
    kind: 'site',
    url: 'https://contoso.sharepoint.com/sites/Sales',
    name: 'Sales',
    owner: null,
    isOneDrive: false,
  });
});

it('adds size and last change by one call, and the address by which the item is also known', async () => {
  const graph = fakeGraph({ 'v1.0 /shares/': found(item) });
  const { facts, seen } = await enrichmentOf(graph, ['files']).enrich([inContext(file)]);
  expect(facts[0]?.file).toEqual({
    ...address,
    kind: 'file',
    sizeBytes: 18_235,
    modifiedTime: '2026-11-19T08:00:00.000Z',
  });
  expect(seen[1]?.entity.aliases).toEqual([viewer.toLowerCase()]);
  expect(graph.calls).toHaveLength(1);
  const encoded = /u!([\w-]+)\//.exec(graph.calls[0] ?? '')?.[1] ?? '';
  expect(Buffer.from(encoded, 'base64url').toString()).toBe(file);
});

it.for([
  ['missing', missing],
  ['refused', failed('refused')],
] as const)('goes by site and list when the address is %s as a share', async ([, shared]) => {
  const graph = fakeGraph({
    'v1.0 /shares/': shared,
    'v1.0 /sites/contoso.sharepoint.com:/sites/Sales?': found({ id: 'contoso.sharepoint.com,1,2' }),
    'v1.0 /sites/contoso.sharepoint.com,1,2/drive': found({ sharePointIds: { listId: '77' } }),
    [`v1.0 /sites/contoso.sharepoint.com,1,2/lists/77/items/${itemId}`]: found({
      id: '4',
      lastModifiedDateTime: '2026-11-18T08:00:00Z',
      fields: { FileLeafRef: 'Budget.xlsx', FileSizeDisplay: '512' },
    }),
  });
  const { facts } = await enrichmentOf(graph, ['files']).enrich([inContext(viewer)]);
  expect(facts[0]).toMatchObject({
    file: { name: 'Budget.xlsx', extension: 'xlsx', sizeBytes: 512, modifiedTime: '2026-11-18T08:00:00.000Z' },
    errors: [],
  });
});

it('does not follow an id that would change the path', async () => {
  const graph = fakeGraph({ 'v1.0 /sites/contoso.sharepoint.com:/sites/Sales?': found({ id: '../users' }) });
  const { facts } = await enrichmentOf(graph, ['files']).enrich([inContext(viewer)]);
  expect(facts[0]?.errors).toEqual(['files: unreadable']);
  expect(graph.calls).toHaveLength(2);
});

it.for([
  [missing, 'not-found'],
  [forbidden, 'forbidden'],
  [failed('throttled'), 'throttled'],
  [found({ name: 'Plan.docx' }), 'unreadable'],
] as const)('keeps what the address says when the look-up ends as %o', async ([answer, reason]) => {
  const graph = fakeGraph({ 'v1.0 /shares/': answer });
  const { facts, seen } = await enrichmentOf(graph, ['files']).enrich([inContext(file)]);
  expect(facts).toMatchObject([{ file: { ...address, sizeBytes: null }, errors: [`files: ${reason}`] }]);
  // Less than is known when the look-up succeeds.
  expect(seen[1]?.lookUp).toBe(reason === 'not-found' || reason === 'forbidden' ? 'partial' : 'pending');
});

it.for([[{ size: '12' }], [{ size: -1 }], [{ size: 1.5 }], [{ size: 1e300 }]] as const)(
  'gives no size for %o',
  async ([changes]) => {
    const graph = fakeGraph({ 'v1.0 /shares/': found({ ...item, ...changes }) });
    const { facts } = await enrichmentOf(graph, ['files']).enrich([inContext(file)]);
    expect(facts[0]?.file?.sizeBytes).toBeNull();
  },
);

const owner = (value: object) =>
  fakeGraph({
    'v1.0 /shares/': found(item),
    'v1.0 /sites/contoso-my.sharepoint.com:/personal/ben_holm_contoso_example:/drive?': found({ id: 'd', ...value }),
  });

it.for([
  [
    'the actor is',
    undefined,
    [inContext(oneDriveFile, { UserId: 'Ben.Holm@contoso.example', UserType: 0 })],
    'ben.holm@contoso.example',
  ],
  [
    'a later actor is',
    undefined,
    [inContext(oneDriveFile), recordOf({ UserId: 'ben.holm@contoso.example', UserType: 0 })],
    'ben.holm@contoso.example',
  ],
  [
    'the drive says',
    owner({ owner: { user: { email: 'Ben@contoso.example' } } }),
    [inContext(oneDriveFile)],
    'ben@contoso.example',
  ],
  ['only the address says', owner({ owner: { group: {} } }), [inContext(oneDriveFile)], 'ben_holm_contoso_example'],
  [
    'two users would be',
    undefined,
    [
      inContext(oneDriveFile),
      ...['ben.holm', 'ben_holm'].map((name) => recordOf({ UserId: `${name}@contoso.example`, UserType: 0 })),
    ],
    'ben_holm_contoso_example',
  ],
] as const)('names the owner of a OneDrive as %s', async ([, graph, records, expected]) => {
  const { facts, seen } = await enrichmentOf(graph, ['files']).enrich(records);
  expect(facts[0]).toMatchObject({ siteOwner: expected, errors: [] });
  const site = seen.find(({ entity }) => entity.kind === 'site')?.entity.facts;
  expect(site).toMatchObject({ owner: expected, isOneDrive: true });
});

it.for([
  ['is forbidden', ['files'], fakeGraph({ 'v1.0 /sites/': forbidden }), 'partial'],
  ['names nobody', ['files'], fakeGraph({ 'v1.0 /sites/': found({ id: 'd' }) }), 'complete'],
  ['is not made', [], undefined, 'partial'],
] as const)('knows that the account in an address is less than an owner, when the look-up %s', async (given) => {
  const [, names, graph, lookUp] = given;
  const { seen } = await enrichmentOf(graph, names).enrich([inContext(oneDriveFile)]);
  expect(seen[0]).toMatchObject({ entity: { facts: { owner: 'ben_holm_contoso_example' } }, lookUp });
});

it('asks for no drive when a user of the directory fits its address', async () => {
  const graph = fakeGraph({ 'v1.0 /users/': found({ id: 'x', userPrincipalName: 'Ben.Holm@contoso.example' }) });
  const one = enrichmentOf(graph, ['users', 'files']);
  await one.enrich([recordOf({ UserId: '99999999-2222-4333-8444-555555555555', UserType: 0 })]);
  const { facts } = await one.enrich([inContext(oneDriveFile)]);
  expect(facts[0]?.siteOwner).toBe('ben.holm@contoso.example');
  expect(graph.calls.some((call) => call.includes(':/drive'))).toBe(false);
});

it.for([
  { Contexts: [{ Id: 'C:\\x.docx' }, { Id: file }], AccessedResources: [{ SiteUrl: oneDriveFile }] },
  { Contexts: [{ Id: 'none' }], AccessedResources: [{ Id: 'x' }, { SiteUrl: oneDriveFile }, { SiteUrl: file }] },
])('puts the file of the row first among those looked up', (event) => {
  const record = recordOf({}, event);
  expect(toReferences(record).documents).toHaveLength(2);
  expect(toReferences(record).documents[0]).toEqual(record.event && toMainDocument(record.event));
});
