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

/**
 * The containers behind a URL of a storage account (those that the known producers write to), of a container, or of a
 * folder in one. Where the host is an address or a single word (Azurite), the account comes first in the path. Throws an
 * error that says what the URL lacks, never its query.
 */
export function toExportAddresses(text: string): readonly ExportAddress[] {
  const wanted = 'use https://<account>.blob.core.windows.net or .../<container>, without key or query';
  if (!URL.canParse(text)) throw new Error(`storage-export: STORAGE_EXPORT_URL is not a URL: ${wanted}`);
  const url = new URL(text);
  const shown = `${url.protocol}//${url.host}${url.pathname}`;
  if (url.protocol !== 'https:') throw new Error(`storage-export: ${shown} is not https: ${wanted}`);
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw new Error(`storage-export: ${shown} has a query, a fragment or a password; only tokens are used: ${wanted}`);
  }
  const accountParts = /^(?:[^.]+|[\d.]+|\[.*\])$/.test(url.hostname) ? 1 : 0;
  const parts = url.pathname.split('/').filter((part) => part !== '');
  if (parts.length < accountParts) throw new Error(`storage-export: ${shown} names no account: ${wanted}`);
  const account = [url.origin, ...parts.slice(0, accountParts)].join('/');
  const [container, ...folders] = parts.slice(accountParts);
  if (container === undefined) return KNOWN_CONTAINERS.map((name) => ({ container: `${account}/${name}`, prefix: '' }));
  const prefix = folders.map((folder) => `${decodeURIComponent(folder)}/`).join('');
  return [{ container: `${account}/${container}`, prefix }];
}
