import { constants, gunzipSync } from 'node:zlib';
import type { FaultInjector } from './fault-injector.ts';
import type { FaultCall, FaultTarget } from './fault.ts';
import type { Rights } from './identities.ts';
import { accessDenied, contentTooLong, ingestionErrors, tooManyRequests } from './ingestion-errors.ts';
import { chunkKey } from './ingestion-faults.ts';
import type { IngestionLedger } from './ingestion-ledger.ts';
import type { OnIngestion } from './moments.ts';
import { minuteBudget } from './quota.ts';
import { headerValue, queryValue, type Call, type Head, type Reply } from './reply.ts';
import { auditTable, tableOf, type Streams } from './streams.ts';
import type { Switches } from './switches.ts';
import type { TokenIssuer } from './tokens.ts';

type SentRow = Readonly<Record<string, unknown>>;

/** What the API needs of its surroundings. */
export interface IngestionOptions {
  readonly immutableId: string;
  readonly streams: Streams;
  readonly tokens: TokenIssuer;
  readonly rights: Rights;
  readonly switches: Switches;
  readonly faults: FaultInjector;
  readonly countFault: (name: string) => void;
  /** RecordIds that are refused whenever they come. */
  readonly refused: ReadonlySet<string>;
  readonly ledger: IngestionLedger;
  /** Takes the rows of an accepted call into the stream's table. */
  readonly store: (stream: string, rows: readonly SentRow[]) => void;
  readonly onIngestion?: OnIngestion | undefined;
}

/** The API as the listener asks it. */
export interface Ingestion {
  readonly handle: (call: Call) => Promise<Reply>;
  /** Asked when half of a body is read: whether the socket dies now. */
  readonly onHalfBody: (head: Head, half: Buffer) => Promise<'read on' | 'reset'>;
}

interface Target {
  readonly immutableId: string;
  readonly stream: string;
}

interface Chunk {
  readonly rows: readonly SentRow[];
  /** Inflated. */
  readonly body: Buffer;
}

// Logs Ingestion API: {endpoint}/dataCollectionRules/{immutable id}/streams/{stream}
const pathForm = /^\/dataCollectionRules\/(dcr-[0-9a-f]{32})\/streams\/([^/?]+)$/;
// Token audience per cloud, logs-ingestion-api-overview.md.
const audiences: readonly string[] = [
  'https://monitor.azure.com',
  'https://monitor.azure.us',
  'https://monitor.azure.cn',
];

function targetOf({ path }: Head): Target | undefined {
  const [, immutableId, stream] = pathForm.exec(path) ?? [];
  if (immutableId === undefined || stream === undefined) return undefined;
  try {
    return { immutableId, stream: decodeURIComponent(stream) };
  } catch {
    return undefined;
  }
}

const encodingOf = (head: Head): string => (headerValue(head, 'content-encoding') ?? '').toLowerCase();
const isRow = (value: unknown): value is SentRow =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';

/** What a part of a body says so far; empty when that cannot be read. */
function beginning(part: Buffer, encoding: string): Buffer {
  if (encoding !== 'gzip') return part;
  try {
    return gunzipSync(part, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0);
  }
}

