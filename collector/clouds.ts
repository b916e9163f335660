/** Microsoft's national clouds: their hosts, and what they lack. */

/** Hosts by cloud. Management hosts are token audiences at the same time. */
export const clouds = {
  commercial: {
    feed: 'https://manage.office.com',
    graph: 'https://graph.microsoft.com',
    authority: 'https://login.microsoftonline.com',
  },
  gcc: {
    feed: 'https://manage-gcc.office.com',
    graph: 'https://graph.microsoft.com',
    authority: 'https://login.microsoftonline.com',
  },
  'gcc-high': {
    feed: 'https://manage.office365.us',
    graph: 'https://graph.microsoft.us',
    authority: 'https://login.microsoftonline.us',
  },
  dod: {
    feed: 'https://manage.protection.apps.mil',
    graph: 'https://dod-graph.microsoft.us',
    authority: 'https://login.microsoftonline.us',
  },
} as const;

/** A word of CLOUD. */
export type Cloud = keyof typeof clouds;

/** True where Graph's pages on Copilot (usage reports, package catalogue) hold: "national cloud: global only". */
export const isGlobalCloud = (cloud: Cloud): boolean => cloud === 'commercial' || cloud === 'gcc';

/** True for an authority of Microsoft's own, of whichever cloud. */
export const isKnownAuthority = (authority: string): boolean =>
  Object.values(clouds).some((known) => known.authority === authority);

/** Audience of tokens for a data collection endpoint; its domain tells the cloud. */
export function toIngestionAudience(url: string): string {
  const { hostname } = new URL(url);
  if (hostname.endsWith('.azure.us')) return 'https://monitor.azure.us';
  return hostname.endsWith('.azure.cn') ? 'https://monitor.azure.cn' : 'https://monitor.azure.com';
}
