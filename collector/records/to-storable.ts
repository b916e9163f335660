import type { Json } from '../schema/index.ts';
import type { ContentFields } from './content-policy.ts';
import { readShape } from './read-shape.ts';

/**
 * Any value as JSON that may be stored: text dropped by policy, unpaired surrogates replaced, depth limited, keys as
 * sent. For dead letters: it needs no valid record, and a second pass changes nothing.
 */
export function toStorable(raw: unknown, contentFields: ContentFields): Json {
  return readShape(raw, contentFields, 'as-sent').value;
}
