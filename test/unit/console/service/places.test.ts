import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openPlaces, type Places, placesOf } from '../../../../scripts/start/places.ts';

const directory = mkdtempSync(join(tmpdir(), 'places-'));
afterAll(() => rmSync(directory, { recursive: true }));

let count = 0;
const some = (mode: 'simulated' | 'import' | 'tenant'): Places => placesOf(join(directory, String((count += 1))), mode);
const put = (folder: string): string => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'own.ndjson'), '{}\n');
  return join(folder, 'own.ndjson');
};

describe('folders of a start', () => {
  it('that it has made are emptied by the next one', async () => {
    const places = some('simulated');
    const close = await openPlaces(places, 'simulated');
    const file = put(places.rows);
    await close();
    await openPlaces(places, 'simulated');
    expect(existsSync(file)).toBe(false);
    expect(existsSync(places.rows)).toBe(true);
  });

  it.for(['rows', 'state'] as const)("that hold somebody's own %s are left as they are", async (name) => {
    const places = some('import');
    const file = put(places[name]);
    await expect(openPlaces(places, 'import')).rejects.toThrow(/no npm start has made.*--directory/);
    expect(existsSync(file)).toBe(true);
    await expect(openPlaces(places, 'import')).rejects.toThrow(/no npm start has made/);
  });

  it('of a real tenant are never emptied', async () => {
    const places = some('tenant');
    const file = put(places.rows);
    await (
      await openPlaces(places, 'tenant')
    )();
    await openPlaces(places, 'tenant');
    expect(existsSync(file)).toBe(true);
  });

  it('are not given to two starts at a time, but to one after another that was killed', async () => {
    const places = some('tenant');
    const file = put(places.rows);
    // A process that is alive: whoever started us.
    writeFileSync(places.mark, JSON.stringify({ pid: process.ppid }));
    await expect(openPlaces(places, 'tenant')).rejects.toThrow(`in use by process ${process.ppid}`);
    // Linux gives no such number.
    writeFileSync(places.mark, JSON.stringify({ pid: 2 ** 30 }));
    await openPlaces(places, 'tenant');
    writeFileSync(places.mark, '{"pi');
    await openPlaces(places, 'tenant');
    expect(existsSync(file)).toBe(true);
  });
});
