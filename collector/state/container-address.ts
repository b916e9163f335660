/** Where state lies in Azure Blob Storage. */
export interface ContainerAddress {
  /** URL of the container, without a slash at its end. */
  readonly container: string;
  /** What names of blobs begin with: empty, or folders that end with a slash. */
  readonly prefix: string;
}

/**
 * Takes `https://account.blob.core.windows.net/container[/folder...]` apart. Where the host is an address or a single
 * word (Azurite), the account comes first in the path. Throws an error that says what the URL lacks, never its query.
 */
export function toContainerAddress(text: string): ContainerAddress {
  const wanted = 'use https://<account>.blob.core.windows.net/<container>, without key or query';
  if (!URL.canParse(text)) throw new Error(`state: STATE_URL is not a URL: ${wanted}`);
  const url = new URL(text);
  const shown = `${url.protocol}//${url.host}${url.pathname}`;
  if (url.protocol !== 'https:') throw new Error(`state: ${shown} is not https: ${wanted}`);
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '')
    throw new Error(`state: ${shown} has a query, a fragment or a password; only tokens are used: ${wanted}`);
  const isNamedInPath = /^(?:[^.]+|[\d.]+|\[.*\])$/.test(url.hostname);
  const parts = url.pathname.split('/').filter((part) => part !== '');
  const head = parts.slice(0, isNamedInPath ? 2 : 1);
  if (head.length < (isNamedInPath ? 2 : 1)) throw new Error(`state: ${shown} names no container: ${wanted}`);
  const folders = parts.slice(head.length).map((part) => `${decodeURIComponent(part)}/`);
  return { container: `${url.origin}/${head.join('/')}`, prefix: folders.join('') };
}
