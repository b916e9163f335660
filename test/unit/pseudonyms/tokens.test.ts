import { describe, expect, it } from 'vitest';
import { pseudonymKey } from '../../../collector/pseudonyms/pseudonym-key.ts';
import { tokens } from '../../../collector/pseudonyms/tokens.ts';
import { isGuid } from '../../../collector/records/json-value.ts';
import { toOneDriveAccount } from '../../../collector/records/one-drive-account.ts';
import { toClientIp } from '../../../collector/records/client-ip.ts';

const keyOf = (seed: number): Buffer => Buffer.from(Array.from({ length: 32 }, (_, at) => (at * 37 + seed) % 256));
const forms = tokens(pseudonymKey(keyOf(1)));
const others = tokens(pseudonymKey(keyOf(2)));
const domains = new Set(['contoso_example', 'mail_contoso_example']);
const claims = ['live', 'com'].join('.');
const oid = '11111111-2222-4333-8444-555555555555';

describe('a token', () => {
  it('of an address keeps the domain and is the same for every casing', () => {
    expect(forms.address('Alice.Abbot@contoso.example')).toMatch(/^p(?:[-._][0-9a-f]{4}){8}@contoso\.example$/);
    expect(forms.address(' ALICE.abbot@Contoso.Example ')).toBe(forms.address('alice.abbot@contoso.example'));
  });

  it('of another person, another kind or under another key is another', () => {
    const all = [
      forms.address('alice@contoso.example'),
      forms.address('bob@contoso.example'),
      forms.address('alice@fabrikam.example'),
      others.address('alice@contoso.example'),
      forms.name('alice@contoso.example'),
      forms.userKey('alice@contoso.example'),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it('of a guest keeps #ext# and both domains, and is that of the address at home', () => {
    const guest = forms.address('ann_fabrikam.example#EXT#@contoso.example');
    expect(guest).toMatch(/^p.{40}_fabrikam\.example#ext#@contoso\.example$/);
    expect(guest.slice(0, 41)).toBe(forms.address('ann@fabrikam.example').slice(0, 41));
  });

  it.for([
    'alice.abbot@contoso.example',
    'alice@mail.contoso.example',
    "pat.o'hara+x@contoso.example",
    'ann_fabrikam.example#EXT#@contoso.example',
  ])('of the OneDrive account of %s is the account of its token', (upn) => {
    expect(forms.account(toOneDriveAccount(upn), domains)).toBe(toOneDriveAccount(forms.address(upn)));
  });

  it('of an account is right for a domain of two labels before any domain is known', () => {
    const token = toOneDriveAccount(forms.address('alice.abbot@contoso.example'));
    expect(forms.account('alice_abbot_contoso_example', new Set())).toBe(token);
  });

  it('tells two people with one account apart, as the names do', () => {
    const [dot, dash, line] = ['anna.b', 'anna-b', 'anna_b'].map((name) => forms.address(`${name}@contoso.example`));
    expect(new Set([dot, dash, line]).size).toBe(3);
    expect(toOneDriveAccount(dot ?? '')).toBe(toOneDriveAccount(line ?? ''));
  });

  it('has the shape of what it stands for', () => {
    expect(isGuid(forms.objectId(oid))).toBe(true);
    expect(forms.objectId(oid)[14]).toBe('8');
    expect(forms.objectId(oid.toUpperCase())).toBe(forms.objectId(oid));
    for (let at = 0; at < 200; at++) {
      const address = forms.ipAddress(`192.0.2.${at}`);
      expect(toClientIp(address)).toBe(address);
    }
  });

  it('of a PUID is the same in an address of an old claim', () => {
    expect(forms.address(`10032007BE696632@${claims}`)).toBe(`${forms.userKey('10032007be696632')}@${claims}`);
  });

  it('is known as one of its own key, whole and in every form, and no other text is', () => {
    const all = (of: typeof forms): string[] => [
      of.address('alice@contoso.example'),
      of.address('alice@contoso.example').toUpperCase(),
      of.address('ann_fabrikam.example#EXT#@contoso.example'),
      of.account('alice_contoso_example', domains),
      of.alias('alice@contoso.example'),
      of.objectId(oid),
      of.userKey('10032007BE696632'),
      of.address(`10032007BE696632@${claims}`),
      of.name('Alice Abbot'),
      of.ipAddress('192.0.2.1'),
      of.ipAddress('192.0.2.3'),
    ];
    expect(all(forms).map((one) => forms.isOwn(one))).toEqual(all(forms).map(() => true));
    expect(all(others).some((one) => forms.isOwn(one))).toBe(false);
    const none = [
      '',
      'alice@contoso.example',
      oid,
      '01890000-0000-8000-a000-000000000000',
      'fd00::1',
      'n-abc',
      'p-1234',
    ];
    expect(none.some((one) => forms.isOwn(one))).toBe(false);
  });
});

describe('the fingerprint of a key', () => {
  it('differs by key and by what is replaced, and holds nothing of the key', () => {
    const print = pseudonymKey(keyOf(1)).fingerprint(new Set(['users']));
    expect(print).toMatch(/^users:[0-9a-f]{16}$/);
    expect(pseudonymKey(keyOf(2)).fingerprint(new Set(['users']))).not.toBe(print);
    expect(pseudonymKey(keyOf(1)).fingerprint(new Set(['addresses', 'users']))).toMatch(/^addresses\+users:/);
    expect(print).not.toContain(keyOf(1).toString('hex').slice(0, 8));
  });
});
