/** The sessions of a person's day: each is about one thing and has a conversation of its own. */
import { count, int, pickWeighted, type Random } from '../random.ts';
import type { User } from '../tenant/user.ts';

/** Something that a person does with Copilot for some minutes. */
export interface Session {
  /** Names of families of records, one for each turn. */
  readonly turns: readonly string[];
  /** Milliseconds from local midnight to each turn. */
  readonly atMs: readonly number[];
}

interface Kind {
  readonly share: number;
  readonly family: string;
  readonly most: number;
  /** Needs the Copilot licence. */
  readonly licensed: boolean;
}

const kind = (share: number, family: string, most: number, licensed = false): Kind => ({
  share,
  family,
  most,
  licensed,
});

const KINDS: readonly Kind[] = [
  kind(26, 'chat', 4),
  kind(2, 'several-responses', 2),
  kind(14, 'document', 5, true),
  kind(12, 'grounded-files', 3, true),
  kind(4, 'labelled-file', 2, true),
  kind(10, 'mail', 3, true),
  kind(9, 'meeting', 2, true),
  kind(9, 'web', 3),
  kind(0.5, 'deep-reasoning', 1, true),
  kind(5, 'studio-twins', 3),
  kind(3, 'studio-teams', 3),
  kind(3, 'sharepoint-agent', 2),
  kind(4, 'declarative-agent', 2),
  kind(2, 'microsoft-agent', 2, true),
  kind(0.3, 'cowork', 1, true),
  kind(1.5, 'fabric', 2),
  kind(1.5, 'facilitator', 2, true),
  kind(0.6, 'connected-ai-app', 1),
  kind(0.8, 'ai-app', 1),
  kind(0.4, 'agent-runtime', 1),
];

const table = (licensed: boolean): readonly (readonly [number, Kind])[] =>
  KINDS.filter((one) => licensed || !one.licensed).map((one) => [one.share, one] as const);
const tables = { licensed: table(true), anyone: table(false) } as const;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Mostly between 8 and 18 o'clock, most of all in the middle. */
const startOf = (next: Random): number =>
  Math.floor((next() < 0.97 ? 8 + 5 * (next() + next()) : 24 * next()) * HOUR_MS);

/** The sessions of a day; `mean` is how many there are on average. */
export function sessions(next: Random, user: User, mean: number): readonly Session[] {
  return Array.from({ length: count(next, mean) }, () => {
    const { family, most } = pickWeighted(next, user.licensed ? tables.licensed : tables.anyone);
    let at = startOf(next);
    const atMs = Array.from({ length: int(next, 1, most) }, () => (at += int(next, 25, 300) * 1000));
    return { turns: atMs.map(() => family), atMs };
  });
}
