/** One request to Graph, alone or inside a batch, taken apart. */

export type Version = 'v1.0' | 'beta';

/** Path and query of a request. */
export interface Ask {
  readonly version: Version;
  readonly method: string;
  /** Decoded segments after the version. */
  readonly segments: readonly string[];
  /** System query options without case, `$` included. */
  readonly options: ReadonlyMap<string, string>;
  /** Path and query as sent, from the slash after the version on. */
  readonly url: string;
  /** Of a request that is not inside a batch. */
  readonly body?: string;
}

/** Takes a relative address apart; undefined when it cannot be decoded. What follows a `#` never arrives. */
export function toAsk(version: Version, method: string, address: string): Ask | undefined {
  const sent = address.split('#')[0] ?? '';
  const url = sent.startsWith('/') ? sent : `/${sent}`;
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  try {
    const segments = path
      .split('/')
      .filter((segment) => segment !== '')
      .map((segment) => decodeURIComponent(segment));
    const options = new Map(Array.from(query, ([name, value]) => [name.toLowerCase(), value]));
    return { version, method, segments, options, url };
  } catch {
    return undefined;
  }
}

/** Version and the rest of a path that was sent to the host; undefined for another version. */
export function toVersion(path: string): { readonly version: Version; readonly rest: string } | undefined {
  const match = /^\/(v1\.0|beta)(\/.*)?$/.exec(path);
  if (!match) return undefined;
  return { version: match[1] === 'beta' ? 'beta' : 'v1.0', rest: match[2] ?? '/' };
}
