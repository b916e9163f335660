import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AccessedResource, Context, InteractionEvent } from '../../../collector/records/audit-record.ts';
import { toDocument, toDocuments, toMainDocument, toSite, type Document } from '../../../collector/records/document.ts';
import { resourceOf } from './resource-of.ts';

const GUID = 'c0c0c0c0-0000-4000-8000-000000000001';
/** An address at a host that is no example, so that it stands nowhere as one. */
const at = (host: string, path = ''): string => `https://${host}${path}`;
const HOST = 'https://contoso.sharepoint.com';
const DRIVE = 'https://contoso-my.sharepoint.com';
const FINANCE = `${HOST}/sites/finance`;
const PLAN = `${FINANCE}/Shared%20Documents/Plan.docx`;
const MEGAN = `${DRIVE}/personal/megan_contoso_example`;
const VIEWED = `${FINANCE}/_layouts/15/Doc.aspx?sourcedoc=%7B${GUID}%7D`;

const none = { name: null, type: null, listItemId: null };
const of = (url: string, hints: Partial<typeof none | Record<keyof typeof none, string>> = {}): Document | null =>
  toDocument(url, { ...none, ...hints });

const oneAddress = [
  PLAN,
  `${FINANCE}/Shared Documents/Plan.docx`,
  `  ${PLAN}`,
  'HTTPS://CONTOSO.SharePoint.Com/sites/finance/Shared%20Documents/Plan.docx',
  `${PLAN}?web=1&d=w1`,
  `${PLAN}#page=2`,
  `${PLAN}?web=1#a?b`,
  `${FINANCE}/Shared%2520Documents/Plan.docx`,
  `${FINANCE}/Shared%20Documents%2FPlan.docx`,
  `${FINANCE}/Shared%20Documents/Plan%2Edocx`,
  `${FINANCE}//Shared%20Documents/./x/../Plan.docx`,
  `${PLAN}/`,
  `${PLAN}.`,
  `${PLAN}..%20`,
  `${HOST}./sites/finance/Shared%20Documents/Plan.docx`,
  `${HOST}:443/sites/finance/Shared%20Documents/Plan.docx`,
  `${HOST}/:w:/r/sites/finance/Shared%20Documents/Plan.docx?d=w1&csf=1&web=1&e=x`,
  `${HOST}/:W:/R/sites/finance/Shared%20Documents/Plan.docx`,
  `${HOST}/%3Aw%3A/r/sites/finance/Shared%20Documents/Plan.docx`,
  `${HOST}/:w:/g/sites/finance/Shared%20Documents/Plan.docx?e=x`,
  `${FINANCE}/_layouts/15/WopiFrame.aspx?sourcedoc=%2Fsites%2Ffinance%2FShared%20Documents%2FPlan.docx&action=view`,
];

test.for(oneAddress)('%s is the same file in another spelling', (url) => {
  expect(of(url)).toEqual({
    key: 'https://contoso.sharepoint.com/sites/finance/shared%20documents/plan.docx',
    url: PLAN,
    name: 'Plan.docx',
    extension: 'docx',
    site: { url: FINANCE, name: 'finance', oneDriveAccount: null },
    listItemId: null,
  });
});

const viewers = [
  `${FINANCE}/_layouts/15/Doc.aspx?sourcedoc=%7B${GUID.toUpperCase()}%7D&file=Plan.docx&action=default`,
  `${FINANCE}/_layouts/15/doc.aspx?file=Plan.docx&sourcedoc={${GUID}}`,
  `${FINANCE}/_layouts/15/Doc.aspx?SourceDoc=${GUID}&File=Plan.docx`,
  `${FINANCE}/_layouts/15/WopiFrame.aspx?sourcedoc=%7B${GUID}%7D&file=Plan%2Edocx`,
  `${FINANCE}/_layouts/15/WopiFrame2.aspx?sourcedoc=%257B${GUID}%257D&file=Plan.docx`,
  `${HOST}/:w:/r/sites/finance/_layouts/15/Doc.aspx?sourcedoc=%7B${GUID}%7D&file=Plan.docx`,
  `${HOST}/:w:/s/finance/EabC?sourcedoc=%7B${GUID}%7D&file=Plan.docx`,
];

test.for(viewers)('the viewer %s is one address, whatever shows the file', (url) => {
  expect(of(url)).toEqual({
    key: VIEWED.toLowerCase(),
    url: VIEWED,
    name: 'Plan.docx',
    extension: 'docx',
    site: { url: FINANCE, name: 'finance', oneDriveAccount: null },
    listItemId: GUID,
  });
});

