/** Physical names: deterministic, so that a second deployment of the same stack finds what the first one made. */
import { createHash } from 'node:crypto';
import type { Naming } from './types.ts';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** First 8 hex digits of the text's SHA-256: short, and another for every tenant and workspace in practice. */
export function keyOf(text: string): string {
  return hash(text.toLowerCase()).slice(0, 8);
}

/** A GUID that follows from the text (SHA-256, cut to 128 bits, marked as a version 8 UUID of RFC 9562). */
export function guidOf(text: string): string {
  const digits = hash(text);
  const variant = ((Number.parseInt(digits.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `8${digits.slice(13, 16)}`,
    `${variant}${digits.slice(18, 20)}`,
    digits.slice(20, 32),
  ].join('-');
}

// ca-<10>-<9>-<8> has 32 characters, the limit of a container app's name.
const STACK_MAX = 9;

/** A stack's name as it may stand in resource names; a long or odd one keeps its start and gets 5 digits of its hash. */
function stackSlug(stack: string): string {
  if (stack.length <= STACK_MAX && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(stack)) return stack;
  const letters = stack.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return `${letters.slice(0, STACK_MAX - 5)}${hash(stack).slice(0, 5)}`;
}

/** Names of one deployment. `prefix` is configuration's `name`; `subscriptionId` makes global names unique. */
export function naming(prefix: string, stack: string, subscriptionId: string): Naming {
  const slug = stackSlug(stack);
  const identity = `${subscriptionId.toLowerCase()}/${prefix}/${stack}`;
  const letters = prefix.replaceAll('-', '');
  return {
    of: (kind, part) => [kind, prefix, slug, ...(part === undefined ? [] : [part])].join('-'),
    global: (kind) => `${kind}${letters}${hash(`${identity}/${kind}`)}`.slice(0, 24),
    guid: (text) => guidOf(`${identity}/${text}`),
  };
}
