/** A plan as it may be shown: without the secrets in it. */
import { isValues } from './wire-values.ts';

/** What is shown instead. */
export const MASK = '[secret]';

// Shorter texts are no secrets, and occur everywhere.
const SHORTEST = 4;
// The signature in an address that grants access to a blob.
const SIGNATURE = /([?&]sig=)[^&"\s]+/g;

/** A copy in which every known secret text, and every value of a container app's `secrets`, is replaced. */
export function masked(value: unknown, secretTexts: readonly string[]): unknown {
  const texts = secretTexts.flatMap(parts).filter((text) => text.length >= SHORTEST);
  const withoutSecrets = (text: string): string =>
    texts.reduce((rest, secret) => rest.replaceAll(secret, MASK), text).replaceAll(SIGNATURE, `$1${MASK}`);
  const hide = (item: unknown): unknown => {
    if (typeof item === 'string') return withoutSecrets(item);
    if (Array.isArray(item)) return item.map(hide);
    if (!isValues(item)) return item;
    return Object.fromEntries(
      Object.entries(item).map(([name, inner]) => [
        name,
        name === 'secrets' && Array.isArray(inner) ? inner.map(hiddenValue) : hide(inner),
      ]),
    );
  };
  const hiddenValue = (item: unknown): unknown =>
    isValues(item) && 'value' in item ? { ...item, value: MASK } : hide(item);
  return hide(value);
}

/** The texts in a secret: itself, and each text of a JSON value, because a program takes it apart. */
function parts(secret: string): readonly string[] {
  const texts = (value: unknown): readonly string[] => {
    if (typeof value === 'string') return [value];
    return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
  };
  try {
    return [secret, ...texts(JSON.parse(secret))];
  } catch {
    return [secret];
  }
}
