import { createHash } from 'node:crypto';
import { toStorable } from './to-storable.ts';

/** A name for a record by its content: the same record has the same one. Nesting is bounded, as it is for storing. */
export const contentId = (raw: unknown): string =>
  `sha256:${createHash('sha256')
    .update(JSON.stringify(toStorable(raw, 'keep')))
    .digest('hex')}`;
