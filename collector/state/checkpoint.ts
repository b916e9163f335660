import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { ledgerFields } from '../ledger.ts';
import { checkpointName } from './place.ts';

/** The format that this version writes. */
const checkpointFormat = 3;

/** A checkpoint as it lies there: `format`, `crc32` and `content` in every format, `version` from format 2 on. */
type Envelope = Readonly<Record<string, unknown>>;

// Content that is no object has another shape, which is said when it is read.
const recordShape = z.record(z.string(), z.unknown()).catch({});

/** From each older format to the next one. A checkpoint is written in the newest format with the next save. */
const migrations: ReadonlyMap<number, (of: Envelope) => Envelope> = new Map<number, (of: Envelope) => Envelope>([
  // 2 says which version of the collector wrote it.
  [1, (of) => ({ ...of, format: 2, version: 'unknown' })],
  // 3 has notes of entities.
  [2, (of) => ({ ...of, format: 3, content: { ...recordShape.parse(of['content']), entities: [] } })],
]);
const oldestFormat = Math.min(...migrations.keys());

const segmentShape = z.object({
  name: z.string(),
  /** Committed bytes; what lies behind them does not exist. */
  length: z.int().nonnegative(),
  /** CRC-32 of the committed bytes. */
  crc32: z.int().nonnegative(),
});
const hourSegmentShape = segmentShape.extend({ hour: z.int().nonnegative() });
const daySegmentShape = segmentShape.extend({ day: z.int().nonnegative() });

const ms = z.int();
const viewsShape = z.object({
  operations: z.array(z.string()).readonly(),
  sinceMs: ms.nullable(),
  feedReadToMs: ms.nullable(),
  comparedToMs: ms.nullable(),
  blind: z.array(z.object({ fromMs: ms, toMs: ms, reason: z.string() })).readonly(),
  unsent: z
    .array(
      z.object({
        hour: z.int().nonnegative(),
        reason: z.string().nullable(),
        queried: z.int(),
        added: z.int(),
        given: z.int(),
        feedOnly: z.int(),
      }),
    )
    .readonly(),
  /** Ids by the hour of the event. */
  feed: z.array(hourSegmentShape),
  query: z.array(hourSegmentShape),
});

const contentShape = z.object({
  /** ISO 8601 UTC, for people. */
  written: z.string(),
  /** Tenant that it is of; absent in checkpoints of older versions and of commands without a tenant. */
  tenant: z.string().optional(),
  records: z.array(hourSegmentShape),
  sources: z.record(
    z.string(),
    z.object({
      cursor: z.string().nullable(),
      blobs: z.array(hourSegmentShape),
      parked: z.array(
        z.object({
          id: z.string(),
          uri: z.string(),
          created: z.string(),
          expires: z.string(),
          reason: z.string(),
          tries: z.int().nonnegative(),
        }),
      ),
      ledger: z.array(
        z.object({
          hour: z.int().nonnegative(),
          revision: z.int().nonnegative(),
          unsent: z.boolean(),
          counts: z.record(z.enum(ledgerFields), z.int()),
        }),
      ),
    }),
  ),
  deadLetters: z.array(daySegmentShape),
  entities: z.array(segmentShape),
  // No format of its own: a version that does not know it drops it, and the comparison then begins anew.
  views: viewsShape.optional(),
});

/** A segment as the checkpoint commits to it. */
export type Segment = Readonly<z.infer<typeof segmentShape>>;
/** A segment of 16-byte ids of one hour. */
export type HourSegment = Readonly<z.infer<typeof hourSegmentShape>>;
/** A segment of dead letters; `day` is whole days since 1970. */
export type DaySegment = Readonly<z.infer<typeof daySegmentShape>>;
/** Everything that one commit says. */
export type Checkpoint = z.infer<typeof contentShape>;

/** What to do about state that cannot be used, for the end of an error message. */
export const stateRemedy =
  'restore it from a backup, or point STATE_URL at an empty place (the last 7 days are then collected and sent again; the KQL functions remove the duplicates)';

/** The text of a checkpoint: format, version of the collector that writes it, CRC-32 of the content's JSON, content. */
export function toCheckpointText(content: Checkpoint, version: string): string {
  const json = JSON.stringify(content);
  return `{"format":${checkpointFormat},"version":${JSON.stringify(version)},"crc32":${crc32(json)},"content":${json}}\n`;
}

/** Reads a checkpoint's text of any known format; throws an error that names the file, what is wrong and the remedy. */
export function parseCheckpoint(text: string, place: string): Checkpoint {
  const path = `${place}/${checkpointName}`;
  const broken = (what: string, cause?: unknown): Error =>
    new Error(`state: ${path} ${what}: ${stateRemedy}`, { cause });

  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw broken('is not valid JSON', error);
  }
  // The format first: another one may differ in everything else.
  const head = z.object({ format: z.int(), version: z.string().catch('') }).safeParse(json);
  if (!head.success) throw broken('has no format version');
  checkFormat(path, head.data);
  const envelope = z.looseObject({ crc32: z.int(), content: z.unknown() }).safeParse(json);
  if (!envelope.success) throw broken('has no content');
  if (crc32(JSON.stringify(envelope.data.content) ?? '') !== envelope.data.crc32)
    throw broken('was changed after it was written (its checksum does not match)');
  let newest: Envelope = envelope.data;
  for (let format = head.data.format; format < checkpointFormat; format++)
    newest = migrations.get(format)?.(newest) ?? newest;
  const content = contentShape.safeParse(newest['content']);
  if (!content.success) throw broken(`has another shape: ${z.prettifyError(content.error)}`, content.error);
  return content.data;
}

/** Throws for a format that is not ours and has no way to ours. */
function checkFormat(path: string, { format, version }: { readonly format: number; readonly version: string }): void {
  if (format >= oldestFormat && format <= checkpointFormat) return;
  const isNewer = format > checkpointFormat;
  const writer = version === '' ? '' : `, written by version ${version} of the collector`;
  const named = version === '' ? 'the version of the collector that wrote it' : `version ${version}`;
  throw new Error(
    `state: ${path} has format ${format}${writer}; this version reads formats ${oldestFormat} to ${checkpointFormat}: ` +
      `run ${named}${isNewer ? ' or a newer one' : ''}, or point STATE_URL at an empty place`,
  );
}
