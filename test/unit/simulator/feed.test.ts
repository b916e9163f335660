import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { contentFaults, type ContentFault } from '../../../simulator/content-faults.ts';
import { feed, type FeedOptions } from '../../../simulator/feed.ts';
import type { FeedBlob } from '../../../simulator/feed-blob.ts';
import { tenant } from '../../../simulator/tenant/tenant.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const toMs = Date.parse('2026-07-25T00:00:00Z');
const people = tenant({ seed: 5, users: 30 });
const make = (more: Partial<FeedOptions> = {}): readonly FeedBlob[] =>
  feed({ tenant: people, seed: 5, fromMs: toMs - 3 * DAY_MS, toMs, ...more });
const withFault = (...faults: ContentFault[]): readonly FeedBlob[] => make({ faults: new Set(faults) });

interface Element {
  readonly Id?: string;
  readonly CreationTime?: string;
}
const elements = (blob: FeedBlob): readonly Element[] => JSON.parse(blob.body()) as Element[];
const digest = (blobs: readonly FeedBlob[]): string => {
  const hash = createHash('sha256');
  for (const blob of blobs) {
    hash.update(JSON.stringify([blob.contentId, blob.createdMs, blob.expiresMs, blob.visibleMs, blob.copilotIds]));
    hash.update(blob.body());
  }
  return hash.digest('hex');
};
/** Id -> how often it occurs in all blobs. */
const occurrences = (blobs: readonly FeedBlob[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const blob of blobs) for (const { Id = '' } of elements(blob)) counts.set(Id, (counts.get(Id) ?? 0) + 1);
  return counts;
};
const plain = make();

