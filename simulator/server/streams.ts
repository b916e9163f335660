import { readFileSync } from 'node:fs';

/** Column types of a stream declaration (structure of a data collection rule, 2026-05-15). */
export type ColumnType = 'string' | 'int' | 'long' | 'real' | 'boolean' | 'datetime' | 'dynamic';

/** Columns by stream name, `Custom-<Table>`, as a data collection rule declares them. */
export type Streams = Readonly<Record<string, readonly { readonly name: string; readonly type: ColumnType }[]>>;

/** Table whose RecordIds the report compares with what the feed served. */
export const auditTable = 'CopilotAudit_CL';

const types: readonly string[] = ['string', 'int', 'long', 'real', 'boolean', 'datetime', 'dynamic'];

/** The product's streams, from simulator/streams.json, which `npm run docs` writes. */
export function productStreams(): Streams {
  const streams: Streams = JSON.parse(readFileSync(new URL('../streams.json', import.meta.url), 'utf8'));
  return streams;
}

/** Table that a stream ends in: the rule's transform is `source`, so the names agree. */
export function tableOf(stream: string): string {
  return stream.replace(/^Custom-/, '');
}

/** Throws for a stream that Azure would not let one declare. */
export function assertStreams(streams: Streams): void {
  for (const [stream, columns] of Object.entries(streams)) {
    if (!/^Custom-\w+$/.test(stream))
      throw new Error(`simulator: stream "${stream}": name it Custom-<Table>, letters, digits and _ only`);
    for (const { name, type } of columns) {
      if (!types.includes(type))
        throw new Error(`simulator: column "${name}" of ${stream} has type "${type}": use ${types.join(', ')}`);
    }
  }
}
