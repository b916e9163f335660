import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Source } from '../../../collector/contracts.ts';
import { exportRig, idOf, pathOf, record, row } from './storage-export-rig.ts';
import { type Memory, nothing, readPass } from './source-contract.ts';

const all = exportRig();
const path = pathOf(9);
const DAY_MS = 24 * 3_600_000;

/** A pass in short: ids in order, reasons of broken elements, how blobs ended, and the error. */
async function pass(source: Source, from: Memory = nothing) {
  const { batches, last, error } = await readPass(source, { ...from, ids: new Set() });
  const elements = batches.flatMap((batch) => (batch.kind === 'records' ? [...batch.elements] : []));
  const ends = batches.flatMap((batch) => (batch.kind === 'ended' ? [batch] : []));
  return {
    batches,
    last,
    error: error instanceof Error ? `${error.name}: ${error.message}` : error,
    ids: [...last.ids],
    broken: elements.flatMap((element) => (element.ok ? [] : [element.reason])),
    ended: ends.map(({ outcome }) => outcome.kind),
    reasons: ends.flatMap(({ outcome }) => (outcome.kind === 'expired' ? [outcome.reason] : [])),
  };
}

/** Downloads since `from`, with their ranges. */
const rangesSince = (from: number): readonly string[] =>
  all.proxy.seen
    .slice(from)
    .filter(({ action }) => action === 'read')
    .map(({ headers }) => String(headers['x-ms-range'] ?? headers['range'] ?? 'all'));

describe('a blob that keeps growing', () => {
  it('is read from where it was left, and only that', async () => {
    const dump = await all.dump();
    await dump.append(path, `${row(1)}\r\n${row(2)}\r\n`);
    const first = await pass(dump.source());
    expect(first.ids).toEqual([idOf(1), idOf(2)]);
    const length = Buffer.byteLength(`${row(1)}\r\n${row(2)}\r\n`);

    let from = all.proxy.seen.length;
    const second = await pass(dump.source(), first.last);
    expect([second.ids, second.ended, rangesSince(from)]).toEqual([[], [], []]);

    await dump.append(path, `${row(3)}\r\n`);
    from = all.proxy.seen.length;
    const third = await pass(dump.source(), second.last);
    expect(third.ids).toEqual([idOf(3)]);
    // With the line feed before.
    expect(rangesSince(from)).toEqual([expect.stringMatching(new RegExp(`^bytes=${length - 1}-`))]);
  });

  it('keeps the end of a line waiting until it is there', async () => {
    const dump = await all.dump();
    await dump.append(path, row(1).slice(0, 50));
    const first = await pass(dump.source());
    expect([first.ids, first.broken, first.ended]).toEqual([[], [], []]);
    await dump.append(path, `${row(1).slice(50)}\r\n${row(2).slice(0, 9)}`);
    const second = await pass(dump.source(), first.last);
    expect([second.ids, second.broken, second.ended]).toEqual([[idOf(1)], [], ['fetched']]);
    await dump.append(path, `${row(2).slice(9)}\r`);
    const third = await pass(dump.source(), second.last);
    expect(third.ids).toEqual([]);
    await dump.append(path, `\n`);
    expect((await pass(dump.source(), third.last)).ids).toEqual([idOf(2)]);
  });

  it('is taken to its end, line feed or not, when nobody wrote to it for a day', async () => {
    const dump = await all.dump();
    await dump.append(path, `${row(1)}\r\n${row(2)}`);
    const first = await pass(dump.source());
    expect(first.ids).toEqual([idOf(1)]);
    const later = { now: () => Date.now() + 1.1 * DAY_MS };
    const second = await pass(dump.source(later), first.last);
    expect(second.ids).toEqual([idOf(2)]);
    expect((await pass(dump.source(later), second.last)).ended).toEqual([]);
  });

  it('that was deleted and made anew is read from its beginning', async () => {
    const dump = await all.dump();
    await dump.append(path, `${row(1)}\n`);
    const first = await pass(dump.source());
    await dump.remove(path);
    // The time of its making has whole seconds.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await dump.append(path, `${row(2)}\n${row(3)}\n`);
    expect((await pass(dump.source(), first.last)).ids).toEqual([idOf(2), idOf(3)]);
  });

  it('counts for the hour in its path, with a time in that hour', async () => {
    const dump = await all.dump();
    await dump.append(path, `${row(1)}\n`);
    const { batches } = await pass(dump.source());
    const hour = Date.parse('2026-11-18T09:00:00Z') / 3_600_000;
    for (const batch of batches) if (batch.kind !== 'position' && batch.kind !== 'gap') expect(batch.hour).toBe(hour);
    expect(batches.find(({ kind }) => kind === 'records')).toMatchObject({
      contentCreated: '2026-11-18T09:00:00.000Z',
    });
  });
});

