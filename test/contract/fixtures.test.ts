/** Synthetic data only: no name, domain or address that could be somebody's. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { feed } from '../../simulator/feed.ts';
import { contentFaults } from '../../simulator/content-faults.ts';
import { tenant } from '../../simulator/tenant/tenant.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = globSync(['simulator/**/*.ts', 'test/**/*.{ts,json,csv,yaml}'], { cwd: root })
  .filter((path) => !path.startsWith('test/contract/'))
  .map((path) => ({ name: path, text: readFileSync(join(root, path), 'utf8') }));

// RFC 2606 and RFC 6761.
const example = /(?:^|\.)(?:example|test|invalid|localhost|example\.(?:com|net|org))$/;
// The example company of Microsoft, in its own services; and hosts of the services themselves.
const service = new RegExp(
  [
    String.raw`^contoso(?:-my)?\.sharepoint\.com$`,
    String.raw`^contoso\.crm\d*\.dynamics\.com$`,
    String.raw`^contoso\.onmicrosoft\.com$`,
    String.raw`(?:^|\.)(?:microsoft|office|office365|skype|windows|azure|powerbi|powerautomate|powerapps|microsoftonline|cloud\.microsoft)\.(?:com|us|net|cn)$`,
    String.raw`^microsoft\.teams\.com$`,
    String.raw`^manage\.protection\.apps\.mil$`,
    String.raw`^teams\.microsoft\.com$`,
  ].join('|'),
);
// Thread ids of Teams look like mail addresses.
const isHost = (name: string): boolean =>
  name === 'thread.v2' ||
  example.test(name) ||
  service.test(name) ||
  /^(?:127\.0\.0\.1|0\.0\.0\.0|192\.0\.2\.\d+)$/.test(name);

/** Hosts in addresses and mail addresses; what is put together at run time is seen in the generated content below. */
const hostsOf = (text: string): readonly string[] =>
  [...text.matchAll(/(?:https?:\/\/|(?<![\w.%+-])[\w.%+-]{1,64}@)([a-z0-9-]+(?:\.[a-z0-9-]+)+)/gi)].map(
    ([, host = '']) => host.toLowerCase().replace(/\.$/, ''),
  );

// What is said of private, neighbouring and impossible addresses cannot be tested with documentation addresses alone.
const aboutAddresses =
  /^test\/(?:unit\/kql\/(?:functions-text-addresses|functions-text|plugins|traps)\.test\.ts|conformance\/own-cases\.json)$/;
// RFC 5737; loopback and the unspecified address name nobody.
const documentation = /^(?:192\.0\.2|198\.51\.100|203\.0\.113|127\.\d+\.\d+)\.\d+$|^0\.0\.0\.0$/;
// Four numbers that are a version.
const version = /^\d\.\d\.\d\.\d$/;
const isOctets = (address: string): boolean => address.split('.').every((part) => Number(part) <= 255);
const addressesOf = (text: string): readonly string[] =>
  [...text.matchAll(/(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?![\w-]|\.\d)/g)].map(([address]) => address).filter(isOctets);
// RFC 3849; the rest are forms that name no host: loopback, link-local, mapped.
const v6Documentation = /^(?:2001:0?db8:|::1?$|fe80:|::ffff:)/i;
const v6Of = (text: string): readonly string[] =>
  [...text.matchAll(/(?<![\w:.-])(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}){1,7}(?![\w:])/gi)]
    .map(([address]) => address)
    // Times and hex stamps are no addresses.
    .filter((address) => /[a-f]|::/i.test(address) && !/^\d\d?:\d\d/.test(address));

describe('fixtures and simulator', () => {
  it('are looked at', () => expect(sources.length).toBeGreaterThan(150));

  it('name example domains and hosts of Microsoft services only', () => {
    expect(
      sources.flatMap(({ name, text }) =>
        hostsOf(text)
          .filter((host) => !isHost(host))
          .map((host) => `${name}: ${host}`),
      ),
    ).toEqual([]);
  });

  it('hold documentation addresses only', () => {
    const strange = sources
      .filter(({ name }) => !aboutAddresses.test(name))
      .flatMap(({ name, text }) =>
        [
          ...addressesOf(text).filter((address) => !documentation.test(address) && !version.test(address)),
          ...v6Of(text).filter((address) => !v6Documentation.test(address)),
        ].map((address) => `${name}: ${address}`),
      );
    expect(strange).toEqual([]);
  });

  it('hold no path of a machine and no key', () => {
    const found = /\/(?:home|Users|work)\/[a-z]|BEGIN (?:RSA |EC )?PRIVATE KEY|AccountKey=/;
    expect(sources.filter(({ text }) => found.test(text)).map(({ name }) => name)).toEqual([]);
  });
});

describe('what the simulator generates', () => {
  const toMs = Date.parse('2026-11-18T15:00:00Z');
  const blobs = feed({
    tenant: tenant({ seed: 7, users: 12 }),
    seed: 7,
    fromMs: toMs - 3 * 86_400_000,
    toMs,
    // Megabytes of filling say nothing.
    faults: Object.keys(contentFaults).filter((name) => name !== 'giant'),
  });
  const text = blobs.map((blob) => blob.body()).join('\n');

  it('names example domains and hosts of Microsoft services only', () => {
    const hosts = new Set(hostsOf(text));
    expect(hosts.size).toBeGreaterThan(3);
    expect([...hosts].filter((host) => !isHost(host))).toEqual([]);
  });

  it('holds documentation addresses only', () => {
    const addresses = new Set(addressesOf(text));
    expect(addresses.size).toBeGreaterThan(10);
    expect([...addresses].filter((address) => !documentation.test(address) && !version.test(address))).toEqual([]);
    expect([...new Set(v6Of(text))].filter((address) => !v6Documentation.test(address))).toEqual([]);
  });
});