describe('feed', () => {
  it('is the same bytes for the same seed, with every fault as without, and other bytes for another seed', () => {
    const all = Object.keys(contentFaults);
    expect(digest(make())).toBe(digest(plain));
    expect(digest(make({ faults: all }))).toBe(digest(make({ faults: new Set(all) })));
    expect(digest(make({ seed: 6 }))).not.toBe(digest(plain));
  });

  it('gives a blob the same body at every call', () => {
    const blob = plain[10];
    expect(blob?.body()).toBe(blob?.body());
  });

  it('holds the same record as the same bytes wherever and in whatever span it appears', () => {
    const texts = new Map<string, string>();
    for (const blob of [...plain, ...make({ fromMs: toMs - 2 * DAY_MS }), ...withFault('duplicates', 're-announced')]) {
      for (const element of elements(blob)) {
        const text = JSON.stringify(element);
        expect(texts.get(element.Id ?? '') ?? text).toBe(text);
        texts.set(element.Id ?? '', text);
      }
    }
    expect(texts.size).toBeGreaterThan(1000);
  });

  it('keeps a record the same when the span starts later', () => {
    const whole = occurrences(plain);
    const part = [...occurrences(make({ fromMs: toMs - 2 * DAY_MS })).keys()];
    expect(part.length).toBeGreaterThan(500);
    expect(part.every((id) => whole.has(id))).toBe(true);
  });

  it('orders blobs by a created time that no two share, in ids of the form of the wire', () => {
    expect(plain.every((blob, index) => index === 0 || blob.createdMs > (plain[index - 1]?.createdMs ?? 0))).toBe(true);
    expect(new Set(plain.map(({ contentId }) => contentId)).size).toBe(plain.length);
    for (const { contentId, createdMs, expiresMs, visibleMs } of plain) {
      expect(contentId).toMatch(/^\d{23}\$\d{23}\$audit_general\$Audit_General(?:\$\w+)*$/);
      expect(contentId.split('$')[1]?.slice(0, 14)).toBe(
        new Date(createdMs).toISOString().replaceAll(/\D/g, '').slice(0, 14),
      );
      expect(expiresMs - createdMs).toBe(20 * DAY_MS);
      expect(visibleMs).toBe(createdMs);
    }
  });

  it('announces no record before an hour after its event, most within two hours, some after a day', () => {
    const lags = plain.flatMap((blob) =>
      elements(blob).map(({ CreationTime = '' }) => {
        const zoned = CreationTime.endsWith('Z') ? CreationTime : `${CreationTime}Z`;
        return blob.createdMs - Date.parse(zoned);
      }),
    );
    expect(Math.min(...lags)).toBeGreaterThan(0.99 * HOUR_MS);
    const soon = lags.filter((lag) => lag < 2 * HOUR_MS).length / lags.length;
    expect(soon).toBeGreaterThan(0.8);
    expect(soon).toBeLessThan(0.99);
    expect(lags.some((lag) => lag > DAY_MS)).toBe(true);
  });

  it('puts events into the span that was asked for, and mostly into working hours', () => {
    const times = plain.flatMap((blob) => elements(blob).map(({ CreationTime = '' }) => CreationTime));
    expect(times.every((time) => time >= '2026-07-22T00:00:00' && time <= '2026-07-25T00:00:05')).toBe(true);
    const weekend = make({ fromMs: toMs + 12 * HOUR_MS, toMs: toMs + 36 * HOUR_MS });
    const amount = (blobs: readonly FeedBlob[]): number => blobs.reduce((sum, blob) => sum + blob.recordCount, 0);
    expect(amount(weekend)).toBeLessThan(amount(plain) / 20);
  });

  it('does not sort the records of a blob by time', () => {
    const large = plain.find(({ recordCount }) => recordCount > 30);
    const times = large === undefined ? [] : elements(large).map(({ CreationTime = '' }) => CreationTime);
    expect(times).not.toEqual(times.toSorted());
  });

  it('counts records and lists each Copilot id of a blob once', () => {
    for (const blob of plain) {
      const found = elements(blob);
      expect(found).toHaveLength(blob.recordCount);
      const ids = new Set(found.map(({ Id }) => Id));
      expect(blob.copilotIds.every((id) => ids.has(id))).toBe(true);
      expect(new Set(blob.copilotIds).size).toBe(blob.copilotIds.length);
    }
    expect(
      plain.some(({ copilotIds, recordCount }) => copilotIds.length > 0 && copilotIds.length < recordCount / 2),
    ).toBe(true);
  });

  it('repeats a small share of records as the wire does, in one blob and across blobs', () => {
    const counts = [...occurrences(plain).values()];
    const share = counts.filter((times) => times > 1).length / counts.length;
    expect(share).toBeGreaterThan(0.001);
    expect(share).toBeLessThan(0.02);
    const inOne = plain.filter((blob) => new Set(elements(blob).map(({ Id }) => Id)).size < blob.recordCount);
    expect(inOne.length).toBeGreaterThan(0);
  });

  it('refuses an unknown fault and lists those it knows', () => {
    expect(() => make({ faults: ['lately'] })).toThrow(/unknown fault "lately": use duplicates, late/);
  });
});

