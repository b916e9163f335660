/** Looks for the people of a simulated tenant in everything that a collector has left. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { account, dormantUsers } from '../../simulator/tenant/account.ts';
import { tenant } from '../../simulator/tenant/tenant.ts';

/** By text in lower case: what it is of a person. */
export type Traces = ReadonlyMap<string, string>;

/** Everything by which the people of a tenant are called; addresses of clients apart. */
export function tracesOf(users: number, seed = 1): { readonly people: Traces; readonly addresses: Traces } {
  const people = tenant({ seed, users });
  const traces = new Map<string, string>();
  const addresses = new Map<string, string>();
  for (const user of [...people.users, ...dormantUsers(people.seed, people.users)]) {
    const upn = user.upn.toLowerCase();
    const { mail } = account(people.seed, user);
    for (const [what, text] of [
      ['address', upn],
      ['mail', mail],
      ['object id', user.id],
      ['object id without dashes', user.id.replaceAll('-', '')],
      ['PUID', user.key],
      ['display name', user.displayName],
      ['alias', upn.split('@')[0]?.replace('#ext#', '')],
      ['account', upn.replaceAll(/[^a-z0-9]/g, '_')],
    ] as const)
      if (text !== null && text !== undefined) traces.set(text.toLowerCase(), what);
    for (const address of user.addresses) addresses.set(address, 'address of a client');
  }
  return { people: traces, addresses };
}

const decoded = (text: string): string => text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (all) => tryDecode(all));
const unescaped = (text: string): string =>
  text.replaceAll(/\\u([0-9a-f]{4})/gi, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

function tryDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The text in all readings in which a name may stand: decoded, unescaped, and what is base64 in it. */
function readings(text: string): readonly string[] {
  const plain = unescaped(decoded(decoded(text)));
  const inside = (plain.match(/[\w+/-]{32,}={0,2}/g) ?? []).map((each) =>
    Buffer.from(each, 'base64').toString('latin1'),
  );
  return [text, plain, inside.join('\n')].map((each) => each.toLowerCase());
}

/** What of the traces stands in a text, each kind once with where. */
export function found(text: string, traces: Traces): readonly string[] {
  const all = readings(text);
  const kinds = new Set<string>();
  for (const [trace, kind] of traces) if (all.some((reading) => reading.includes(trace))) kinds.add(kind);
  return [...kinds].toSorted();
}

/** Every file below a directory, unzipped, but for those whose path holds `except`. */
export async function filesBelow(directory: string, except: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const kept = paths.filter((path) => !path.includes(except));
  const texts = kept.map(async (path) => {
    const bytes = await readFile(path);
    const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return [relative(directory, path), (isZipped ? gunzipSync(bytes) : bytes).toString()] as const;
  });
  return new Map(await Promise.all(texts));
}
