import { expect, test } from 'vitest';
import type { AccessedResource } from '../../../collector/records/audit-record.ts';
import { toGroundingBasis } from '../../../collector/rows/grounding.ts';
import { resourceOf } from '../records/resource-of.ts';

/** An address at a host that is no example, so that it stands nowhere as one. */
const at = (host: string): string => `https://${host}/a`;
const GUID = 'c0c0c0c0-0000-4000-8000-000000000001';
const ZERO = '00000000-0000-0000-0000-000000000000';

test.for<[basis: string, what: string, fields: Partial<AccessedResource>]>([
  ['TenantResource', 'a label, wherever it is', { sensitivityLabelId: GUID, siteUrl: 'https://files.example.com/a' }],
  [
    'TenantResource',
    'a list item id, wherever it is',
    { listItemUniqueId: GUID, siteUrl: 'https://files.example.com/a' },
  ],
  ['UnclassifiedResource', 'the label of zeros', { sensitivityLabelId: ZERO }],
  ['TenantResource', 'a site', { siteUrl: 'https://contoso.sharepoint.com/sites/a' }],
  ['TenantResource', 'a site in capitals with a final dot', { siteUrl: 'HTTPS://CONTOSO.SHAREPOINT.COM./sites/a' }],
  ['TenantResource', 'a site in GCC High', { siteUrl: at('contoso.sharepoint.us') }],
  ['TenantResource', 'a site in DoD', { siteUrl: at('contoso.sharepoint-mil.us') }],
  ['TenantResource', 'another site in DoD', { siteUrl: at('contoso.dps.mil') }],
  ['TenantResource', 'a mail by its address', { siteUrl: 'https://outlook.office365.com/owa/?ItemID=FAKE' }],
  ['TenantResource', 'a mail by its new address', { siteUrl: at('outlook.cloud.microsoft') }],
  ['TenantResource', 'a meeting by its address', { id: 'https://microsoft.teams.com/threads/19:meeting_x@thread.v2' }],
  [
    'TenantResource',
    'an image of a chat',
    { siteUrl: 'https://de-prod.asyncgw.teams.microsoft.com/v1/objects/0', type: 'http' },
  ],
  ['TenantResource', 'a mail by its type', { type: 'EMAILMESSAGE' }],
  [
    'TenantResource',
    'a mail by its type, with an address elsewhere',
    { type: 'Event', siteUrl: 'https://zoom.example.com/j/1' },
  ],
  ['TenantResource', 'people', { type: 'PeopleInferenceAnswer' }],
  ['TenantResource', 'a document that is named by an opaque id', { type: 'docx', id: 'b!abc' }],
  ['UnclassifiedResource', 'a document on a disk', { type: 'txt', id: 'C:\\Users\\a\\notes.txt' }],
  ['UnclassifiedResource', 'a document on a share', { type: 'txt', siteUrl: '\\\\server\\share\\notes.txt' }],
  ['ExternalOnly', 'a document elsewhere', { type: 'pdf', siteUrl: 'https://files.example.com/a.pdf' }],
  ['ExternalOnly', 'a web query', { type: 'websearchquery' }],
  [
    'ExternalOnly',
    'a web query about a site of Microsoft',
    { type: 'WebSearchQuery', siteUrl: 'https://learn.microsoft.com/a' },
  ],
  ['ExternalOnly', 'a page without encryption', { siteUrl: 'http://www.example.com' }],
  ['ExternalOnly', 'a host that only looks like a tenant', { siteUrl: at('notsharepoint.com') }],
  ['ExternalOnly', 'a host that begins like a tenant', { siteUrl: 'https://contoso.sharepoint.com.example.com/a' }],
  ['ExternalOnly', 'a user that looks like a tenant', { siteUrl: 'https://contoso.sharepoint.com@example.com/a' }],
  ['UnclassifiedResource', 'another site of Microsoft', { siteUrl: 'https://learn.microsoft.com/a' }],
  ['UnclassifiedResource', 'another new site of Microsoft', { siteUrl: at('m365.cloud.microsoft') }],
  ['UnclassifiedResource', 'nothing but a name', { name: 'x' }],
  ['UnclassifiedResource', 'a role, no type', { type: 'CITATION' }],
  ['NoResources', 'a tool call', { type: 'connector' }],
  ['NoResources', 'a verdict on a tool call', { type: 'SecurityWebhook' }],
])('%s: %s', ([basis, , fields]) => {
  expect(toGroundingBasis([resourceOf(fields)])).toBe(basis);
});

const tenant = resourceOf({ type: 'Event' });
const web = resourceOf({ type: 'WebSearchQuery' });
const odd = resourceOf({ name: 'x' });
const call = resourceOf({ type: 'Connector' });

test.for<[basis: string, resources: readonly AccessedResource[]]>([
  ['NoResources', []],
  ['NoResources', [call, call]],
  ['ExternalOnly', [call, web, web]],
  ['UnclassifiedResource', [odd, web]],
  ['UnclassifiedResource', [web, odd]],
  ['TenantResource', [web, odd, tenant]],
  ['TenantResource', [tenant, odd, web]],
])('the strongest evidence decides: %s', ([basis, resources]) => {
  expect(toGroundingBasis(resources)).toBe(basis);
});

test('a hostile address is read in no time', () => {
  const started = performance.now();
  expect(toGroundingBasis([resourceOf({ siteUrl: `https://${'a.'.repeat(50_000)}`, id: '\ud800' })])).toBe(
    'UnclassifiedResource',
  );
  expect(performance.now() - started).toBeLessThan(200);
});
