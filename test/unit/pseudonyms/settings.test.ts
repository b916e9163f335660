import { describe, expect, it } from 'vitest';
import { pseudonymizeList } from '../../../collector/commands/pseudonymize.ts';
import { toConfig } from '../../../collector/config.ts';
import { pseudonyms } from '../../../collector/pseudonyms/pseudonyms.ts';
import { settings } from '../../../collector/settings.ts';

const bytes = Buffer.from(Array.from({ length: 32 }, (_, at) => at * 7 + 1));
const key = bytes.toString('base64');
const of = (env: Readonly<Record<string, string>>) => toConfig(env, new Set()).pseudonyms;

describe('the settings of pseudonymisation', () => {
  it('keep names by default, and replace what they name', () => {
    expect(of({})).toBeUndefined();
    expect(of({ PSEUDONYMIZE: 'users', PSEUDONYM_KEY: key })?.key).toEqual(bytes);
    expect([...(of({ PSEUDONYMIZE: 'users, addresses', PSEUDONYM_KEY: key })?.what ?? [])]).toEqual([
      'users',
      'addresses',
    ]);
  });

  it.for([
    [{ PSEUDONYMIZE: 'users' }, /PSEUDONYM_KEY is missing.*openssl rand -base64 32/],
    [{ PSEUDONYM_KEY: key }, /PSEUDONYM_KEY is set, and PSEUDONYMIZE is none: names would be stored/],
    [{ PSEUDONYMIZE: 'addresses', PSEUDONYM_KEY: key }, /must be none, users, or users,addresses/],
    [{ PSEUDONYMIZE: 'everything', PSEUDONYM_KEY: key }, /PSEUDONYMIZE=everything must be/],
    [{ PSEUDONYMIZE: 'users', PSEUDONYM_KEY: bytes.subarray(1).toString('base64') }, /has 31 bytes.*at least 32/],
    [{ PSEUDONYMIZE: 'users', PSEUDONYM_KEY: 'a secret of four words!' }, /must be base64/],
    [{ PSEUDONYMIZE: 'users', PSEUDONYM_KEY: Buffer.alloc(40).toString('base64') }, /is not random/],
  ] as const)('are refused as %j', ([env, problem]) => {
    expect(() => of(env)).toThrow(problem);
  });

  it('never show the key', () => {
    const wrong = bytes.subarray(1).toString('base64');
    let said = '';
    try {
      of({ PSEUDONYMIZE: 'users', PSEUDONYM_KEY: wrong });
    } catch (error) {
      said = String(error);
    }
    expect(said).toContain('PSEUDONYM_KEY=(secret)');
    expect(said).not.toContain(wrong.slice(0, 12));
    expect(settings.find(({ name }) => name === 'PSEUDONYM_KEY')).toMatchObject({ isSecret: true });
  });
});

describe('a list with tokens', () => {
  const masks = pseudonyms({ key: bytes, what: new Set(['users']) });
  const oid = '11111111-2222-4333-8444-555555555555';
  const list = [
    'SearchKey,AllowedUsers,Note,Enabled',
    'https://contoso-my.sharepoint.com/personal/alice_contoso_example,"alice@contoso.example;Bob@contoso.example","1,5 h",true',
    `${oid},*,,false`,
    '',
  ].join('\r\n');

  it('has those of rows, and is otherwise the same byte for byte', () => {
    const out = pseudonymizeList(list, masks, 'things');
    const [alice, bob] = ['alice', 'bob'].map((name) => masks.person(`${name}@contoso.example`));
    expect(out).not.toMatch(/alice|bob/i);
    expect(out).toContain(`"${alice ?? ''};${bob ?? ''}","1,5 h",true\r\n${oid},*,,false\r\n`);
    expect(pseudonymizeList(out, masks, 'things')).toBe(out);
  });

  it('has tokens for ids that stand alone where they are of people', () => {
    const out = pseudonymizeList(list, masks, 'people');
    expect(out).toContain(`\r\n${masks.person(oid)},*,,false\r\n`);
    expect(pseudonymizeList(out, masks, 'people')).toBe(out);
  });
});
