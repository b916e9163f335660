/** Interactions as text for the benches of enrichment: who acts on which three files is drawn, all else is the same. */
import { copilotRecord, ID_PLACEHOLDER } from './feed-records.ts';

const userMark = 'bench.user@contoso.example';
const fileMark = (n: number): string => `__FILE_${n}__`;

const { CopilotEventData: data } = copilotRecord;
const text = JSON.stringify({
  ...copilotRecord,
  CopilotEventData: {
    ...data,
    Contexts: [],
    AccessedResources: data.AccessedResources.slice(0, 3).map((resource, n) => ({ ...resource, SiteUrl: fileMark(n) })),
  },
});
const [pieces, marks] = split(text, [ID_PLACEHOLDER, userMark, fileMark(0), fileMark(1), fileMark(2)]);

/** The text around marks, and which mark follows each piece. */
function split(whole: string, wanted: readonly string[]): readonly [readonly string[], readonly number[]] {
  const parts: string[] = [];
  const found: number[] = [];
  let rest = whole;
  for (;;) {
    const places = wanted.map((mark) => rest.indexOf(mark));
    const at = Math.min(...places.filter((place) => place >= 0));
    if (at === Infinity) return [[...parts, rest], found];
    const which = places.indexOf(at);
    parts.push(rest.slice(0, at));
    found.push(which);
    rest = rest.slice(at + (wanted[which] ?? '').length);
  }
}

/** Principal name of a user. */
export const upnOf = (user: number): string => `user${user}@contoso.example`;
/** Address of a file; fifty to a site. */
export const fileOf = (file: number): string =>
  `https://contoso.sharepoint.com/sites/site-${Math.floor(file / 50)}/Shared%20Documents/Plan%20${file}.docx`;

/** One interaction as JSON. */
export function interaction(id: string, user: number, files: readonly number[]): string {
  const values = [id, upnOf(user), ...files.map(fileOf)];
  let made = pieces[0] ?? '';
  marks.forEach((mark, n) => (made += (values[mark] ?? '') + (pieces[n + 1] ?? '')));
  return made;
}

/** Numbers below `count`, the n-th as likely as 1/n (Zipf's law, exponent 1); the same sequence for the same seed. */
export function zipf(count: number, seed: number): () => number {
  const sums = new Float64Array(count);
  let total = 0;
  for (let n = 0; n < count; n++) sums[n] = total += 1 / (n + 1);
  const next = uniform(seed);
  return () => {
    const drawn = next() * total;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < drawn) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** Numbers from 0 to 1 (mulberry32). */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What Graph knows of a user. */
export const userOf = (upn: string): object => ({
  id: `5b2d1f0a-0000-4000-8000-${upn.replaceAll(/\D/g, '').padStart(12, '0')}`,
  userPrincipalName: upn,
  displayName: `User ${upn}`,
  mail: upn,
  department: 'Research',
  jobTitle: 'Engineer',
  country: 'Ireland',
  usageLocation: 'IE',
  officeLocation: 'Dublin 1/2',
  accountEnabled: true,
  userType: 'Member',
  assignedPlans: Array.from({ length: 8 }, (_, n) => ({
    capabilityStatus: 'Enabled',
    service: 'exchange',
    servicePlanId: n === 0 ? '3f30311c-6b1e-48a4-ab79-725b469da960' : `0f1ce000-0000-4000-8000-00000000000${n}`,
  })),
  manager: {
    '@odata.type': '#microsoft.graph.user',
    id: '5b2d1f0a-0000-4000-8000-00000000ffff',
    userPrincipalName: 'boss@contoso.example',
  },
});

/** What Graph knows of a file. */
export const itemOf = (url: string): object => ({
  id: `01${url.length}`,
  name: decodeURIComponent(url.split('/').at(-1) ?? ''),
  webUrl: url,
  size: 12_345 + url.length,
  lastModifiedDateTime: '2026-06-01T10:00:00Z',
  parentReference: { driveId: 'b!bench', siteId: 'contoso.sharepoint.com' },
});

/** The answer of Graph to a path behind the version; undefined is 404. */
export function answerTo(path: string): { readonly key: string; readonly body: object } | undefined {
  const user = /^\/users\/([^/?]+)\?/.exec(path)?.[1];
  if (user !== undefined) {
    const upn = decodeURIComponent(user);
    return { key: upn, body: userOf(upn) };
  }
  const shared = /^\/shares\/u!([^/]+)\/driveItem/.exec(path)?.[1];
  if (shared === undefined) return undefined;
  const url = Buffer.from(shared, 'base64url').toString();
  return { key: url, body: itemOf(url) };
}
