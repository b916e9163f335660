/** Trouble that must neither stop the feed nor pass in silence. The service is of our own making. */
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type Batch, SourceError } from '../../../collector/contracts.ts';
import { type Refused, UnreachableError, type HttpClient, type Reply } from '../../../collector/http.ts';
import { activityFeed } from '../../../collector/sources/activity-feed/activity-feed.ts';
import { BrokenListing, type FeedApi, feedApi, type Listed } from '../../../collector/sources/activity-feed/api.ts';
import { nothing, readPass, type Memory } from './source-contract.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const now = Date.parse('2026-11-18T15:00:00Z');
const quiet = new AbortController().signal;

const blobAt = (id: string, createdMs: number): Listed => ({
  id,
  uri: `https://api.example/${id}`,
  createdMs,
  expiresMs: createdMs + 20 * dayMs,
});
const record = (id: string): object => ({ Id: id, Workload: 'Copilot', CreationTime: '2026-11-18T09:00:00' });
const body = (...ids: string[]): { body: Readable } => ({
  body: Readable.from([Buffer.from(JSON.stringify(ids.map(record)))]),
});

function fakeApi(blobs: readonly Listed[], more: Partial<FeedApi> = {}): FeedApi {
  return {
    isSubscribed: async () => true,
    start: async () => undefined,
    stop: async () => undefined,
    async *list({ fromMs, toMs }) {
      yield blobs.filter(({ createdMs }) => createdMs >= fromMs && createdMs < toMs);
    },
    open: async (uri) => body(uri.split('/').at(-1) ?? ''),
    serverNow: () => now,
    ...more,
  };
}
const read = (api: FeedApi, from?: Memory) => readPass(activityFeed({ api, concurrency: 4, retryMs: 1 }), from);
const kinds = (batches: readonly Batch[], kind: Batch['kind']) => batches.filter((batch) => batch.kind === kind);

describe('trouble with single blobs', () => {
  const blobs = Array.from({ length: 20 }, (_, n) => blobAt(`blob-${n}`, now - (n + 1) * hourMs));
  const isBad = (uri: string): boolean => [3, 6, 9, 12, 15, 18].some((n) => uri.endsWith(`/blob-${n}`));

  it('does not stop later passes when parked blobs reset every connection', async () => {
    const open: FeedApi['open'] = async (uri) => {
      if (isBad(uri)) throw new UnreachableError('reset');
      return body(uri.split('/').at(-1) ?? '');
    };
    let known = [...blobs];
    const api = fakeApi([], {
      open,
      list: async function* ({ fromMs, toMs }) {
        yield known.filter(({ createdMs }) => createdMs >= fromMs && createdMs < toMs);
      },
    });
    let memory: Memory = nothing;
    for (let pass = 0; pass < 4; pass++) memory = (await read(api, memory)).last;
    expect(memory.parked.size).toBe(6);
    known = [...known, blobAt('fresh', now - 60_000)];
    const last = await read(api, memory);
    expect(last.error).toBe(undefined);
    expect(last.last.ids).toContain('fresh');
  });

  it('parks a blob that is forbidden for good, and goes on', async () => {
    const refused: Refused = { ok: false, status: 403, code: '', message: '' };
    const http: HttpClient = {
      send: async (_method, url): Promise<Reply> => {
        if (url.pathname.endsWith('/blob-3')) return refused;
        const id = url.pathname.split('/').at(-1) ?? '';
        return { ok: true, status: 200, header: () => undefined, ...body(id) };
      },
      sameHost: (link) => new URL(link, 'https://api.example'),
      serverNow: () => now,
      [Symbol.asyncDispose]: async () => undefined,
    };
    const forbidden = feedApi({ http, tenantId: 'tenant', publisherId: 'publisher' });
    const open: FeedApi['open'] = (uri, signal) => forbidden.open(uri, signal);
    const trace = await read(fakeApi(blobs, { open }));
    expect(trace.error).toBe(undefined);
    expect([...trace.last.parked.keys()]).toEqual(['blob-3']);
    expect(trace.last.ids.size).toBe(19);
    expect(await open('https://api.example/blob-3', quiet)).toMatchObject({ gone: false });
  });

  it('parks a blob after a bare 404, which may be a proxy; only AF20050 and AF20051 make it a gap', async () => {
    const answer = (code: string): HttpClient => ({
      send: async () => ({ ok: false, status: 404, code, message: '' }),
      sameHost: (link) => new URL(link, 'https://api.example'),
      serverNow: () => now,
      [Symbol.asyncDispose]: async () => undefined,
    });
    const gone = async (code: string): Promise<unknown> =>
      feedApi({ http: answer(code), tenantId: 't', publisherId: 'p' }).open('https://api.example/x', quiet);
    expect(await gone('')).toMatchObject({ gone: false });
    expect(await gone('AF20050')).toMatchObject({ gone: true });
    expect(await gone('AF20051')).toMatchObject({ gone: true });
  });

  it('gives what stands before the break of a large blob at the first pass only, and all of it when it is mended', async () => {
    // Several batches of 64 KB before the break: a sink may have had them long ago.
    const large = Array.from({ length: 40 }, (_, n) => ({ ...record(`large-${n}`), Note: 'x'.repeat(10_000) }));
    let text = JSON.stringify(large).slice(0, -10);
    const open: FeedApi['open'] = async () => ({ body: Readable.from([Buffer.from(text)]) });
    const api = fakeApi([blobAt('large', now - hourMs)], { open });
    const first = await read(api);
    expect(first.last.ids.size).toBe(39);
    expect(first.last.parked.size).toBe(1);
    const second = await read(api, first.last);
    expect(kinds(second.batches, 'records')).toEqual([]);
    expect(second.last.parked.get('large')).toMatchObject({ tries: 2 });
    text = JSON.stringify(large);
    const third = await read(api, second.last);
    expect(third.last.parked.size).toBe(0);
    expect(third.last.ids.size).toBe(40);
  });

  it('gives the whole records that stand before a break, once', async () => {
    let opened = 0;
    const open: FeedApi['open'] = async () => {
      opened++;
      const text = JSON.stringify([record('one'), record('two'), record('three')]);
      return { body: Readable.from([Buffer.from(text.slice(0, -10))]) };
    };
    const trace = await read(fakeApi([blobAt('torn', now - hourMs)], { open }));
    expect([...trace.last.ids]).toEqual(['one', 'two']);
    expect(opened).toBe(3);
    expect(kinds(trace.batches, 'records')).toMatchObject([{ seen: 2 }]);
    expect(trace.last.parked.size).toBe(1);
    const again = await read(fakeApi([], { open }), trace.last);
    expect(kinds(again.batches, 'records')).toEqual([]);
  });
});

