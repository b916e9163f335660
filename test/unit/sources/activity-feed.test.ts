import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, describe, expect, it } from 'vitest';
import { type Batch, SourceError } from '../../../collector/contracts.ts';
import { httpClient } from '../../../collector/http.ts';
import { activityFeed } from '../../../collector/sources/activity-feed/activity-feed.ts';
import { BrokenListing, type FeedApi, feedApi, Unsubscribed } from '../../../collector/sources/activity-feed/api.ts';
import type { FeedBlob } from '../../../simulator/feed-blob.ts';
import type { Simulator, SimulatorOptions } from '../../../simulator/simulator.ts';
import { accessToken, blob, hourMs, now, someBlobs, started } from '../simulator/server-harness.ts';
import { nothing, readPass, sourceContract, type Ground, type PassTrace } from './source-contract.ts';

const dayMs = 24 * hourMs;
const quiet = new AbortController().signal;
const ours = getCACertificates('default');
afterAll(() => setDefaultCACertificates(ours));

interface Feed extends AsyncDisposable {
  readonly tenant: Simulator;
  readonly api: FeedApi;
  /** Tokens that were asked for because another one was rejected. */
  readonly rejected: () => number;
  /** Moves the service's clock. */
  readonly pass: (hours: number) => void;
  readonly read: (from?: PassTrace, signal?: AbortSignal) => Promise<PassTrace>;
  readonly source: () => ReturnType<typeof activityFeed>;
}

/** The source in front of a simulated service with these blobs. */
async function feed(
  options: SimulatorOptions & { readonly backoffMs?: number; readonly concurrency?: number } = {},
): Promise<Feed> {
  let clockMs = now;
  const { backoffMs = 5, concurrency = 4, ...rest } = options;
  const tenant = await started({ clock: () => clockMs, ...rest });
  setDefaultCACertificates([...ours, tenant.ca]);
  let [held, rejected] = ['', 0];
  const http = httpClient({
    origin: tenant.url,
    requestsPerMinute: 1_000_000,
    backoffMs,
    token: async (old) => {
      if (old !== undefined) rejected++;
      if (old !== undefined || held === '') held = await accessToken(tenant);
      return held;
    },
  });
  const api = feedApi({ http, tenantId: tenant.tenantId, publisherId: tenant.tenantId });
  const source = (): ReturnType<typeof activityFeed> => activityFeed({ api, concurrency, retryMs: 5 });
  return {
    tenant,
    api,
    rejected: () => rejected,
    pass: (hours) => {
      clockMs += hours * hourMs;
    },
    source,
    read: (from, signal) => readPass(source(), from?.last ?? nothing, signal),
    async [Symbol.asyncDispose]() {
      await http[Symbol.asyncDispose]();
      await tenant.close();
    },
  };
}

const sorted = (ids: Iterable<string>): readonly string[] => [...ids].toSorted();
const copilotIds = (blobs: readonly FeedBlob[]): readonly string[] => sorted(blobs.flatMap((one) => one.copilotIds));
const ofKind = <K extends Batch['kind']>({ batches }: PassTrace, kind: K): readonly Extract<Batch, { kind: K }>[] =>
  batches.filter((batch): batch is Extract<Batch, { kind: K }> => batch.kind === kind);
const outcomes = (trace: PassTrace): readonly string[] => ofKind(trace, 'ended').map(({ outcome }) => outcome.kind);

/** A service of our own making, for answers that the simulated one does not give. */
function fakeApi(more: Partial<FeedApi> & { readonly nowMs?: () => number } = {}): FeedApi {
  const { nowMs = (): number => now, ...rest } = more;
  return {
    isSubscribed: async () => true,
    start: async () => undefined,
    stop: async () => undefined,
    async *list() {},
    open: async () => ({ gone: false, reason: 'nobody opens it' }),
    serverNow: nowMs,
    ...rest,
  };
}
const fakeFeed = (api: FeedApi): ReturnType<typeof activityFeed> => activityFeed({ api, concurrency: 4, retryMs: 1 });
const listedBlob = (id: string, createdMs: number, uri = `https://api.example/${id}`) => ({
  id,
  uri,
  createdMs,
  expiresMs: createdMs + 20 * dayMs,
});

