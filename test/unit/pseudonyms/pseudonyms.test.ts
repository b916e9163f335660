import { describe, expect, it } from 'vitest';
import { pseudonyms, type Pseudonyms } from '../../../collector/pseudonyms/pseudonyms.ts';
import type { Pseudonymized } from '../../../collector/pseudonyms/pseudonym-key.ts';

const key = Buffer.from(Array.from({ length: 32 }, (_, at) => at * 7 + 1));
const made = (what: readonly Pseudonymized[] = ['users'], max = 1000, now = (): number => 0): Pseudonyms =>
  pseudonyms({ key, what: new Set(what), max, now });
const upn = 'alice.abbot1@contoso.example';
const oid = '11111111-2222-4333-8444-555555555555';
// Hosts of services that look like those of addresses.
const claims = ['live', 'com'].join('.');
const mails = ['namprd04', 'prod', 'outlook', 'com'].join('.');
const punycode = ['contoso', 'xn--p1ai'].join('.');
const appId = '99999999-2222-4333-8444-555555555555';
const record = (fields: object): Record<string, unknown> => ({
  Id: '00000000-0000-4000-8000-000000000001',
  OrganizationId: '00000000-0000-4000-8000-00000000000f',
  UserId: upn,
  UserKey: oid,
  ...fields,
});
/** Every way in which one of them may stand in a text. */
const traces = /alice|abbot|11111111|10032007be696632/i;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('a record', () => {
  it.for([
    [
      'an address of OneDrive',
      { Url: 'https://contoso-my.sharepoint.com/personal/alice_abbot1_contoso_example/Documents/Plan.docx' },
    ],
    [
      'such an address, encoded',
      { Url: 'https%3A%2F%2Fcontoso-my.sharepoint.com%2Fpersonal%2Falice%5Fabbot1%5Fcontoso%5Fexample%2FPlan.docx' },
    ],
    ['an address with a name in it', { Url: `https://host.contoso.example/?user=${encodeURIComponent(upn)}&x=1` }],
    [
      'an address that is encoded twice',
      { Url: 'https://host.contoso.example/?user=alice.abbot1%2540contoso.example' },
    ],
    ['a chat of two', { ThreadId: `19:${oid}_${appId}@unq.gbl.spaces` }],
    ['a chat of two, the other way round', { ThreadId: `19:${appId}_${oid}@unq.gbl.spaces` }],
    ['an account of Teams', { Who: `8:orgid:${oid}` }],
    ['an actor by the account of Teams', { UserId: `8:orgid:${oid}` }],
    ['a join address', { Id: `https://teams.contoso.example/l/0?context={"Tid":"x","Oid":"${oid}"}` }],
    ['a join address, encoded', { Id: `https://teams.contoso.example/l/0?context=%7b%22Oid%22%3a%22${oid}%22%7d` }],
    ['an old claim', { UserKey: `i:0h.f|membership|10032007be696632@${claims}` }],
    ['a PUID in a text', { Text: 'by 10032007BE696632.' }],
    ['JSON in a text', { Data: JSON.stringify({ CreatedBy: oid, upn }) }],
    ['JSON in JSON', { Data: JSON.stringify({ inner: JSON.stringify({ userId: upn, by: [{ OwnerId: oid }] }) }) }],
    [
      'pairs of name and value',
      {
        List: [
          { Name: 'enduser.principal_name', Value: upn },
          { Name: 'enduser.id', Value: oid },
        ],
      },
    ],
    ['lists of people', { UserAssignments: [oid], AddedIdentities: [oid] }],
    ['the owner of something', { Thing: { owner: { id: oid, displayName: 'Alice Abbot' } } }],
    ['an inferred person', { AccessedResources: [{ Type: 'PeopleInferenceAnswer', Name: 'Alice Abbot' }] }],
    ['a principal with the id of a person', { UserId: `ServicePrincipal_${oid}` }],
    ['an id without a hint, in a field before', { ObjectId: oid, Operation: 'AIInteractionsExport' }],
    ['an id that a later field says to be a person', { UserKey: null, ObjectId: oid, UserAssignments: [oid] }],
    ['the alias alone', { FileName: 'notes of alice.abbot1.docx' }],
    ['the account alone', { SiteName: 'alice_abbot1_contoso_example' }],
    ['the id of a meeting', { Id: base64(`1*${oid}*0**19:meeting_abcdefghijklmnop@thread.v2`) }],
    ['a key', { [`of ${upn}`]: 1 }],
    ['a mixed casing', { ActorName: 'Alice.ABBOT1@Contoso.Example', Other: oid.toUpperCase() }],
  ] as const)('with %s names nobody', ([, fields]) => {
    const masks = made();
    const out = JSON.stringify(masks.value(record(fields)));
    expect(out).not.toMatch(traces);
    for (const token of out.match(/MSo[\w+/=-]{40,}/g) ?? [])
      expect(Buffer.from(token, 'base64').toString()).not.toMatch(traces);
    // A second time changes nothing: an archive may be read again.
    expect(JSON.stringify(masks.value(JSON.parse(out)))).toBe(out);
  });

  it.for([
    ['a short name in another script, as actor', { UserId: '王小明' }, /王|小|明/],
    ['such a name of an owner', { Thing: { owner: { displayName: '李明' } } }, /李/],
    ['a name of one word', { CreatorName: 'Zebulon', ActorDisplayName: 'Zebulon' }, /zebulon/i],
    ['a name where an id may stand', { CreatedBy: 'Zeb Ulon', LastModifiedBy: 'Zeb Ulon', Author: 'Zeb Ulon' }, /zeb/i],
    ['an address without a top-level domain', { UserId: 'zebulon@corp' }, /zebulon/i],
    ['such an address in a claim', { UserId: 'i:0#.f|membership|zebulon@corp' }, /zebulon/i],
    ['unusual characters in an address', { UserId: 'zeb~ul!on^x@contoso.example' }, /zeb|ul|on\^/],
    ['a domain in Punycode', { UserId: `zebulon@${punycode}` }, /zebulon/],
    ['a PUID as a key', { Votes: { '10032007be696632': 1 } }, /be696632/i],
    ['an alias behind something else', { FileName: 'CV-alice.abbot1.docx', Other: 'x_alice.abbot1-v2.docx' }, traces],
  ] as const)('with %s names nobody', ([, fields, trace]) => {
    const masks = made();
    const out = JSON.stringify(masks.value(record(fields)));
    expect(out).not.toMatch(trace);
    expect(JSON.stringify(masks.value(JSON.parse(out)))).toBe(out);
  });

  it('keeps the whole domain of an address beside the token', () => {
    const of = (UserId: string): unknown => (made().value(record({ UserId })) as Record<string, unknown>)['UserId'];
    expect(of(`zebulon@${punycode}`)).toMatch(/^p[^@]{40}@contoso\.xn--p1ai$/);
    expect(of('zebulon@corp')).toMatch(/^p[^@]{40}@corp$/);
    expect(of('i:0#.f|membership|zebulon@corp')).toMatch(/^i:0#\.f\|membership\|p[^@]{40}@corp$/);
    expect(of('19:meeting_x@thread.v2')).toBe('19:meeting_x@thread.v2');
  });

  it('with a display name that is known has a token for it, in texts, names of files and addresses', () => {
    const masks = made();
    masks.value(record({ UserId: 'Bjørn Núñez' }));
    const value = masks.value(
      record({
        A: 'CV_Bjørn_Núñez.docx',
        B: `https://contoso.sharepoint.com/sites/x/${encodeURI('Review of bjørn núñez')}.docx`,
        C: 'for Bjørn  Núñez, please',
        D: 'Bjørn Núñezson',
      }),
    );
    const out = decodeURI(JSON.stringify(value));
    expect(out.match(/n-[0-9a-f]{32}/g)).toHaveLength(3);
    expect(out.match(/n[uú]ñez/gi)).toEqual(['Núñez']);
  });

  it.for([
    ['Núñez Ibarra', 'CV Núñez Ibarra.docx'.normalize('NFD')],
    ['İpek Öz', 'CV İpek Öz.docx'],
    ['İpek Öz', 'CV ipek öz.docx'],
    ['Jean-Luc Picard', 'CV_Jean_Luc_Picard.docx'],
    ["Pat O'Hara", 'CV-pat-o-hara.docx'],
    ['Ann Maria Bo', 'Ann Maria Bo'],
  ] as const)('with the name %s finds it in %j', ([name, text]) => {
    const masks = made();
    const token = masks.person(name);
    expect(masks.text(text)).toContain(token);
    expect(masks.text(text.replaceAll(/[ _-]/g, 'x'))).not.toContain(token);
  });

  it('with one of many names of one beginning finds the longest, as fast as with one', () => {
    const masks = made(['users'], 20_000);
    for (let n = 0; n < 2000; n++) masks.person(`Mike Miller${n}`);
    const token = masks.person('Mike Miller1711 Jr');
    const start = performance.now();
    for (let n = 0; n < 200; n++) expect(masks.text('by Mike Miller1711 Jr, and Mike')).toContain(token);
    expect(performance.now() - start).toBeLessThan(500);
  });

  it('keeps everything that is no person', () => {
    const before = record({
      UserId: 'SecurityCopilotAgentUser-99999999-2222-4333-8444-555555555555@contoso.example',
      UserKey: '99999999-2222-4333-8444-555555555555',
      AppIdentity: `Copilot.Studio.${appId}`,
      AgentId: `T_${appId}`,
      UserType: 0,
      ThreadId: '19:meeting_YjQ4NThlNzUtMjEyNC00MjFlLTk0ODMtZTc2M2Q5MDVlNTE4@thread.v2',
      Message: `<BN8PR0401MB1@BN8PR0401MB1.${mails}>`,
      Contexts: [{ Id: `https://contoso.sharepoint.com/sites/x/_layouts/15/Doc.aspx?sourcedoc=%7B${appId}%7D` }],
      Folder: 'https://contoso.sharepoint.com/sites/x/Documents/personal/photos',
      Cron: '0 8 * * 1',
      Package: '@contoso/tool@v2',
      CreatedTime: '2026-11-01T10:03:00',
      UserSessionId: appId,
    });
    expect(made().value(before)).toBe(before);
  });

  it('keeps addresses of clients, unless they are to be replaced as well', () => {
    const fields = { ClientIP: '[2001:db8::1]:443', ActorIpAddress: '192.0.2.7', Version: '192.0.2.9' };
    expect(made().value(record(fields))).toMatchObject(fields);
    const out = made(['users', 'addresses']).value(record(fields));
    expect(JSON.stringify(out)).not.toMatch(/2001:db8|192\.0\.2\.7/);
    expect(out).toMatchObject({ ClientIP: expect.stringMatching(/^fd[0-9a-f]{2}:/), Version: '192.0.2.9' });
    const others = {
      SenderIp: '192.0.2.7',
      OriginatingIPs: ['192.0.2.7'],
      UserIPv4Address: '192.0.2.7',
      Membership: upn,
    };
    expect(JSON.stringify(made(['users', 'addresses']).value(record(others)))).not.toMatch(/192\.0\.2\.7|alice/);
  });

  it('of hostile size takes no longer than its length', () => {
    const masks = made();
    const long = [
      'a'.repeat(60_000),
      `${'a.'.repeat(20_000)}@`,
      '@'.repeat(30_000),
      '%40'.repeat(8_000),
      'a@b.'.repeat(8_000),
      '/personal/'.repeat(8_000),
      `/personal/${'_'.repeat(150_000)}`,
      `${oid}_`.repeat(2000),
      '['.repeat(30_000),
      `a${'-'.repeat(60_000)}a`,
      `a${' '.repeat(60_000)}`,
      'a@'.repeat(30_000),
    ];
    const start = performance.now();
    for (const text of long) masks.value(record({ Text: text, ActorName: text, CreatedBy: text }));
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

describe('a request', () => {
  it('names people again, percent-encoded', () => {
    const masks = made();
    const out = masks.value(record({ UserId: 'ann_fabrikam.example#EXT#@contoso.example' })) as Record<string, string>;
    expect(masks.reveal(`/users/${encodeURIComponent(out['UserId'] ?? '')}?$select=id`)).toBe(
      '/users/ann_fabrikam.example%23EXT%23%40contoso.example?$select=id',
    );
    expect(masks.reveal(`/users/${out['UserKey'] ?? ''}`)).toBe(`/users/${oid}`);
    expect(masks.reveal(`/sites/x/${appId}`)).toBe(`/sites/x/${appId}`);
  });

  it('about somebody whom this process has not met is none', () => {
    const token = (made().value(record({})) as Record<string, string>)['UserId'] ?? '';
    expect(made().reveal(`/users/${token}`)).toBeUndefined();
    const masks = made();
    masks.value(record({}));
    expect(masks.reveal(`/users/${token}`)).toBe('/users/alice.abbot1%40contoso.example');
  });
});

describe('identities', () => {
  it('are due once, and again when they are met a week after their row', () => {
    let nowMs = 0;
    const masks = made(['users'], 1000, () => nowMs);
    masks.value(record({}));
    const first = masks.due();
    expect(first.map(({ kind, identity }) => `${kind} ${identity}`)).toEqual(
      expect.arrayContaining([`address ${upn}`, `object-id ${oid}`]),
    );
    masks.value(record({}));
    expect(masks.due()).toHaveLength(first.length);
    masks.written(first);
    expect(masks.due()).toEqual([]);
    nowMs = 6 * 86_400_000;
    masks.value(record({}));
    expect(masks.due()).toEqual([]);
    nowMs = 7 * 86_400_000;
    masks.value(record({}));
    expect(masks.due().map(({ identity }) => identity)).toEqual(expect.arrayContaining([upn, oid]));
  });

  it('are found by alias for as long as their address comes, however many others there are', () => {
    const masks = made(['users'], 20);
    const event = (name: string) => record({ UserId: `${name}@contoso.example`, UserKey: null });
    for (let n = 0; n < 50; n++) {
      masks.value(event('first.one'));
      masks.value(event(`user.${n}`));
    }
    masks.value(event('first.one'));
    expect(masks.text('notes of first.one')).not.toContain('first.one');
  });

  it('are bounded: those who left have the same token when they come again, and are due again', () => {
    const masks = made(['users'], 10);
    const tokenOf = (name: string): unknown =>
      (masks.value(record({ UserId: `${name}@contoso.example`, UserKey: null })) as Record<string, unknown>)['UserId'];
    const before = tokenOf('first');
    masks.written(masks.due());
    for (let n = 0; n < 50; n++) tokenOf(`user${n}`);
    masks.written(masks.due());
    expect(masks.reveal(`/users/${String(before)}`)).toBeUndefined();
    expect(tokenOf('first')).toBe(before);
    expect(masks.due().map(({ identity }) => identity)).toContain('first@contoso.example');
  });
});