describe('a file that somebody put there', () => {
  const csv = `RecordId,AuditData\r\n1,"${record(1).replaceAll('"', '""')}"\r\n2,"${record(2).replaceAll('"', '""')}"\r\n`;
  it.for<[string, string | Buffer]>([
    ['array.json', `[${record(1)},${record(2)}]`],
    ['bom.json', `\uFEFF[${record(1)}\r\n,${record(2)}]`],
    ['lines.jsonl', `${record(1)}\r\n${record(2)}`],
    ['bom.jsonl', `\uFEFF${record(1)}\n${record(2)}\n`],
    ['rows.jsonl', `${row(1)}\n${row(2)}`],
    ['rows.json', `[${row(1)},${row(2)}]`],
    ['purview.csv', csv],
    ['bom.csv', `\uFEFF${csv}`],
    ['array.json.gz', gzipSync(`[${record(1)},${record(2)}]`)],
    ['members.gz', Buffer.concat([gzipSync(`${record(1)}\n`), gzipSync(record(2))])],
    ['csv-without-a-name', gzipSync(csv)],
  ])('is read once, whatever its form: %s', async ([name, bytes]) => {
    const dump = await all.dump();
    await dump.put(name, bytes);
    const first = await pass(dump.source());
    expect([first.ids, first.broken, first.ended, first.error]).toEqual([
      [idOf(1), idOf(2)],
      [],
      ['fetched'],
      undefined,
    ]);
    expect((await pass(dump.source(), first.last)).ended).toEqual([]);
  });

  it('is read again, whole, when it changes', async () => {
    const dump = await all.dump();
    await dump.put('a.json', `[${record(1)}]`);
    const first = await pass(dump.source());
    await dump.put('a.json', `[${record(1)},${record(2)}]`);
    expect((await pass(dump.source(), first.last)).ids).toEqual([idOf(1), idOf(2)]);
  });

  it('that changes between listing and reading is read as it is then, and not again', async () => {
    const dump = await all.dump();
    await dump.put('a.json', `[${record(1)}]`);
    const source = dump.source();
    let isChanged = false;
    all.proxy.watch(async (moment, { action }) => {
      if (moment !== 'done' || action !== 'list' || isChanged) return;
      isChanged = true;
      await dump.put('a.json', `[${record(2)},${record(3)}]`);
    });
    const first = await pass(source);
    all.proxy.watch(() => undefined);
    expect(first.ids).toEqual([idOf(2), idOf(3)]);
    expect((await pass(source, first.last)).ended).toEqual([]);
  });

  it('is left alone while it is still being appended to', async () => {
    const dump = await all.dump();
    await dump.append('array.json', `[${record(1)},`);
    const first = await pass(dump.source());
    expect([first.ids, first.ended]).toEqual([[], []]);
    await dump.append('array.json', `${record(2)}]`);
    const later = { now: () => Date.now() + 2 * 3_600_000 };
    const second = await pass(dump.source(later), first.last);
    expect([second.ids, second.ended]).toEqual([[idOf(1), idOf(2)], ['fetched']]);
    expect((await pass(dump.source(later), second.last)).ended).toEqual([]);
  });
});

