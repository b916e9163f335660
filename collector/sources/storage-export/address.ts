/** Which containers an export lies in. Pure. */

/** A container, or a folder of one. */
export interface ExportAddress {
  /** URL of the container, without a slash at its end. */
  readonly container: string;
  /** What names of blobs begin with: empty, or folders that end with a slash. */
  readonly prefix: string;
}

// What the producers name their containers. Known, so that nobody need grant the right to list all of an account.
const KNOWN_CONTAINERS = [
  // Defender XDR streaming of the table CloudAppEvents.
  'insights-logs-advancedhunting-cloudappevents',
  // Data export of Log Analytics: `am-` and the table.
  'am-cloudappevents',
  'am-copilotactivity',
];

const FORM = 'https://<account>.blob.core.windows.net or .../<container>, without key or query';

/**
 * The containers behind URLs of storage accounts (those that the known producers write to), of containers, or of folders
 * in one. Throws an error that says of which URL what is wrong, never its query.
 */
export function toExportAddresses(urls: readonly string[]): readonly ExportAddress[] {
  const found = urls.flatMap(addressesOf);
  for (const [n, { container, prefix }] of found.entries()) {
    const other = found.find(
      (one, m) =>
        m !== n && one.container === container && prefix.startsWith(one.prefix) && (m < n || one.prefix !== prefix),
    );
    if (other !== undefined)
      throw new Error(
        `names ${container}/${prefix} twice: it lies in ${other.container}/${other.prefix}, so leave one out`,
      );
  }
  return found;
}

/** Where the host is an address or a single word (Azurite), the account comes first in the path. */
function addressesOf(text: string): readonly ExportAddress[] {
  // What is not even a URL may still hold a key.
  if (!URL.canParse(text)) throw new Error(`has an entry that is not a URL: use ${FORM}`);
  const url = new URL(text);
  const wrong = (what: string): Error =>
    new Error(`names ${url.protocol}//${url.host}${url.pathname}, which ${what}: use ${FORM}`);
  if (url.protocol !== 'https:') throw wrong('is not https: a bearer token goes there');
  if (url.searchParams.has('sig'))
    throw wrong(
      'has a shared access signature: that is a key which no role takes back; the collector uses tokens of its identity, so grant it Storage Blob Data Reader and revoke the signature',
    );
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '')
    throw wrong('has a query, a fragment or a password');
  const accountParts = /^(?:[^.]+|[\d.]+|\[.*\])$/.test(url.hostname) ? 1 : 0;
  const parts = url.pathname.split('/').filter((part) => part !== '');
  if (parts.length < accountParts) throw wrong('names no account');
  const account = [url.origin, ...parts.slice(0, accountParts)].join('/');
  const [container, ...folders] = parts.slice(accountParts);
  if (container === undefined) return KNOWN_CONTAINERS.map((name) => ({ container: `${account}/${name}`, prefix: '' }));
  // https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata
  if (!/^(?=.{3,63}$)(?:\$logs|[a-z0-9]+(?:-[a-z0-9]+)*)$/.test(container))
    throw wrong(`has "${container}" for a container: 3 to 63 lower-case letters, digits and single hyphens`);
  return [
    { container: `${account}/${container}`, prefix: folders.map((folder) => `${decoded(folder, wrong)}/`).join('') },
  ];
}

function decoded(folder: string, wrong: (what: string) => Error): string {
  try {
    return decodeURIComponent(folder);
  } catch {
    throw wrong('has a % that begins no character');
  }
}