describe('the subscription', () => {
  it.for(['absent', 'disabled'] as const)('is started when it is %s, and the pass goes on', async (subscription) => {
    await using place = await feed({ switches: { subscription } });
    const trace = await place.read();
    expect(trace.error).toBe(undefined);
    expect(place.tenant.report().starts).toMatchObject([{ contentType: 'Audit.General', status: 200 }]);
    expect(sorted(trace.last.ids)).toEqual(copilotIds(place.tenant.blobs));
  });

  it('takes "already enabled" for a success', async () => {
    await using place = await feed();
    await place.api.start(quiet);
    expect(place.tenant.report().starts).toMatchObject([{ status: 400 }]);
  });

  it('is not touched when it is enabled', async () => {
    await using place = await feed();
    await place.read();
    expect(place.tenant.report().starts).toEqual([]);
  });

  it('is started at most once in 15 minutes, also by a collector that was started again', async () => {
    let clockMs = now;
    let starts = 0;

    const source = fakeFeed(
      fakeApi({
        nowMs: () => clockMs,
        isSubscribed: async () => false,
        start: async () => void starts++,
        async *list() {
          throw new Unsubscribed('AF20022');
        },
      }),
    );
    const first = await readPass(source);
    expect(first.error).toBeInstanceOf(SourceError);
    expect(starts).toBe(1);
    clockMs += 14 * 60_000;
    const second = await readPass(source, first.last);
    expect(String(second.error)).toContain('waiting 15 minutes');
    expect(starts).toBe(1);
    clockMs += 2 * 60_000;
    await readPass(source, second.last);
    expect(starts).toBe(2);
  });

  it('counts an attempt that fails, so that a service in trouble is not asked again and again', async () => {
    let starts = 0;
    const source = fakeFeed(
      fakeApi({
        isSubscribed: async () => false,
        start: async () => {
          starts++;
          throw new SourceError('500');
        },
      }),
    );
    const first = await readPass(source);
    await readPass(source, first.last);
    expect(starts).toBe(1);
  });
});