describe('a file that is of no use', () => {
  const gzip = gzipSync(Array.from({ length: 3000 }, (_, n) => record(n)).join('\n'));
  it.for<[string, string | Buffer, RegExp]>([
    ['truncated.gz', gzip.subarray(0, gzip.length - 20), /unexpected end of file/],
    ['broken.csv', `RecordId,AuditData\n1,"${record(1).replaceAll('"', '""')}"\n2,"a"b\n`, /breaks at line 3 /],
    [
      'picture.png',
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 1, 2]),
      /neither JSON nor|kind|CSV|Invalid/,
    ],
    ['page.html', '<html>\n<p>\n', /neither JSON nor an audit export/],
    ['truncated.json', `[${record(1)},${record(2).slice(0, 30)}`, /truncated/],
    ['pretty.json', '{\n  "Id": "1"\n}\n', /one record to a line/],
  ])('ends as lost with the reason, is not read twice, and the others go on: %s', async ([name, bytes, reason]) => {
    const dump = await all.dump();
    await dump.put(name, bytes);
    await dump.put('z.json', `[${record(5000)}]`);
    const first = await pass(dump.source());
    expect(first.error).toBe(undefined);
    expect(first.ended.toSorted()).toEqual(['expired', 'fetched']);
    expect(first.reasons).toEqual([expect.stringMatching(reason)]);
    expect(first.reasons[0]).toContain(name);
    expect(first.reasons[0]).not.toContain('0e0e0e0e');
    expect(first.ids).toContain(idOf(5000));
    expect((await pass(dump.source(), first.last)).ended).toEqual([]);
  });

  it('keeps what was readable before it broke', async () => {
    const dump = await all.dump();
    await dump.put('truncated.json', `[${record(1)},${record(2).slice(0, 30)}`);
    expect((await pass(dump.source())).ids).toEqual([idOf(1)]);
  });

  it('is a blob in the archive tier or one that is gone: lost, and the others go on', async () => {
    const dump = await all.dump();
    await dump.put('archived.json', `[${record(1)}]`);
    await dump.put('gone.json', `[${record(2)}]`);
    await dump.put('good.json', `[${record(3)}]`);
    all.proxy.decide(({ action, path: asked }) => {
      if (action !== 'read') return { kind: 'pass' };
      if (asked.includes('archived')) return { kind: 'answer', status: 409, code: 'BlobArchived' };
      return asked.includes('gone') ? { kind: 'answer', status: 404, code: 'BlobNotFound' } : { kind: 'pass' };
    });
    const { ids, reasons, error } = await pass(dump.source());
    expect([ids, error]).toEqual([[idOf(3)], undefined]);
    expect(reasons.toSorted()).toEqual([
      expect.stringMatching(/archived\.json.*BlobArchived.*rehydrate/),
      expect.stringMatching(/gone\.json.*deleted before/),
    ]);
  });

  it('holds rows of the wrong format: each is counted', async () => {
    const dump = await all.dump();
    await dump.append(path, `${row(1)}\r\n${row(2)}\r\n`);
    const { ids, broken, ended } = await pass(dump.source({ format: 'copilot-activity' }));
    const reason = 'not a row of copilot-activity: see STORAGE_EXPORT_FORMAT';
    expect([ids, broken, ended]).toEqual([[], [reason, reason], ['fetched']]);
  });

  it('is read again from its beginning when another format is chosen, without waiting for the next listing', async () => {
    const dump = await all.dump();
    await dump.append(path, `${row(1)}\r\n${row(2)}\r\n`);
    const pollSeconds = 900;
    const wrong = await pass(dump.source({ format: 'copilot-activity', pollSeconds }));
    expect((await pass(dump.source({ format: 'copilot-activity', pollSeconds }), wrong.last)).ended).toEqual([]);
    const right = await pass(dump.source({ format: 'cloud-app-events', pollSeconds }), wrong.last);
    expect(right.ids).toEqual([idOf(1), idOf(2)]);
    expect((await pass(dump.source({ format: 'cloud-app-events', pollSeconds }), right.last)).ended).toEqual([]);
  });
});

