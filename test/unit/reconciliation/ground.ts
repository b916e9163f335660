/** A tenant of which feed and audit query give each their view, on one clock, and passes of fresh processes over it. */
import type { Batch, Sink, Source } from '../../../collector/contracts.ts';
import { drain, type PipelineOptions } from '../../../collector/pipeline.ts';
import { reconciledSources } from '../../../collector/reconciliation/views.ts';
import type { Row } from '../../../collector/schema/index.ts';
import { auditQueryApi } from '../../../collector/sources/audit-query/api.ts';
import { auditQuery } from '../../../collector/sources/audit-query/audit-query.ts';
import type { CollectorState } from '../../../collector/state/held-state.ts';
import { state } from '../../../collector/state/state.ts';
import {
  DAY,
  HOUR,
  itemOf,
  type Logged,
  logged,
  queryService,
  type ServiceOptions,
} from '../sources/audit-query-service.ts';
import { memoryPlace } from '../state/memory-place.ts';
import { offlinePipeline } from '../offline-pipeline.ts';

export { DAY, HOUR };
export const startMs = Date.parse('2026-11-19T06:00:00Z');
/** The day that the first pass asks for last: four days ago. */
export const dayMs = Date.parse('2026-11-15T00:00:00Z');
/** Two records an hour from a week before the start to a day after it. */
export const everything: readonly Logged[] = logged(2 * 8 * 24, startMs - 7 * DAY, startMs + DAY);
export const inDay = (ms: number): readonly Logged[] => everything.filter((one) => one.ms >= ms && one.ms < ms + DAY);

/** What is told of one hour, by the newest row. */
export interface Told {
  readonly isComparable: boolean;
  readonly queried: number;
  readonly given?: number;
  readonly repaired?: number;
  readonly added?: number;
  readonly feedOnly?: number;
}

const hourMs = ({ Hour: hour }: Row): number => (typeof hour === 'string' ? Date.parse(hour) : Number.NaN);
const iso = (ms: number): string => new Date(ms).toISOString();
/** A record of the feed; its content is there an hour after the event, unless it is late. */
export type Given = Logged & { readonly createdMs?: number };
const createdMs = ({ ms, createdMs: late }: Given): number => late ?? ms + HOUR;

/** The feed: an hour of content is a blob. `extra` batches come before the content. */
function feedOf(records: () => readonly Given[], now: () => number, extra: () => readonly Batch[] = () => []): Source {
  return {
    name: 'activity-feed',
    async *read({ cursor }) {
      const readToMs = cursor === undefined ? undefined : Number(cursor);
      const at = (ms: number): Batch => ({ kind: 'position', cursor: String(ms), readUpTo: iso(ms) });
      if (readToMs !== undefined) yield at(readToMs);
      yield* extra();
      const fresh = records().filter((one) => {
        const ms = createdMs(one);
        return ms >= (readToMs ?? now() - 7 * DAY) && ms < now();
      });
      for (const [hour, blob] of Map.groupBy(fresh, (one) => Math.floor(createdMs(one) / HOUR))) {
        const id = `blob-${hour}-${blob[0]?.id ?? ''}`;
        yield { kind: 'listed', hour, count: 1, earliestExpiry: iso(now() + 20 * DAY) };
        const elements = blob.map((one) => ({ ok: true, value: itemOf(one)['auditData'] }) as const);
        const contentCreated = iso(hour * HOUR);
        yield { kind: 'records', item: id, hour, contentCreated, seen: elements.length, foreign: 0, elements };
        yield { kind: 'ended', id, hour, outcome: { kind: 'fetched' } };
      }
      yield at(now());
    },
  };
}

/** Views of one tenant; both have everything unless it is said otherwise. */
export function ground(
  views: {
    readonly feed?: () => readonly Given[];
    readonly query?: readonly Logged[];
    readonly extra?: () => readonly Batch[];
    readonly service?: Partial<ServiceOptions>;
    readonly options?: Partial<PipelineOptions>;
    /** How long a pass of the query waits. */
    readonly patienceMs?: number;
    /** Whether a write fails. */
    readonly refuses?: (rows: readonly Row[]) => boolean;
  } = {},
) {
  const { feed = () => everything, query = everything, extra } = views;
  const service = queryService({ startMs, log: query, latencyMs: 60_000, ...views.service });
  const { now, sleep } = service;
  const place = memoryPlace();
  const rows: { readonly table: string; readonly row: Row }[] = [];
  const sink: Sink = {
    async write({ name }, more) {
      if (views.refuses?.(more) === true) throw new Error('the sink is away');
      rows.push(...more.map((row) => ({ table: name, row })));
      return [];
    },
    close: async () => undefined,
  };
  const sources = {
    feed: feedOf(feed, now, extra),
    query: auditQuery({
      api: auditQueryApi(service.graph),
      task: { kind: 'days' },
      patienceMs: views.patienceMs ?? HOUR,
      now,
      sleep,
      newTag: () => 'a1',
      // Day after day, so that much happens, and is saved, between the first and the last of them.
      maxRunning: 1,
    }),
  };

  /** One pass of a process that has just begun. */
  async function pass(which: 'feed' | 'query', more: Partial<PipelineOptions> = {}): Promise<void> {
    const store = state(place, { now });
    try {
      const options: PipelineOptions = {
        state: store,
        sink,
        ...offlinePipeline(now),
        reconciled: reconciledSources,
        ...views.options,
        ...more,
      };
      const signal = new AbortController().signal;
      const { error } = await drain(sources[which], await store.load(), options, { reading: signal, writing: signal });
      if (error !== undefined) throw error;
    } finally {
      await store.close();
    }
  }

  /** A pass of the feed, and one of the query. */
  async function round(more: Partial<PipelineOptions> = {}): Promise<void> {
    await pass('feed', more);
    await pass('query', more);
  }

  const tellings = (): readonly Row[] =>
    rows.flatMap(({ row }) => (row['HealthKind'] === 'reconciliation' ? [row] : []));
  /** By hour since 1970, the newest row. */
  const told = (): ReadonlyMap<number, Told> =>
    new Map(tellings().map((row) => [hourMs(row) / HOUR, row['Detail'] as unknown as Told]));
  const reasons = (ms: number): ReadonlySet<unknown> =>
    new Set(tellings().flatMap((row) => (hourMs(row) === ms ? [row['Reason']] : [])));
  /** Sums over the hours of a day. */
  function day(ms: number): Omit<Told, 'isComparable'> & { readonly hours: number; readonly comparable: number } {
    const hours = [...told()].filter(([hour]) => hour >= ms / HOUR && hour < ms / HOUR + 24).map(([, one]) => one);
    const sum = (of: keyof Told): number => hours.reduce((total, one) => total + Number(one[of] ?? 0), 0);
    return {
      hours: hours.length,
      comparable: hours.filter(({ isComparable }) => isComparable).length,
      queried: sum('queried'),
      given: sum('given'),
      repaired: sum('repaired'),
      feedOnly: sum('feedOnly'),
    };
  }
  const stored = (source?: string): readonly string[] =>
    rows.flatMap(({ table, row }) =>
      table === 'CopilotAudit_CL' && (source === undefined || row['Source'] === source)
        ? [JSON.stringify(row['RecordId']).slice(1, -1)]
        : [],
    );
  async function held<T>(look: (of: CollectorState) => T): Promise<T> {
    const store = state(place, { now });
    try {
      return look(await store.load());
    } finally {
      await store.close();
    }
  }
  return { ...service, wait: service.pass, place, rows, pass, round, told, tellings, reasons, day, stored, held };
}