describe('listing', () => {
  it('covers seven days at first and lists one window in a pass that follows soon', async () => {
    await using place = await feed();
    const first = await place.read();
    const { listings } = place.tenant.report();
    const starts = listings.ranges.map(({ start }) => Date.parse(start));
    expect(now - Math.min(...starts)).toBeGreaterThan(7 * dayMs - 10 * 60_000);
    expect(listings).toMatchObject({ invalidRanges: 0 });
    expect(listings.widestHours).toBeLessThanOrEqual(24);
    place.pass(0.1);
    await place.read(first);
    expect(place.tenant.report().listings.count - listings.count).toBe(1);
  });

  it('lists again after a stale page link, and gets everything', async () => {
    const blobs = Array.from({ length: 30 }, (_, index) => blob(index + 1, now - 2 * hourMs - index * 60_000));
    await using place = await feed({ blobs, pageSize: 4, faults: ['stale-page'] });
    const trace = await place.read();
    expect(place.tenant.report().faults['stale-page']).toBeGreaterThan(0);
    expect(sorted(trace.last.ids)).toEqual(copilotIds(blobs));
    expect(ofKind(trace, 'gap')).toEqual([]);
  });

  it('never follows a link to another host, and gets everything that is not there', async () => {
    const blobs = Array.from({ length: 30 }, (_, index) => blob(index + 1, now - 2 * hourMs - index * 60_000));
    await using place = await feed({ blobs, pageSize: 4, faults: ['foreign-url'] });
    const trace = await place.read();
    const report = place.tenant.report();
    expect(report.faults['foreign-url']).toBe(1);
    expect(report.foreignHost).toEqual({ requests: 0, withToken: 0 });
    expect(sorted(trace.last.ids)).toEqual(report.ids.expected);
    expect(sorted(trace.last.parked.keys())).toEqual(report.blobs.unavailable);
    expect([...trace.last.parked.values()].map(({ reason }) => reason).join()).toContain('not followed');
  });

  it('cuts a window that cannot be listed in half until only the broken minutes are a gap', async () => {
    const brokenMs = now - 30 * hourMs;
    const good = [now - 31 * hourMs, now - 29 * hourMs, brokenMs - 10 * 60_000, brokenMs + 10 * 60_000];
    const listed = good.map((createdMs, index) => listedBlob(`blob-${index}`, createdMs));
    const source = fakeFeed(
      fakeApi({
        async *list({ fromMs, toMs }) {
          if (fromMs <= brokenMs && brokenMs < toMs) throw new BrokenListing('next page is a link to another host');
          yield listed.filter(({ createdMs }) => createdMs >= fromMs && createdMs < toMs);
        },
        open: async () => ({ gone: true, reason: '404' }),
      }),
    );
    const trace = await readPass(source);
    expect(trace.error).toBe(undefined);
    expect(sorted(trace.last.done)).toEqual(listed.map(({ id }) => id));
    const gaps = ofKind(trace, 'gap');
    expect(gaps).toHaveLength(1);
    const [{ from, to, reason } = { from: '', to: '', reason: '' }] = gaps;
    expect(Date.parse(from)).toBeLessThanOrEqual(brokenMs);
    expect(Date.parse(to)).toBeGreaterThan(brokenMs);
    expect(Date.parse(to) - Date.parse(from)).toBeLessThanOrEqual(5 * 60_000);
    expect(reason).toContain('another host');
  });

  it('tells a gap after nine days away, and goes on from what can still be listed', async () => {
    const blobs = [...someBlobs(3), blob(40, now + 4 * dayMs)];
    await using place = await feed({ blobs });
    const first = await place.read();
    place.pass(9 * 24);
    const second = await place.read(first);
    const gaps = ofKind(second, 'gap');
    expect(gaps).toHaveLength(1);
    const [gap] = gaps;
    expect(Math.abs(Date.parse(gap?.from ?? '') - now)).toBeLessThan(60_000);
    expect(Math.abs(Date.parse(gap?.to ?? '') - (now + 2 * dayMs))).toBeLessThan(10 * 60_000);
    expect(sorted(second.last.ids)).toEqual(copilotIds(blobs));
    // It is told once.
    expect(ofKind(await place.read(second), 'gap')).toEqual([]);
  });

  it('finds a blob that is announced late, in the overlap or by the daily sweep', async () => {
    const soon = blob(50, now - 10 * 60_000, { visibleMs: now + 10 * 60_000 });
    const late = blob(51, now - 30 * hourMs, { visibleMs: now + 10 * 60_000 });
    await using place = await feed({ blobs: [...someBlobs(3), soon, late] });
    const first = await place.read();
    expect(first.last.ids.size).toBe(3);
    place.pass(0.5);
    const second = await place.read(first);
    expect(second.last.ids).toContain(soon.copilotIds[0]);
    expect(second.last.ids).not.toContain(late.copilotIds[0]);
    place.pass(24);
    const third = await place.read(second);
    expect(third.last.ids).toContain(late.copilotIds[0]);
    expect(place.tenant.report().blobs).toMatchObject({ never: [], repeatedly: 0 });
  });

  it('takes malformed entries for blobs that cannot be read, and everything else as it is', async () => {
    const blobs = Array.from({ length: 12 }, (_, index) => blob(index + 1, now - (index + 1) * hourMs));
    await using place = await feed({ blobs, faults: ['bad-times'] });
    const trace = await place.read();
    const report = place.tenant.report();
    expect(report.faults['bad-times']).toBeGreaterThan(0);
    expect(trace.error).toBe(undefined);
    expect(sorted(trace.last.ids)).toEqual(copilotIds(blobs));
    for (const { id, reason } of trace.last.parked.values()) {
      expect(id).toMatch(/^malformed-/);
      expect(reason).toContain('no contentUri');
    }
  });
});