describe('a container', () => {
  it('is not listed again within 15 minutes of a pass that read everything, but after one that did not', async () => {
    const dump = await all.dump();
    await dump.append(path, `${row(1)}\n`);
    let nowMs = Date.now();
    const source = dump.source({ pollSeconds: 900, now: () => nowMs });
    const lists = (): number => all.proxy.seen.filter((seen) => seen.action === 'list').length;
    all.proxy.decide(({ action }) =>
      action === 'read' ? { kind: 'answer', status: 403, code: 'AuthorizationPermissionMismatch' } : { kind: 'pass' },
    );
    const refused = await pass(source);
    all.proxy.decide(() => ({ kind: 'pass' }));
    const first = await pass(source, refused.last);
    expect(first.ids).toEqual([idOf(1)]);
    const before = lists();
    nowMs += 899_000;
    const second = await pass(source, first.last);
    expect([lists(), second.batches.map(({ kind }) => kind)]).toEqual([before, ['position']]);
    nowMs += 2000;
    await pass(source, second.last);
    expect(lists()).toBe(before + 1);
  });

  it('is only ever listed and read', async () => {
    const dump = await all.dump();
    await dump.append(path, `${row(1)}\n`);
    await dump.put('a.json', `[${record(2)}]`);
    const from = all.proxy.seen.length;
    expect((await pass(dump.source())).ids).toHaveLength(2);
    const methods = all.proxy.seen.slice(from).map(({ method }) => method);
    expect([methods.length, new Set(methods)]).toEqual([3, new Set(['GET'])]);
  });

  it('that does not exist has nothing yet', async () => {
    const { batches, error } = await pass(all.sourceOf([`${all.url()}/am-copilotactivity`]));
    expect([batches.map(({ kind }) => kind), error]).toEqual([['position'], undefined]);
  });

  it('is looked for under the names that producers use when only the account is given', async () => {
    const { error } = await pass(all.sourceOf([all.url()]));
    expect(error).toBe(undefined);
    const listed = all.proxy.seen
      .filter(({ action }) => action === 'list')
      .map(({ path: asked }) => asked.split('?')[0]);
    expect(listed).toContain('/insights-logs-advancedhunting-cloudappevents');
  });

  it('that lists but does not let read names the role, once, and the other containers go on', async () => {
    const [shut, open] = [await all.dump(), await all.dump()];
    for (const hour of [1, 2, 3]) await shut.append(pathOf(hour), `${row(hour)}\n`);
    await open.append(path, `${row(9)}\n`);
    all.proxy.decide(({ action, path: asked }) =>
      action === 'read' && asked.includes(shut.name)
        ? { kind: 'answer', status: 403, code: 'AuthorizationPermissionMismatch' }
        : { kind: 'pass' },
    );
    const both = [shut.url, open.url];
    const first = await pass(all.sourceOf(both));
    expect(first.ids).toEqual([idOf(9)]);
    expect(first.error).toMatch(
      /^SourceError: storage-export: https:.*AuthorizationPermissionMismatch \(403\): grant the role Storage Blob Data Reader/,
    );
    expect(first.error?.toString().match(/grant/g)).toHaveLength(1);
    expect(first.error).not.toMatch(/Bearer|eyJ/);
    all.proxy.decide(() => ({ kind: 'pass' }));
    // Nothing was given up.
    expect((await pass(all.sourceOf(both), first.last)).ids).toEqual([1, 2, 3].map(idOf));
  });

  it('that does not let list names the role, too', async () => {
    const dump = await all.dump();
    all.proxy.decide(() => ({ kind: 'answer', status: 403, code: 'AuthorizationFailure' }));
    const { error } = await pass(dump.source());
    expect(error).toMatch(/Storage Blob Data Reader.*network rules/);
  });

  it('forgets blobs that are gone and does not read those that were last written before the window', async () => {
    const dump = await all.dump();
    await dump.append(pathOf(1), `${row(1)}\n`);
    await dump.append(pathOf(2), `${row(2)}\n`);
    const first = await pass(dump.source());
    await dump.remove(pathOf(1));
    const second = await pass(dump.source(), first.last);
    const count = (memory: Memory): number => Object.keys(JSON.parse(memory.cursor ?? '{}').blobs).length;
    expect([count(first.last), count(second.last)]).toEqual([2, 1]);
    const later = { now: () => Date.now() + 40 * DAY_MS };
    expect((await pass(dump.source(later))).ids).toEqual([]);
    // The window begins at the last pass that read everything: who was away for long misses nothing.
    await dump.append(pathOf(3), `${row(3)}\n`);
    expect((await pass(dump.source(later), second.last)).ids).toEqual([idOf(3)]);
  });

  it('whose listing fails keeps its blobs in the cursor', async () => {
    const dump = await all.dump();
    await dump.append(path, `${row(1)}\n`);
    const first = await pass(dump.source());
    all.proxy.decide(() => ({ kind: 'answer', status: 403, code: 'AuthorizationFailure' }));
    const second = await pass(dump.source(), first.last);
    expect(JSON.parse(second.last.cursor ?? '{}')).toEqual(JSON.parse(first.last.cursor ?? '{}'));
    all.proxy.decide(() => ({ kind: 'pass' }));
    expect((await pass(dump.source(), second.last)).ids).toEqual([]);
  });
});