test('a viewer of a subsite keeps the subsite in its address, and names the site collection', () => {
  const url = `${FINANCE}/emea/_layouts/15/Doc.aspx?sourcedoc=%7B${GUID}%7D`;
  expect(of(url, { name: 'Plan.docx' })).toMatchObject({ url, name: 'Plan.docx', site: { url: FINANCE } });
});

test.for([
  [
    'a library of a OneDrive',
    `${MEGAN}/Documents/Budget.xlsx`,
    MEGAN,
    'megan_contoso_example',
    'megan_contoso_example',
  ],
  [
    'a viewer of a OneDrive',
    `${MEGAN}/_layouts/15/Doc.aspx?sourcedoc=${GUID}`,
    MEGAN,
    'megan_contoso_example',
    'megan_contoso_example',
  ],
  ['mixed case in an account', `${DRIVE}/personal/Megan_X/a.pdf`, `${DRIVE}/personal/Megan_X`, 'Megan_X', 'megan_x'],
  ['a team', `${HOST}/teams/Board%20Room/a.pdf`, `${HOST}/teams/Board%20Room`, 'Board Room', null],
  ['a subsite', `${FINANCE}/emea/Shared%20Documents/a.pdf`, FINANCE, 'finance', null],
  ['the root site', `${HOST}/Shared%20Documents/a.pdf`, HOST, 'contoso', null],
  ['a viewer of the root site', `${HOST}/_layouts/15/Doc.aspx?sourcedoc=${GUID}`, HOST, 'contoso', null],
  ['GCC High', at('contoso.sharepoint.us', '/sites/a/a.pdf'), at('contoso.sharepoint.us', '/sites/a'), 'a', null],
  [
    'DoD',
    at('contoso-my.sharepoint-mil.us', '/personal/b/a.pdf'),
    at('contoso-my.sharepoint-mil.us', '/personal/b'),
    'b',
    'b',
  ],
  ['China', at('contoso.sharepoint.cn', '/sites/a/a.pdf'), at('contoso.sharepoint.cn', '/sites/a'), 'a', null],
  ['Germany of old', at('contoso.sharepoint.de', '/sites/a/a.pdf'), at('contoso.sharepoint.de', '/sites/a'), 'a', null],
  ['a sharing link of a site', `${HOST}/:x:/s/finance/EabC`, FINANCE, 'finance', null],
  ['a sharing link of a team', `${HOST}/:x:/t/board/EabC`, `${HOST}/teams/board`, 'board', null],
  [
    'a sharing link of a OneDrive',
    `${DRIVE}/:p:/g/personal/megan_contoso_example/EabC`,
    MEGAN,
    'megan_contoso_example',
    'megan_contoso_example',
  ],
  [
    'a short sharing link of a OneDrive',
    `${DRIVE}/:p:/p/megan_contoso_example/EabC`,
    `${DRIVE}/personal/megan_contoso_example`,
    'megan_contoso_example',
    'megan_contoso_example',
  ],
] as const)('%s: the site of %s', ([, url, siteUrl, name, oneDriveAccount]) => {
  const site = { url: siteUrl, name, oneDriveAccount };
  expect(of(url)?.site).toEqual(site);
  expect(toSite(url)).toEqual(site);
});

test('a sharing link stays a link: its token hides the file, and its casing matters', () => {
  const url = `${HOST}/:x:/s/finance/EabCdEf_1-2`;
  expect(of(`${url}?e=4%3Aabc&at=9`, { type: 'xlsx', name: 'Budget' })).toEqual({
    key: url.toLowerCase(),
    url,
    name: 'Budget',
    extension: 'xlsx',
    site: { url: FINANCE, name: 'finance', oneDriveAccount: null },
    listItemId: null,
  });
  expect(of(url)).toMatchObject({ url, name: null, extension: null });
});

test.for<[what: string, url: string]>([
  ['a home', FINANCE],
  ['a root', HOST],
  ['a root with a slash', `${HOST}/`],
  ['a folder', `${FINANCE}/Shared%20Documents/General`],
  ['a folder with a version', `${FINANCE}/Shared%20Documents/Release%202.0`],
  ['a page', `${FINANCE}/SitePages/Home.aspx`],
  ['a list', `${FINANCE}/Lists/Tasks/DispForm.aspx?ID=4`],
  ['a layout page', `${FINANCE}/_layouts/15/settings.aspx`],
  ['a viewer that shows nothing', `${FINANCE}/_layouts/15/Doc.aspx?file=Plan.docx`],
  ['a viewer of what is no id', `${FINANCE}/_layouts/15/Doc.aspx?sourcedoc=x&file=Plan.docx`],
  ['a viewer of another host', `${FINANCE}/_layouts/15/Doc.aspx?sourcedoc=.sharepoint.com/a.docx`],
  ['a link to a folder', `${HOST}/:f:/s/finance/EabC`],
  ['a link without a token', `${HOST}/:w:/s`],
])('%s is a place, no document: %s', ([, url]) => {
  expect(of(url)).toBeNull();
  expect(toSite(url)).not.toBeNull();
});

