import type { Hour } from './contracts.ts';

/** What the ledger counts; the columns of `CopilotHealth_CL` have the same names in PascalCase. */
export const ledgerFields = [
  'listed',
  'fetched',
  'expired',
  'parked',
  'pending',
  'seen',
  'foreign',
  'selected',
  'unparsable',
  'accepted',
  'duplicate',
  'deadLettered',
] as const;

/** The name of a counter. */
export type LedgerField = (typeof ledgerFields)[number];

/** All counters of an hour, or of all hours. */
export type LedgerCounts = Readonly<Record<LedgerField, number>>;

/** The counts of an hour since it was first heard of; the newest revision counts. */
export interface LedgerSnapshot {
  readonly hour: Hour;
  readonly revision: number;
  readonly counts: LedgerCounts;
  readonly isBalanced: boolean;
}

/** An hour as it is stored; `unsent` when it changed after its last snapshot that was sent. */
export interface StoredHour {
  readonly hour: Hour;
  readonly revision: number;
  readonly unsent: boolean;
  readonly counts: LedgerCounts;
}

/** The account of one source, by hour of the feed's clock. */
export interface Ledger {
  /** Adds `n` (1 unless given; negative when a blob leaves `pending` or `parked`) to a counter. */
  count(hour: Hour, field: LedgerField, n?: number): void;
  /** The sums over the hours that the ledger still holds. */
  totals(): LedgerCounts;
  /**
   * Every sum that does not hold, naming the hour and both sides. To be asked at a commit only:
   * between commits, selected records wait in buffers and the third sum is off by them.
   */
  problems(): readonly string[];
  /**
   * A snapshot of each hour that changed since it was sent, under a revision that was never given before.
   * Take it before a save and send it after: a crash between the two then sends again instead of reusing a revision.
   */
  changedHours(): readonly LedgerSnapshot[];
  /** Marks snapshots as sent; an hour that has changed since stays unsent. */
  sent(snapshots: readonly LedgerSnapshot[]): void;
  /** After a restart: blobs that were pending will be listed again, so they were not listed yet. */
  forgetPending(): void;
  /** Drops hours before `hour`, but none that is unsent or has pending or parked blobs; returns how many. */
  evictBefore(hour: Hour): number;
  /** The form that `ledger` takes back. */
  toJSON(): readonly StoredHour[];
}

type Counts = Record<LedgerField, number>;

interface Entry {
  revision: number;
  unsent: boolean;
  readonly counts: Counts;
}

const sums: readonly (readonly [LedgerField, ...LedgerField[]])[] = [
  ['listed', 'fetched', 'expired', 'parked', 'pending'],
  ['seen', 'foreign', 'selected', 'unparsable'],
  ['selected', 'accepted', 'duplicate', 'deadLettered'],
];

const zeros: LedgerCounts = {
  listed: 0,
  fetched: 0,
  expired: 0,
  parked: 0,
  pending: 0,
  seen: 0,
  foreign: 0,
  selected: 0,
  unparsable: 0,
  accepted: 0,
  duplicate: 0,
  deadLettered: 0,
};

function imbalances(counts: LedgerCounts): readonly string[] {
  const found: string[] = [];
  for (const [whole, ...parts] of sums) {
    const sum = parts.reduce((total, part) => total + counts[part], 0);
    if (sum !== counts[whole])
      found.push(
        `${whole} ${counts[whole]} is not ${sum} = ${parts.map((part) => `${part} ${counts[part]}`).join(' + ')}`,
      );
  }
  for (const field of ledgerFields) if (counts[field] < 0) found.push(`${field} is ${counts[field]}, below zero`);
  return found;
}

/** A ledger, empty or as it was stored. */
export function ledger(stored: readonly StoredHour[] = []): Ledger {
  const entries = new Map<Hour, Entry>();
  for (const { hour, revision, unsent, counts } of stored) {
    entries.set(hour, { revision, unsent, counts: { ...counts } });
  }
  const oldestFirst = (): readonly [Hour, Entry][] => [...entries].toSorted(([a], [b]) => a - b);

  function add(entry: Entry, field: LedgerField, n: number): void {
    if (n === 0) return;
    entry.counts[field] += n;
    entry.unsent = true;
  }

  return {
    count(hour, field, n = 1) {
      const entry = entries.get(hour) ?? { revision: 0, unsent: false, counts: { ...zeros } };
      if (n !== 0) entries.set(hour, entry);
      add(entry, field, n);
    },
    totals() {
      const totals: Counts = { ...zeros };
      for (const { counts } of entries.values()) for (const field of ledgerFields) totals[field] += counts[field];
      return totals;
    },
    problems: () =>
      oldestFirst().flatMap(([hour, { counts }]) =>
        imbalances(counts).map((problem) => `${new Date(hour * 3_600_000).toISOString()}: ${problem}`),
      ),
    changedHours: () =>
      oldestFirst()
        .filter(([, entry]) => entry.unsent)
        .map(([hour, entry]) => ({
          hour,
          revision: ++entry.revision,
          counts: { ...entry.counts },
          isBalanced: imbalances(entry.counts).length === 0,
        })),
    sent(snapshots) {
      for (const { hour, revision, counts } of snapshots) {
        const entry = entries.get(hour);
        if (entry?.revision !== revision) continue;
        entry.unsent = ledgerFields.some((field) => entry.counts[field] !== counts[field]);
      }
    },
    forgetPending() {
      for (const entry of entries.values()) {
        add(entry, 'listed', -entry.counts.pending);
        add(entry, 'pending', -entry.counts.pending);
      }
    },
    evictBefore(limit) {
      const settled = [...entries].filter(
        ([hour, { unsent, counts }]) => hour < limit && !unsent && counts.pending === 0 && counts.parked === 0,
      );
      for (const [hour] of settled) entries.delete(hour);
      return settled.length;
    },
    toJSON: () =>
      oldestFirst().map(([hour, { revision, unsent, counts }]) => ({ hour, revision, unsent, counts: { ...counts } })),
  };
}
