/** What one line of the archive holds. */
import { z } from 'zod';

const shape = z.object({
  /** RecordId where the record could be read, else a hash of it: copies of one record have the same. */
  id: z.string().min(1),
  /** Name of the source that brought it. */
  source: z.string(),
  /** When Microsoft made it available, as the feed says it; null where the source does not say. */
  contentCreated: z.string().nullable(),
  /** ISO 8601 UTC. */
  collectedTime: z.iso.datetime(),
  /** The record as it was sent, keys and order included, without the text that CONTENT_FIELDS drops. */
  record: z.unknown(),
});

/** A record and what a replay has to know of how it came; the members of a line, in this order. */
export type ArchivedRecord = Readonly<z.infer<typeof shape>>;

/** The line of a record, with its end. */
export const toLine = ({ id, source, contentCreated, collectedTime, record }: ArchivedRecord): string =>
  `${JSON.stringify({ id, source, contentCreated, collectedTime, record })}\n`;

/** The record of a line; undefined when the line is none of an archive. */
export function toArchivedRecord(line: string): ArchivedRecord | undefined {
  try {
    return shape.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
