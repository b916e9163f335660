import { brokenElement, strayElements, type ContentFault, type StrayElement } from './content-faults.ts';
import type { EventList } from './events.ts';
import type { BlobDraft } from './blob-drafts.ts';
import { chance, guid, int, random, type Random } from './random.ts';

/** What a blob holds. */
export interface BlobContent {
  readonly recordCount: number;
  readonly unstorable: number;
  readonly malformed: number;
  /** Computed at every call. */
  readonly copilotIds: () => readonly string[];
  /** Rendered at every call, so that nothing but numbers is kept. */
  readonly body: () => string;
}

/** Content of drafts: the events' records, shuffled, and what faults put between them. */
export function feedContent(
  events: EventList,
  seed: string,
  faults: ReadonlySet<ContentFault>,
): (draft: BlobDraft) => BlobContent {
  return (draft) => {
    const next = random(seed, 'blob-content', draft.number);
    const records = shuffled(draft.events, random(seed, 'blob-order', draft.number));
    const hasStrays = chance(next, 0.08) || draft.number === 1;
    const strays: readonly StrayElement[] = faults.has('nulls') && hasStrays ? strayElements(next) : [];
    const hasBroken = chance(next, 0.05) || draft.number === 2;
    const broken = faults.has('malformed-record') && hasBroken ? [brokenElement(next, guid(next))] : [];
    const extras = [...strays.map(({ text }) => text), ...broken];
    const places = extras.map(() => int(next, 0, records.length));
    const separator = chance(next, 0.05) ? ',\r\n  ' : ',';
    const isOf = (index: number, storable: boolean): boolean => {
      const { copilot, unstorable } = events.familyOf(index);
      return copilot && (unstorable !== true) === storable;
    };
    return {
      recordCount: records.length + extras.length,
      unstorable:
        records.filter((index) => isOf(index, false)).length + strays.filter(({ unstorable }) => unstorable).length,
      malformed: broken.length,
      copilotIds: () =>
        Array.from(
          new Set(
            Array.from(
              records.filter((index) => isOf(index, true)),
              events.id,
            ),
          ),
        ),
      body: () => {
        const texts = Array.from(records, events.text);
        extras.forEach((text, nth) => texts.splice(places[nth] ?? 0, 0, text));
        return `[${texts.join(separator)}]`;
      },
    };
  };
}

/** Fisher and Yates: records of a blob are in no order. */
function shuffled(items: Uint32Array, next: Random): Uint32Array {
  const mixed = items.slice();
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = Math.floor(next() * (last + 1));
    const kept = mixed[last] ?? 0;
    mixed[last] = mixed[other] ?? 0;
    mixed[other] = kept;
  }
  return mixed;
}
