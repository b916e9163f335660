import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { schedule } from '../../../simulator/schedule.ts';
import { tenant } from '../../../simulator/tenant/tenant.ts';

// Sample payloads that lie beside the repository on some machines; the test is skipped, visibly, elsewhere.
const samples = join(import.meta.dirname, '../../../../shared/samples');

/** Paths of the samples that the simulator does not emit, each with its reason. */
const NEVER_EMITTED: Readonly<Record<string, string>> = {
  '@odata.type': 'Graph wraps the record; the activity feed does not',
};

function keyPaths(value: unknown, path: string, into: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) keyPaths(item, `${path}[]`, into);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      const next = path === '' ? key : `${path}.${key}`;
      into.add(next);
      keyPaths(inner, next, into);
    }
  }
}

describe.skipIf(!existsSync(samples))('key paths of the sample payloads (skipped where there are none)', () => {
  it('are all emitted in a default week, but for a list with reasons', () => {
    const wanted = new Set<string>();
    for (const name of readdirSync(samples).filter((file) => /^(?:0\d|1\d|2[0-5]|36).*\.json$/.test(file))) {
      const { record } = JSON.parse(readFileSync(join(samples, name), 'utf8'));
      for (const one of Array.isArray(record) ? record : [record]) keyPaths(one.auditData ?? one, '', wanted);
    }
    const toMs = Date.parse('2026-07-27T00:00:00Z');
    const events = schedule({
      tenant: tenant({ seed: 1, users: 200 }),
      seed: '1',
      fromMs: toMs - 7 * 86_400_000,
      toMs,
      copilotPerUserDay: 14,
      noisePerUserDay: 10,
      faults: new Set<never>(),
    });
    const emitted = new Set<string>();
    for (let index = 0; index < events.length(); index += 1) keyPaths(JSON.parse(events.text(index)), '', emitted);
    expect(wanted.size).toBeGreaterThan(80);
    expect([...wanted].filter((path) => !emitted.has(path)).sort()).toEqual(Object.keys(NEVER_EMITTED).sort());
  });
});