test.for([
  'http://contoso.sharepoint.com/sites/a/a.docx',
  '//contoso.sharepoint.com/sites/a/a.docx',
  '/sites/a/a.docx',
  'https://contoso.example/sites/a/a.docx',
  at('sharepoint.com', '/sites/a/a.docx'),
  'https://contoso.sharepoint.com.example.com/sites/a/a.docx',
  at('contoso-sharepoint.com', '/a.docx'),
  'https://contoso.sharepoint.com@example.com/a.docx',
  'https://user:pw@contoso.sharepoint.com/a.docx',
  'https://contoso.sharepoint.com:8443/a.docx',
  'https://de-prod.asyncgw.teams.microsoft.com/v1/objects/0/views/original',
  'https://outlook.office365.com/owa/?ItemID=a.docx',
  'https://',
  'https:///a.docx',
  'C:\\Users\\a\\a.docx',
  '\\\\server\\share\\a.docx',
  'AAMkAGI1',
  '',
])('%s is no address of SharePoint', (url) => {
  expect(of(url, { name: 'a.docx', type: 'docx', listItemId: GUID })).toBeNull();
  expect(toSite(url)).toBeNull();
});

test.for([
  [
    'the item id tells apart what shares an address',
    FINANCE,
    { name: 'Plan.docx', type: 'docx', listItemId: GUID },
    VIEWED,
    'Plan.docx',
    'docx',
  ],
  [
    'a type that names what shows it',
    `${FINANCE}/Lists/x/DispForm.aspx?ID=1`,
    { type: 'LoopPage', listItemId: GUID },
    VIEWED,
    null,
    'loop',
  ],
  [
    'a notebook is a folder',
    `${FINANCE}/SiteAssets/Notes`,
    { type: '.ONE' },
    `${FINANCE}/SiteAssets/Notes`,
    'Notes',
    'one',
  ],
  [
    'a name with an extension',
    `${FINANCE}/Shared%20Documents/x`,
    { name: 'Plan.docx' },
    `${FINANCE}/Shared%20Documents/x`,
    'Plan.docx',
    'docx',
  ],
] as const)('hints make a document: %s', ([, address, hints, url, name, extension]) => {
  expect(of(address, hints)).toMatchObject({ url, key: url.toLowerCase(), name, extension });
});

test.for<[what: string, address: string, hints: Parameters<typeof of>[1]]>([
  ['a site without an item id', FINANCE, { name: 'Plan.docx', type: 'docx' }],
  ['a page without an item id', `${FINANCE}/SitePages/Home.aspx`, { type: 'docx' }],
  ['a site as a mail', FINANCE, { name: 'RE: x', type: 'EmailMessage', listItemId: GUID }],
  ['a list item', `${FINANCE}/Lists/x/DispForm.aspx?ID=1`, { type: 'ListItem', listItemId: GUID }],
])('hints do not make a document of %s', ([, address, hints]) => {
  expect(of(address, hints)).toBeNull();
});

test('a video is one by its type', () => {
  expect(of(`${HOST}/:v:/s/finance/EabC`, { name: 'Town hall', type: 'streamvideo' })?.extension).toBe('mp4');
});

test('an address that is longer than any is none', () => {
  expect(of(`${FINANCE}/${'a'.repeat(1000)}.docx`)).not.toBeNull();
  expect(of(`${FINANCE}/${'a'.repeat(8200)}.docx`)).toBeNull();
});

test('the address names a file before the hints do', () => {
  expect(of(PLAN, { name: 'The plan', type: 'CITATION', listItemId: GUID })).toMatchObject({
    url: PLAN,
    name: 'Plan.docx',
    extension: 'docx',
    listItemId: GUID,
  });
});

test.for([
  ['100% plan.docx', '100%25%20plan.docx'],
  ['100%25%20plan.docx', '100%25%20plan.docx'],
  ['C%23%20and%20Q%3F.docx', 'C%23%20and%20Q%3F.docx'],
  ['\u00dcbersicht.docx', '%C3%9Cbersicht.docx'],
  ['%C3%9Cbersicht.docx', '%C3%9Cbersicht.docx'],
  ["R&D's (1), a+b=c;@!.docx", "R&D's%20(1),%20a+b=c;@!.docx"],
  ['[1]{2}.docx', '%5B1%5D%7B2%7D.docx'],
])('the name %s is spelled %s', ([sent, spelled]) => {
  const document = of(`${FINANCE}/Shared Documents/${sent}`);
  expect(document?.url).toBe(`${FINANCE}/Shared%20Documents/${spelled}`);
  expect(of(document?.url ?? '')).toEqual(document);
});