describe('blobs', () => {
  /** A blob whose body is cut until it is mended. */
  function mendable(createdMs: number, more: Partial<FeedBlob> = {}) {
    const good = blob(70, createdMs, more);
    let isMended = false;
    const body = (): string => (isMended ? good.body() : good.body().slice(0, -20));
    return { blob: { ...good, body }, mend: () => (isMended = true) };
  }

  it('parks a blob that cannot be read, and fetches it when it can', async () => {
    const bad = mendable(now - 5 * hourMs);
    await using place = await feed({ blobs: [...someBlobs(3), bad.blob] });
    const first = await place.read();
    expect(first.error).toBe(undefined);
    expect([...first.last.parked.values()]).toMatchObject([{ id: bad.blob.contentId, tries: 1 }]);
    const second = await place.read(first);
    expect(outcomes(second)).toEqual(['parked']);
    expect([...second.last.parked.values()]).toMatchObject([{ tries: 2 }]);
    bad.mend();
    const third = await place.read(second);
    expect(outcomes(third)).toEqual(['fetched']);
    expect(third.last.parked.size).toBe(0);
    expect(sorted(third.last.ids)).toEqual(copilotIds(place.tenant.blobs));
  });

  it('gives a parked blob up when it has expired', async () => {
    const bad = mendable(now - 5 * hourMs, { expiresMs: now + hourMs });
    await using place = await feed({ blobs: [...someBlobs(3), bad.blob] });
    const first = await place.read();
    expect(first.last.parked.size).toBe(1);
    place.pass(2);
    const second = await place.read(first);
    expect(outcomes(second)).toEqual(['expired']);
    expect(second.last.parked.size).toBe(0);
    expect(outcomes(await place.read(second))).toEqual([]);
  });

  it('uses the address of a later listing for a blob that is parked because its first one was useless', async () => {
    let uri = '';
    let opened = 0;
    const source = fakeFeed(
      fakeApi({
        async *list({ fromMs, toMs }) {
          const one = listedBlob('blob-1', now - 30 * 60_000, uri);
          yield one.createdMs >= fromMs && one.createdMs < toMs ? [one] : [];
        },
        open: async (address) => {
          opened++;
          return address === ''
            ? { gone: false, reason: 'the listing gave no contentUri' }
            : { gone: true, reason: '404' };
        },
      }),
    );
    const first = await readPass(source);
    expect(first.last.parked.size).toBe(1);
    uri = 'https://api.example/blob-1';
    const second = await readPass(source, first.last);
    expect(opened).toBeGreaterThan(1);
    expect(outcomes(second).at(-1)).toBe('expired');
    expect(second.last.parked.size).toBe(0);
  });

  it('ends the pass when one blob after the other fails: that is the feed, not the blobs', async () => {
    const many = Array.from({ length: 100 }, (_, index) => listedBlob(`blob-${index}`, now - hourMs - index * 1000));
    const source = fakeFeed(
      fakeApi({
        async *list({ fromMs, toMs }) {
          yield many.filter(({ createdMs }) => createdMs >= fromMs && createdMs < toMs);
        },
        open: async () => ({ gone: false, reason: '500 AF50000' }),
      }),
    );
    const { error, last } = await readPass(source);
    expect(error).toBeInstanceOf(SourceError);
    expect(String(error)).toContain('500 AF50000');
    expect(last.parked.size).toBeLessThan(40);
  });
});

describe('the token', () => {
  it('is replaced when it is rejected in the middle of a pass', async () => {
    await using place = await feed({ blobs: someBlobs(20), faults: ['unauthorized-once'] });
    const trace = await place.read();
    expect(trace.error).toBe(undefined);
    expect(place.rejected()).toBeGreaterThan(0);
    expect(sorted(trace.last.ids)).toEqual(copilotIds(place.tenant.blobs));
  });

  it('ends the pass with the missing permission and its remedy', async () => {
    await using place = await feed({ switches: { roles: [] } });
    const { error, batches } = await place.read();
    expect(error).toBeInstanceOf(SourceError);
    expect(String(error)).toMatch(/AF10001.*grant the application permission ActivityFeed\.Read/);
    expect(batches).toEqual([]);
  });
});

describe('an abort', () => {
  it.for([
    ['while a blob trickles', { faults: ['slow'], switches: { slowMs: 20_000 } }],
    ['while it waits because it is throttled', { faults: ['throttle-429'], backoffMs: 20_000 }],
    ['while it waits before another try', { faults: ['server-error'], backoffMs: 20_000 }],
  ] as const)('ends the pass within a second %s', async ([, options]) => {
    await using place = await feed(options);
    const stop = new AbortController();
    const reading = place.read(undefined, stop.signal);
    await new Promise((resolve) => setTimeout(resolve, 700));
    const stoppedAt = performance.now();
    stop.abort();
    await reading;
    expect(performance.now() - stoppedAt).toBeLessThan(1000);
    expect(Object.values(place.tenant.report().faults).some((count) => count > 0)).toBe(true);
  });
});

sourceContract('activity-feed', async (): Promise<Ground> => {
  const blobs = Array.from({ length: 24 }, (_, index) => {
    const { body, ...rest } = blob(index + 1, now - (index + 1) * 5 * hourMs);
    // The sink sees rows: the records need a time.
    const timed = body().replaceAll('"RecordType"', '"CreationTime":"2026-11-18T09:00:00","RecordType"');
    return { ...rest, body: () => timed };
  });
  const place = await feed({ blobs, pageSize: 2 });
  return {
    source: place.source,
    expected: copilotIds(blobs),
    async [Symbol.asyncDispose]() {
      await place[Symbol.asyncDispose]();
    },
  };
});
