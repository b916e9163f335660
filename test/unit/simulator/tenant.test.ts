import { describe, expect, it } from 'vitest';
import { guid, int, letters, pick, pickWeighted, random } from '../../../simulator/random.ts';
import { tenant } from '../../../simulator/tenant/tenant.ts';

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('random', () => {
  it('gives the same stream for the same seed and keys', () => {
    const [one, same] = [random(7, 'users', 17), random('7', 'users', 17)];
    expect(Array.from({ length: 20 }, one)).toEqual(Array.from({ length: 20 }, same));
  });

  it('gives unrelated streams for neighbouring keys, and for keys that only look the same when joined', () => {
    const first = (...keys: (string | number)[]): number => random(7, ...keys)();
    const values = [first('a', 1), first('a', 2), first('a1'), first('a', '1'), first('b', 1)];
    expect(new Set(values).size).toBe(values.length);
    const many = Array.from({ length: 2000 }, (_, key) => first('spread', key));
    expect(many.reduce((sum, value) => sum + value, 0) / many.length).toBeCloseTo(0.5, 1);
  });

  it('makes GUIDs of version 4 that do not repeat', () => {
    const ids = Array.from({ length: 5000 }, (_, key) => guid(random(1, key)));
    expect(ids.every((id) => GUID.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('keeps whole numbers, picks and letters within what was asked', () => {
    const next = random(3);
    const numbers = Array.from({ length: 500 }, () => int(next, 2, 4));
    expect(new Set(numbers)).toEqual(new Set([2, 3, 4]));
    expect(letters(next, 13)).toMatch(/^[\w-]{13}$/);
    expect(
      pickWeighted(next, [
        [0, 'never'],
        [1, 'always'],
      ]),
    ).toBe('always');
    expect(() => pick(next, [])).toThrow('of 0 items');
  });
});

describe('tenant', () => {
  const small = tenant({ seed: 1, users: 60 });

  it('is the same for the same seed and another for another seed', () => {
    expect(tenant({ seed: '1', users: 60 })).toEqual(small);
    expect(tenant({ seed: 2, users: 60 }).id).not.toBe(small.id);
  });

  it('has users with unique ids and names, addresses for documentation only, and holders of every role', () => {
    expect(new Set(small.users.map(({ id }) => id)).size).toBe(60);
    expect(new Set(small.users.map(({ upn }) => upn)).size).toBe(60);
    for (const { id, upn, addresses } of small.users) {
      expect(id).toMatch(GUID);
      expect(upn).toMatch(
        /^[a-z0-9._]+(?:#EXT#)?@contoso\.example$|^[a-z0-9._]+_partner\.contoso\.example#EXT#@contoso\.example$/,
      );
      expect(addresses[0]).toMatch(/^198\.51\.100\.(?:[1-9]\d?|1\d\d|2[0-4]\d|25[0-4])$/);
      expect(addresses[1]).toMatch(/^203\.0\.113\.\d+$/);
      expect(addresses[2]).toMatch(/^2001:db8:/);
    }
    for (const role of ['admin', 'maker', 'analyst', 'licensed'] as const) {
      expect(small.users.some((user) => user[role])).toBe(true);
      expect(small.users.some((user) => !user[role])).toBe(true);
    }
  });

  it('names managers, labels, sites and owners that exist', () => {
    const ids = new Set(small.users.map(({ id }) => id));
    const labels = new Set(small.labels.map(({ id }) => id));
    expect(
      small.users.every(({ id, managerId }) => managerId === null || (ids.has(managerId) && managerId !== id)),
    ).toBe(true);
    expect(small.files.every(({ labelId }) => labelId === null || labels.has(labelId))).toBe(true);
    expect(small.files.some(({ labelId }) => labelId !== null)).toBe(true);
    expect(small.files.every(({ url, site }) => url.startsWith(`${site.url}/`))).toBe(true);
    expect(small.files.every(({ viewerUrl, id }) => viewerUrl.includes(`sourcedoc=%7B${id.toUpperCase()}%7D`))).toBe(
      true,
    );
    expect(small.meetings.every(({ organizerId }) => ids.has(organizerId))).toBe(true);
    expect(small.agents.every(({ ownerId }) => ownerId === null || ids.has(ownerId))).toBe(true);
    expect(new Set(small.sites.map(({ url }) => url)).size).toBe(small.sites.length);
  });

  it('hides the GUID of a meeting in its thread id as base64', () => {
    for (const { id, threadId } of small.meetings) {
      const middle = /^19:meeting_([A-Za-z0-9_=-]+)@thread\.v2$/.exec(threadId)?.[1] ?? '';
      expect(Buffer.from(middle, 'base64').toString()).toBe(id);
    }
  });

  it('has agents of every kind and every id form', () => {
    expect(new Set(small.agents.map(({ kind }) => kind))).toEqual(
      new Set(['custom-engine', 'declarative', 'sharepoint', 'microsoft']),
    );
    expect(small.plainAgents.sharepoint.every(({ id }) => id.startsWith('SPO_'))).toBe(true);
    expect(small.plainAgents.microsoft.every(({ id }) => id.startsWith('P_'))).toBe(true);
    expect(small.customEngineAgents.some(({ environment }) => environment === `Default-${small.id}`)).toBe(true);
    expect(small.customEngineAgents.some(({ environment }) => GUID.test(environment))).toBe(true);
  });

  it('refuses fewer users than it has roles', () => {
    expect(() => tenant({ seed: 1, users: 4 })).toThrow('tenant: 4 users');
    expect(() => tenant({ seed: 1, users: 5.5 })).toThrow('tenant: 5.5 users');
    expect(tenant({ seed: 1, users: 5 }).users).toHaveLength(5);
  });
});