/** The Logs Ingestion API over one data collection rule. */
export function ingestion(options: IngestionOptions): Ingestion {
  const { switches, faults, ledger } = options;
  const requestBudget = minuteBudget(switches.ingestionRequestsPerMinute);
  const byteBudget = minuteBudget(switches.ingestionBytesPerMinute);
  const startedAt = performance.now();
  let early = 0;

  const faultCall = (target: FaultTarget, key: string, rows?: number): FaultCall => ({
    target,
    key,
    publisherId: '',
    pageToken: '',
    acceptsGzip: false,
    nowMs: Date.now(),
    foreignOrigin: '',
    ...(rows !== undefined && { rows }),
  });

  function isTooEarly(): boolean {
    if (!faults.has('ingestion-403-at-first')) return false;
    early += 1;
    const seconds = (performance.now() - startedAt) / 1000;
    if (early > switches.roleAfterRequests && seconds >= switches.roleAfterSeconds) return false;
    options.countFault('ingestion-403-at-first');
    return true;
  }

  async function refusal(call: Call, { immutableId, stream }: Target): Promise<Reply | undefined> {
    if (call.method !== 'POST') return ingestionErrors.method();
    // Decoded names: the JavaScript SDK sends api%2Dversion.
    const version = queryValue(call.query, 'api-version');
    if (version !== '2023-01-01') return ingestionErrors.apiVersion(version);
    const [scheme, token] = (headerValue(call, 'authorization') ?? '').split(' ');
    const claims = scheme?.toLowerCase() === 'bearer' && token ? await options.tokens.verify(token) : undefined;
    if (!claims || !audiences.includes(claims.audience)) return ingestionErrors.noToken();
    if (immutableId !== options.immutableId) return ingestionErrors.noRule(immutableId);
    if (!options.rights.mayPublish(claims.objectId) || isTooEarly()) return accessDenied(immutableId);
    if (!Object.hasOwn(options.streams, stream)) return ingestionErrors.noStream(stream, immutableId);
    const type = headerValue(call, 'content-type') ?? '';
    return /^application\/json\b/i.test(type) ? undefined : ingestionErrors.contentType(type);
  }

  function inflate(call: Call): Buffer | Reply {
    const limit = switches.callBytes;
    const encoding = encodingOf(call);
    ledger.bodySeen(call.bytes.length);
    // Azure Monitor limits: 1 MB for the compressed and for the uncompressed body.
    if (call.bytes.length > limit) return contentTooLong(limit);
    if (encoding === '' || encoding === 'identity') return call.bytes;
    if (encoding !== 'gzip') return ingestionErrors.encoding(encoding);
    try {
      return gunzipSync(call.bytes, { maxOutputLength: limit });
    } catch (error) {
      if (!isTooLarge(error)) return ingestionErrors.payload(`The gzip body cannot be read: ${String(error)}`);
      ledger.bodySeen(limit + 1);
      return contentTooLong(limit);
    }
  }

  function chunkOf(call: Call): Chunk | Reply {
    const body = inflate(call);
    if (!Buffer.isBuffer(body)) return body;
    ledger.bodySeen(body.length);
    try {
      const rows: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
      if (Array.isArray(rows) && rows.every(isRow)) return { rows, body };
      return ingestionErrors.payload('The body must be a JSON array of objects.');
    } catch (error) {
      return ingestionErrors.payload(`The body is not JSON in UTF-8: ${String(error)}`);
    }
  }

  /** Stores the chunk, unless it holds a row that is never accepted. */
  function accept(call: Call, stream: string, { rows, body }: Chunk): Reply {
    const bad =
      tableOf(stream) === auditTable
        ? rows.map((row) => row['RecordId']).filter((id) => typeof id === 'string' && options.refused.has(id))
        : [];
    for (const id of bad) ledger.refused(String(id));
    if (bad.length > 0) {
      options.countFault('ingestion-400-row');
      return ingestionErrors.row(String(bad[0]));
    }
    options.store(stream, rows);
    ledger.accepted({ stream, rows: rows.length, bytes: body.length, wireBytes: call.bytes.length });
    return { status: 204, headers: {}, body: '', delivery: 'whole' };
  }

  async function answer(call: Call): Promise<Reply> {
    const target = targetOf(call);
    if (target === undefined) return ingestionErrors.noRoute();
    const refused = await refusal(call, target);
    if (refused) return refused;
    const chunk = chunkOf(call);
    if (!('rows' in chunk)) return chunk;
    const waitMs = requestBudget(1) || byteBudget(chunk.body.length);
    if (waitMs > 0) return tooManyRequests(Math.ceil(waitMs / 1000));
    const key = faults.isActive ? chunkKey(chunk.body) : '';
    let isStored = false;
    const { reply } = faults.inject(faultCall('ingestion', `${target.stream}:${key}`, chunk.rows.length), () => {
      const own = accept(call, target.stream, chunk);
      isStored = own.status === 204;
      return own;
    });
    if (isStored) await options.onIngestion?.('stored', call.nth);
    return reply;
  }

  return {
    onHalfBody: async (head, half) => {
      if ((await options.onIngestion?.('received', head.nth)) === 'cut') {
        ledger.ended('reset');
        return 'reset';
      }
      const target = targetOf(head);
      if (target === undefined || !faults.has('ingestion-reset-before')) return 'read on';
      const key = `${target.stream}:${chunkKey(beginning(half, encodingOf(head)))}`;
      const { fault } = faults.inject(faultCall('ingestion-half', key), () => ingestionErrors.noRoute());
      if (fault === undefined) return 'read on';
      ledger.ended('reset');
      return 'reset';
    },
    handle: async (call) => {
      const reply = await answer(call);
      const isSeen = reply.delivery !== 'hang' && reply.delivery !== 'reset-before';
      ledger.ended(isSeen ? String(reply.status) : reply.delivery === 'hang' ? 'hang' : 'reset');
      return isSeen
        ? { ...reply, onSent: async () => void (await options.onIngestion?.('answered', call.nth)) }
        : reply;
    },
  };
}