describe('trouble with listings', () => {
  it('that concerns everything is an outage and no gap: the position stays', async () => {
    let calls = 0;
    const list: FeedApi['list'] = async function* () {
      calls++;
      throw new BrokenListing('the answer is not JSON');
    };
    const trace = await read(fakeApi([], { list }));
    expect(trace.error).toBeInstanceOf(SourceError);
    expect(kinds(trace.batches, 'gap')).toEqual([]);
    expect(trace.last.cursor).toBe(undefined);
    expect(calls).toBeLessThan(10);
  });

  it('that concerns a few minutes is a gap of those minutes, and everything around them is read', async () => {
    const bad = now - 30 * hourMs;
    const list: FeedApi['list'] = async function* ({ fromMs, toMs }) {
      if (fromMs <= bad && bad < toMs) throw new BrokenListing('500');
      yield blobs.filter(({ createdMs }) => createdMs >= fromMs && createdMs < toMs);
    };
    const blobs = [blobAt('before', bad - 10 * 60_000), blobAt('after', bad + 10 * 60_000)];
    const trace = await read(fakeApi([], { list }));
    expect(trace.error).toBe(undefined);
    expect([...trace.last.ids].toSorted()).toEqual(['after', 'before']);
    const [gap, ...more] = kinds(trace.batches, 'gap');
    expect(more).toEqual([]);
    const { from = '', to = '' } = gap?.kind === 'gap' ? gap : {};
    expect(Date.parse(from)).toBeLessThanOrEqual(bad);
    expect(Date.parse(to)).toBeGreaterThan(bad);
    expect(Date.parse(to) - Date.parse(from)).toBeLessThanOrEqual(5 * 60_000);
  });

  it('takes times that no listing can mean for the time of the window', async () => {
    const page = ['0001-01-01T00:00:00', '1970-01-01T00:00:00Z', '+275760-09-13T00:00:00.000Z', 'soon', ''].map(
      (time, n) => ({
        contentId: `odd-${n}`,
        contentUri: `https://api.example/odd-${n}`,
        contentCreated: time,
        contentExpiration: time,
      }),
    );
    const http: HttpClient = {
      send: async () => ({
        ok: true,
        status: 200,
        header: () => undefined,
        body: Readable.from([Buffer.from(JSON.stringify(page))]),
      }),
      sameHost: (link) => new URL(link, 'https://api.example'),
      serverNow: () => now,
      [Symbol.asyncDispose]: async () => undefined,
    };
    const window = { fromMs: now - hourMs, toMs: now };
    const pages = await Array.fromAsync(feedApi({ http, tenantId: 't', publisherId: 'p' }).list(window, quiet));
    expect(pages.flat()).toHaveLength(5);
    for (const { createdMs, expiresMs } of pages.flat()) {
      expect(createdMs).toBe(window.fromMs);
      expect(expiresMs).toBe(window.fromMs + 7 * dayMs);
    }
  });
});

describe('time without a subscription', () => {
  it('is told as a gap, because Microsoft does not give it afterwards', async () => {
    const first = await read(fakeApi([]));
    const later = now + 2 * dayMs;
    let isStarted = false;
    const api = fakeApi([], {
      isSubscribed: async () => isStarted,
      start: async () => void (isStarted = true),
      serverNow: () => later,
    });
    const second = await read(api, first.last);
    expect(second.error).toBe(undefined);
    expect(kinds(second.batches, 'gap')).toMatchObject([{ to: new Date(later).toISOString() }]);
    expect(kinds((await read(api, second.last)).batches, 'gap')).toEqual([]);
  });

  it('is no gap at the very first start', async () => {
    const trace = await read(fakeApi([], { isSubscribed: async () => false }));
    expect(kinds(trace.batches, 'gap')).toEqual([]);
  });
});

describe('a clock that was wrong for one pass', () => {
  it('does not end the feed', async () => {
    const wrong = await read(fakeApi([], { serverNow: () => now + 400 * dayMs }));
    const right = await read(fakeApi([blobAt('one', now - hourMs)]), wrong.last);
    expect(right.last.ids).toContain('one');
  });
});
