/** A state that knows which key its tokens are of, and refuses another one. */
import type { CollectorState } from '../state/held-state.ts';
import type { State } from '../state/state.ts';

// The mark lies in the cursor of a source that does not exist: the format of the checkpoint stays as it is.
const MARK = 'pseudonyms';

/**
 * The same state for one key only. `fingerprint` is that of the key; undefined without pseudonymisation. `load` rejects
 * when the state was written under another one: names and tokens, or tokens of two keys, would be mixed for good.
 */
export function pseudonymousState(state: State, fingerprint: string | undefined): State {
  return {
    ...state,
    async load() {
      const held = await state.load();
      const before = held.sourceNames().includes(MARK) ? held.source(MARK).cursor : undefined;
      if (before === fingerprint) return held;
      if (before === undefined && isNew(held)) {
        held.source(MARK).cursor = fingerprint;
        return held;
      }
      await state.close();
      throw new Error(toReason(before, fingerprint));
    },
  };
}

/** True when nothing was ever collected with it: there is nothing that names anybody. */
function isNew(held: CollectorState): boolean {
  return held.records.size === 0 && held.entities.size === 0 && held.sourceNames().length === 0;
}

function toReason(before: string | undefined, now: string | undefined): string {
  const remedy =
    'point STATE_URL at an empty place (docs/pseudonymization.md, "Changing the key", tells what that costs)';
  if (now === undefined)
    return `state: it was written with pseudonymisation (${before ?? ''}), and PSEUDONYMIZE is off: names would be mixed with tokens: set PSEUDONYMIZE and PSEUDONYM_KEY as they were, or ${remedy}`;
  if (before === undefined)
    return `state: it was written without pseudonymisation and holds names, and PSEUDONYMIZE is on: leave it out, or ${remedy}`;
  return `state: it was written under PSEUDONYM_KEY ${before}, and the key is ${now} now: one person would have two tokens: set the earlier key and the same PSEUDONYMIZE, or ${remedy}`;
}
