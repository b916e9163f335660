/** Pseudonyms of one collector: keyed tokens in place of people, and back again while the process remembers them. */
import { identities, type KnownIdentity } from './identities.ts';
import { inText } from './in-text.ts';
import { inValue } from './in-value.ts';
import { pseudonymKey, type Pseudonymized } from './pseudonym-key.ts';
import { revealer } from './reveal.ts';
import { tokens } from './tokens.ts';

/** What the membranes need. Everything within them knows tokens only. */
export interface Pseudonyms {
  /** Kind of what is replaced, and a mark by which keys are told apart. */
  readonly fingerprint: string;
  /** A value of the wire with tokens in it; the same object when it names nobody. */
  readonly value: (value: unknown) => unknown;
  readonly text: (text: string) => string;
  /** The token of a field that holds one person; of `text` in every other case. */
  readonly person: (text: string) => string;
  /** Opaque and keyed, for what was derived from a name: a plain hash of one can be guessed. */
  readonly digest: (text: string) => string;
  /** The text with identities in place of tokens; undefined when it holds a token that this process has not met. */
  readonly reveal: (text: string) => string | undefined;
  /** Identities whose rows are to be written before rows with their tokens. */
  readonly due: () => readonly KnownIdentity[];
  readonly written: (identities: readonly KnownIdentity[]) => void;
}

/** What is replaced, and how. */
export interface PseudonymOptions {
  /** At least 32 bytes. */
  readonly key: Buffer;
  readonly what: ReadonlySet<Pseudonymized>;
  /** Identities in memory, about 0.6 KB each; one that left is met anew. */
  readonly max?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

// A user has four to six.
const MAX_IDENTITIES = 200_000;

/** Makes the pseudonyms of a key; it remembers nothing yet. */
export function pseudonyms({ key: bytes, what, max = MAX_IDENTITIES, now = Date.now }: PseudonymOptions): Pseudonyms {
  const key = pseudonymKey(bytes);
  const forms = tokens(key);
  const known = identities(forms, { max, now });
  const text = inText(forms, known);
  const { value, person } = inValue({ tokens: forms, identities: known, inText: text }, what);
  return {
    fingerprint: key.fingerprint(what),
    value(raw) {
      const before = known.metCount;
      const replaced = value(raw);
      // Who is named in a field of persons may stand in one before it, too.
      return known.metCount === before ? replaced : value(replaced);
    },
    text: (raw) => (what.has('users') ? text(raw) : raw),
    person: (raw) => (what.has('users') ? person(raw) : raw),
    digest: (raw) => key.hex('digest', raw),
    reveal: revealer(forms, known),
    due: known.due,
    written: known.written,
  };
}