test.for<[what: string, url: string]>([
  ['very long', `${FINANCE}/${'a'.repeat(100_000)}.docx`],
  ['long host', `https://${'a.'.repeat(50_000)}sharepoint.com/a.docx`],
  ['long host without an end', `https://${'a-'.repeat(4000)}`],
  ['many dots', `${FINANCE}/${'. '.repeat(3900)}x`],
  ['many bad escapes', `${FINANCE}/${'%FFx'.repeat(1900)}.docx`],
  ['many good escapes', `${FINANCE}/${'%2525'.repeat(1500)}.docx`],
  ['many pairs', `${FINANCE}/a.docx?${'sourcedoc&'.repeat(790)}`],
  ['blanks', `${' '.repeat(8000)}https:/`],
  ['only parents', `${HOST}/${'../'.repeat(2500)}`],
])('a hostile address is read in no time: %s', ([, url]) => {
  const started = performance.now();
  for (let round = 0; round < 20; round += 1) of(url, { name: url, type: url, listItemId: GUID });
  // A reading that is quadratic in 8,000 characters takes seconds for twenty.
  expect(performance.now() - started).toBeLessThan(500);
});

const words = [
  ...'/ // . .. % %20 %2 %25 %FF ? # & sites :w: s r g _layouts 15 Doc.aspx ?sourcedoc= { %7D file= a.docx personal'.split(
    ' ',
  ),
  ' ',
  GUID,
  '\ud800',
  '\u0000',
];

test('any text gives a document in one spelling, or none', () => {
  const piece = fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary', maxLength: 4 }));
  const anyUrl = fc
    .tuple(fc.constantFrom(HOST, DRIVE, 'https://'), fc.array(piece, { maxLength: 12 }))
    .map(([host, pieces]) => `${host}/${pieces.join('')}`);
  const hint = fc.option(fc.constantFrom('docx', 'a.docx', 'x', '\udc00', ''), { nil: null });
  fc.assert(
    fc.property(anyUrl, hint, hint, (url, name, type) => {
      const document = of(url, { ...none, name, type } as never);
      if (document === null) return;
      expect(document.key).toBe(document.url.toLowerCase());
      expect(document.url).toMatch(/^https:\/\/contoso(?:-my)?\.sharepoint\.com(?:[/][!-"$-~]*)?$/);
      expect(document.url).toContain(document.site?.url.split('/').slice(0, 3).join('/') ?? 'a site');
    }),
    { numRuns: 2000 },
  );
});

const context = (id: string | null, type: string | null = null): Context => ({ id, type, containerId: null });
const event = (contexts: readonly Context[], resources: readonly AccessedResource[]): InteractionEvent => ({
  contexts,
  resources,
  messages: [],
  plugins: [],
  models: [],
});

test('the row names the file in context before those accessed', () => {
  const read = resourceOf({ siteUrl: `${FINANCE}/Read.docx` });
  const mail = resourceOf({ siteUrl: 'https://outlook.office365.com/owa/?ItemID=1', type: 'EmailMessage' });
  expect(toMainDocument(event([context(FINANCE), context(PLAN)], [read]))?.url).toBe(PLAN);
  expect(toMainDocument(event([context(FINANCE)], [mail, read]))?.name).toBe('Read.docx');
  expect(toMainDocument(event([context(null)], [mail, resourceOf({})]))).toBeNull();
});

test('a resource whose SiteUrl is no document is named by its id', () => {
  expect(toMainDocument(event([], [resourceOf({ siteUrl: FINANCE, id: PLAN })]))?.url).toBe(PLAN);
  expect(toMainDocument(event([], [resourceOf({ id: PLAN })]))?.url).toBe(PLAN);
});

test('the documents of an event are each named once, context first', () => {
  const found = toDocuments(
    event(
      [context(`${PLAN}?web=1`)],
      [
        resourceOf({ siteUrl: `${FINANCE}/Read.docx`, listItemUniqueId: GUID }),
        resourceOf({ siteUrl: PLAN.toUpperCase().replace('HTTPS', 'https'), type: 'docx' }),
        resourceOf({ siteUrl: FINANCE, name: 'c.docx', type: 'docx', listItemUniqueId: GUID }),
        resourceOf({ siteUrl: FINANCE }),
      ],
    ),
  );
  expect(found.map(({ url }) => url)).toEqual([PLAN, `${FINANCE}/Read.docx`, VIEWED]);
});
