/** An address in SharePoint or OneDrive, taken apart. Text is percent-decoded. */
export interface SharePointAddress {
  /** Lower case. */
  readonly host: string;
  /** Of the path, without sharing prefix and empty ones. Under a sharing link: those of the site. */
  readonly segments: readonly string[];
  /** Path of a sharing link whose token hides the file; null when the path tells it. */
  readonly link: SharingLink | null;
  /** As sent, without `?`; may be empty. */
  readonly query: string;
}

/** `/:w:/s/<site>/<token>`: which file it is, only SharePoint knows. */
export interface SharingLink {
  readonly segments: readonly string[];
  /** The letters between the colons: w for Word, x for Excel, f for a folder. */
  readonly letters: string;
}

// SharePoint allows 400 characters in a decoded path; the rest is encoding and query. Longer is no address of a file.
const MAX_LENGTH = 8192;
// The clouds of Microsoft 365: global, GCC High, DoD, China, and Germany of old. Case as sent, a final dot, port 443.
const ORIGIN = /^\s*https:\/\/((?:[a-z0-9-]+\.)+sharepoint(?:\.com|\.us|-mil\.us|\.cn|\.de))\.?(?::443)?(?=[/?#]|$)/i;
const ESCAPE = /%[0-9a-f]{2}/i;
const LINK = /^:([a-z]{1,3}):$/i;
const FOLDER_OF: Readonly<Record<string, string>> = { s: 'sites', t: 'teams', p: 'personal' };

function decodeOnce(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A bare percent sign: the text was not encoded.
    return text;
  }
}

/** Percent-decoded, twice when it was encoded twice; what is no escape stays. Never throws. */
export function decodeText(text: string): string {
  if (!text.includes('%')) return text;
  const decoded = decodeOnce(text);
  return decoded !== text && ESCAPE.test(decoded) ? decodeOnce(decoded) : decoded;
}

// SharePoint takes no name that ends so: the end of a sentence was copied with the address.
function withoutTail(segment: string): string {
  let end = segment.length;
  while (end > 0 && (segment[end - 1] === '.' || segment[end - 1] === ' ')) end -= 1;
  return segment.slice(0, end);
}

function toSegments(path: string): string[] {
  const segments: string[] = [];
  for (const part of decodeText(path).split('/')) {
    if (part === '..') segments.pop();
    else if (part !== '' && part !== '.') segments.push(part);
  }
  const last = withoutTail(segments.pop() ?? '');
  if (last !== '') segments.push(last);
  return segments;
}

/** Segments of the path behind `/:w:/<form>/`, and the link when they end in a token. */
function behindLink(all: readonly string[], letters: string): Pick<SharePointAddress, 'segments' | 'link'> {
  const form = (all[1] ?? '').toLowerCase();
  const rest = all.slice(2);
  // r is followed by the path of the file, g by a path or by a site and a token.
  if (form === 'r' || (form === 'g' && rest.at(-1)?.includes('.') === true)) return { segments: rest, link: null };
  const folder = FOLDER_OF[form];
  const site = rest.slice(0, -1);
  return {
    segments: folder === undefined || site.length === 0 ? site : [folder, ...site],
    link: { segments: [`:${letters}:`, form, ...rest], letters },
  };
}

/** Takes an address apart; null when it is not https on a host of SharePoint. Never throws, linear in its length. */
export function toSharePointAddress(url: string): SharePointAddress | null {
  if (url.length > MAX_LENGTH) return null;
  const origin = ORIGIN.exec(url);
  if (origin === null) return null;
  const rest = url.slice(origin[0].length);
  const [beforeFragment = ''] = rest.split('#', 1);
  const mark = beforeFragment.indexOf('?');
  const all = toSegments(mark < 0 ? beforeFragment : beforeFragment.slice(0, mark));
  const letters = LINK.exec(all[0] ?? '')?.[1]?.toLowerCase();
  return {
    host: (origin[1] ?? '').toLowerCase(),
    ...(letters === undefined || all.length < 3 ? { segments: all, link: null } : behindLink(all, letters)),
    query: mark < 0 ? '' : beforeFragment.slice(mark + 1),
  };
}

/** The address of a path in one spelling: percent-encoded once, so ASCII only: tolower() in KQL and here agree. */
export function toUrl(host: string, segments: readonly string[]): string {
  if (segments.length === 0) return `https://${host}`;
  const path = encodeURI(segments.join('/').toWellFormed());
  return `https://${host}/${/[?#]/.test(path) ? path.replaceAll('?', '%3F').replaceAll('#', '%23') : path}`;
}
