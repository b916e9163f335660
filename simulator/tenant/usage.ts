/** Who used Copilot in which app on which day: drawn from the stream that makes the feed's events, so that both agree. */
import { chance, count, pick, random } from '../random.ts';
import type { User } from './user.ts';

/** Apps that usage reports tell apart. */
export const usageApps = [
  'teams',
  'word',
  'powerPoint',
  'outlook',
  'excel',
  'oneNote',
  'loop',
  'chatWork',
  'chatWeb',
  'edge',
  'm365',
  'agent',
] as const;
export type UsageApp = (typeof usageApps)[number];

/** One person's day. */
export interface UsageDay {
  readonly apps: ReadonlySet<UsageApp>;
  readonly workPrompts: number;
  readonly webPrompts: number;
  readonly otherPrompts: number;
}

const appOf: Readonly<Record<string, UsageApp>> = {
  BizChat: 'chatWork',
  bizchat: 'chatWork',
  Bing: 'chatWeb',
  Teams: 'teams',
  Word: 'word',
  Outlook: 'outlook',
  OutlookSidepane: 'outlook',
  Excel: 'excel',
  PowerPoint: 'powerPoint',
  OneNote: 'oneNote',
  Loop: 'loop',
  Edge: 'edge',
  Office: 'm365',
  M365App: 'm365',
};

const weekendShare = 0.04;
const copilotPerUserDay = 14;
const idle: UsageDay = { apps: new Set(), workPrompts: 0, webPrompts: 0, otherPrompts: 0 };

/** Usage by user and day (days since 1970 in the user's own time). */
export function usage(seed: string, users: readonly User[]): (user: User, day: number) => UsageDay {
  const mean = users.reduce((sum, user) => sum + user.activity, 0) / users.length;
  return (user, day) => {
    if (user.activity === 0) return idle;
    const weekday = (day + 4) % 7;
    const share = weekday === 0 || weekday === 6 ? weekendShare : 1;
    // The first draw of this stream is the number of Copilot events that the feed holds of this day.
    const events = count(
      random(seed, 'user-day', user.index, day),
      copilotPerUserDay * ((user.activity / mean) * share),
    );
    if (events === 0) return idle;
    const next = random(seed, 'usage', user.index, day);
    const apps = new Set<UsageApp>();
    let [workPrompts, webPrompts, otherPrompts] = [0, 0, 0];
    for (let nth = 0; nth < events; nth += 1) {
      const app = appOf[pick(next, user.hosts)] ?? 'm365';
      apps.add(app);
      if (app === 'chatWork') workPrompts += 1;
      else if (app === 'chatWeb') webPrompts += 1;
      else otherPrompts += 1;
    }
    if (chance(next, 0.2)) apps.add('agent');
    return { apps, workPrompts, webPrompts, otherPrompts };
  };
}