describe('faults in the content', () => {
  it('duplicates: repeats a tenth of the records', () => {
    const counts = [...occurrences(withFault('duplicates')).values()];
    expect(counts.filter((times) => times > 1).length / counts.length).toBeGreaterThan(0.07);
  });

  it('late: shows some blobs hours to days after their created time', () => {
    const delays = withFault('late').map(({ visibleMs, createdMs }) => visibleMs - createdMs);
    expect(delays.some((delay) => delay > 2 * HOUR_MS)).toBe(true);
    expect(Math.max(...delays)).toBeLessThan(3.1 * DAY_MS);
    expect(delays.filter((delay) => delay > 0).length / delays.length).toBeLessThan(0.2);
  });

  it('re-announced: shows old content again under a new id five days later', () => {
    const blobs = withFault('re-announced');
    const byBody = Map.groupBy(blobs, (blob) => blob.body());
    const pairs = [...byBody.values()].filter((same) => same.length > 1);
    expect(pairs.length).toBeGreaterThan(0);
    for (const [first, second] of pairs) {
      expect(second?.contentId).not.toBe(first?.contentId);
      expect(second?.copilotIds).toEqual(first?.copilotIds);
      expect(((second?.createdMs ?? 0) - (first?.createdMs ?? 0)) / DAY_MS).toBeCloseTo(5, 2);
    }
  });

  it('out-of-order: shows some blobs after younger ones', () => {
    const blobs = withFault('out-of-order');
    const overtaken = blobs.filter((blob, index) =>
      blobs.slice(index + 1).some(({ visibleMs }) => visibleMs < blob.visibleMs),
    );
    expect(overtaken.length).toBeGreaterThan(0);
    expect(Math.max(...blobs.map(({ visibleMs, createdMs }) => visibleMs - createdMs))).toBeLessThan(HOUR_MS);
  });

  it('giant: has one record of about 2 MB in a blob of about 10 MB', () => {
    const sizes = withFault('giant').map((blob) => ({ blob, bytes: blob.body().length }));
    const [largest] = sizes.toSorted((one, other) => other.bytes - one.bytes);
    expect(largest?.bytes).toBeGreaterThan(9e6);
    expect(largest?.bytes).toBeLessThan(15e6);
    const records =
      largest === undefined ? [] : elements(largest.blob).map((element) => JSON.stringify(element).length);
    expect(Math.max(...records)).toBeGreaterThan(1.5e6);
    expect(largest?.blob.copilotIds).toHaveLength(1);
  });

  it('nulls: puts null, scalars and records without an Id between others, and counts those that were of Copilot', () => {
    const blobs = withFault('nulls');
    const strange = blobs.flatMap((blob) => elements(blob).filter((element) => !element?.Id));
    expect(strange).toContain(null);
    expect(strange.some((element) => typeof element !== 'object')).toBe(true);
    expect(blobs.reduce((sum, { unstorable = 0 }) => sum + unstorable, 0)).toBeGreaterThan(0);
    for (const blob of blobs) expect(elements(blob)).toHaveLength(blob.recordCount);
  });

  it('malformed-record: breaks single elements and leaves their neighbours whole', () => {
    const good = occurrences(plain);
    const blobs = withFault('malformed-record');
    const broken = blobs.filter(({ malformed = 0 }) => malformed > 0);
    expect(broken.length).toBeGreaterThan(0);
    for (const blob of broken) {
      expect(() => elements(blob)).toThrow(SyntaxError);
      for (const id of blob.copilotIds) expect(good.has(id) && blob.body().includes(id)).toBe(true);
    }
  });

  it('hostile: has markup, escape codes, lone surrogates, own __proto__ keys, deep nesting and unusable times', () => {
    const blobs = withFault('hostile');
    const all = blobs.map((blob) => blob.body()).join('\n');
    for (const text of [
      '<script>',
      String.raw`\u001b[`,
      String.raw`\ud800`,
      '"__proto__":',
      '"deeper":[{"deeper":',
      String.raw`\u0000`,
    ]) {
      expect(all).toContain(text);
    }
    expect(all).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
    const unusable = blobs.flatMap((blob) =>
      elements(blob).filter(({ CreationTime }) => Number.isNaN(Date.parse(String(CreationTime)))),
    );
    const listed = new Set(blobs.flatMap(({ copilotIds }) => copilotIds));
    expect(unusable.length).toBeGreaterThan(0);
    expect(unusable.some(({ Id = '' }) => listed.has(Id))).toBe(false);
    expect(blobs.reduce((sum, blob) => sum + (blob.unstorable ?? 0), 0)).toBeGreaterThanOrEqual(unusable.length);
  });
});

describe('a default week of 200 users', () => {
  it('has the volume of a mid-sized tenant, in blobs of about a hundred records', () => {
    const end = Date.parse('2026-07-27T00:00:00Z');
    const blobs = feed({ tenant: tenant({ seed: 1, users: 200 }), seed: 1, fromMs: end - 7 * DAY_MS, toMs: end });
    const records = blobs.reduce((sum, { recordCount }) => sum + recordCount, 0);
    const copilot = blobs.reduce((sum, { copilotIds }) => sum + copilotIds.length, 0);
    expect(copilot).toBeGreaterThan(12_000);
    expect(copilot).toBeLessThan(20_000);
    expect(records - copilot).toBeGreaterThan(100_000);
    expect(records - copilot).toBeLessThan(150_000);
    expect(records / blobs.length).toBeGreaterThan(60);
    expect(records / blobs.length).toBeLessThan(150);
  });
});
