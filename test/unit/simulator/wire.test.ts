/** The simulator's answers against recorded shapes: status, header names, key paths of the body, error code and text. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Simulator, SimulatorOptions } from '../../../simulator/simulator.ts';
import {
  accessToken,
  ask,
  blob,
  contentPath,
  feedPath,
  hourMs,
  json,
  now,
  started,
  type Answer,
} from './server-harness.ts';

interface Recorded {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface Case {
  readonly options?: SimulatorOptions;
  readonly ask: (sim: Simulator, token: string) => Promise<Answer>;
}

const gone = '20260101000000000000001$20260101000000000000001$audit_general$Audit_General$emea0016';
const general = { contentType: 'Audit.General' };
const two = { blobs: [blob(1, now - 2 * hourMs + 250), blob(2, now - hourMs + 750)], pageSize: 1 };
const window = (sim: Simulator): string => contentPath(sim, now - 3 * hourMs, now);
const change = (sim: Simulator, token: string, operation: string, contentType = 'Audit.General') =>
  ask(sim, feedPath(sim, `subscriptions/${operation}`, { contentType }), { token, method: 'POST' });
const blobOf = (sim: Simulator, token: string) =>
  ask(sim, feedPath(sim, `audit/${sim.blobs[0]?.contentId}`), { token });

const cases: Readonly<Record<string, Case>> = {
  start_200: { options: { faults: ['subscription-absent'] }, ask: (sim, token) => change(sim, token, 'start') },
  start_again_400: { ask: (sim, token) => change(sim, token, 'start') },
  list_200: {
    ask: async (sim, token) => {
      await change(sim, token, 'start', 'Audit.Exchange');
      await change(sim, token, 'stop', 'Audit.Exchange');
      return ask(sim, feedPath(sim, 'subscriptions/list'), { token });
    },
  },
  content_200: { options: two, ask: (sim, token) => ask(sim, window(sim), { token }) },
  content_page2_200: {
    options: two,
    ask: async (sim, token) =>
      ask(sim, String((await ask(sim, window(sim), { token })).headers['nextpageuri']), { token }),
  },
  content_empty_200: { options: { blobs: [] }, ask: (sim, token) => ask(sim, window(sim), { token }) },
  no_subscription: {
    options: { faults: ['subscription-absent'] },
    ask: (sim, token) => ask(sim, window(sim), { token }),
  },
  disabled: {
    options: { switches: { subscription: 'disabled' } },
    ask: (sim, token) => ask(sim, window(sim), { token }),
  },
  bad_range: { ask: (sim, token) => ask(sim, contentPath(sim, now - 9 * 24 * hourMs, now), { token }) },
  bad_nextpage: { ask: (sim, token) => ask(sim, `${window(sim)}&nextPage=2026112000R000000000000`, { token }) },
  blob_missing: { ask: (sim, token) => ask(sim, feedPath(sim, `audit/${gone}`), { token }) },
  blob_expired: { options: { faults: ['expired'], blobs: [blob(1, now - hourMs)] }, ask: blobOf },
  throttled_403: { options: { faults: ['throttle-403'] }, ask: blobOf },
  throttled_429: { options: { faults: ['throttle-429'] }, ask: blobOf },
  internal_500: { options: { faults: ['server-error'] }, ask: blobOf },
  tenant_mismatch_401_or_400: {
    ask: (sim, token) => {
      const path = feedPath(sim, 'subscriptions/content', general);
      return ask(sim, path.replace(sim.tenantId, '0a0a0a0a-0000-4000-8000-000000000001'), { token });
    },
  },
  missing_permission: { options: { switches: { roles: [] } }, ask: (sim, token) => ask(sim, window(sim), { token }) },
  non_json_proxy_page_503: { options: { faults: ['html-503'] }, ask: blobOf },
};

/** `[].contentUri` and the like: every place in a value that has a name, with its kind. */
function keyPaths(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((item) => keyPaths(item, `${path}[]`)))].sort();
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .flatMap(([name, inner]) => keyPaths(inner, `${path}.${name}`))
      .sort();
  return [`${path}:${value === null ? 'null' : typeof value}`];
}

interface ErrorBody {
  readonly error?: { readonly code?: string; readonly message?: string };
}

/** What of a body must be the same: the text itself, or key paths, error code and the message with its values masked. */
function shape(body: string, type: string | undefined): unknown {
  if (type === 'text/html') return body;
  const { error } = json<ErrorBody>(body);
  const message = (error?.message ?? '')
    .replaceAll(/PublisherId=[0-9a-f-]+/g, 'PublisherId=*')
    .replaceAll(/\((?!or both)[^)]+\)/g, '(*)')
    .replaceAll(/(Input: |key )\S+/g, '$1*');
  return { code: error?.code, message, keys: keyPaths(json<unknown>(body)) };
}

/** Status, the headers that count, and shape. */
async function live(name: string): Promise<unknown> {
  const known = cases[name];
  if (!known) throw new Error(`no request is known that leads to ${name}`);
  const sim = await started(known.options ?? {});
  try {
    const answer = await known.ask(sim, await accessToken(sim));
    const type = answer.headers['content-type']?.toString();
    return { status: answer.status, type, page: answer.names.includes('NextPageUri'), body: shape(answer.body, type) };
  } finally {
    await sim.close();
  }
}

function expected(recorded: Recorded): unknown {
  const type = recorded.headers?.['Content-Type'] ?? 'application/json; charset=utf-8';
  const body = typeof recorded.body === 'string' ? recorded.body : JSON.stringify(recorded.body);
  const page = Object.hasOwn(recorded.headers ?? {}, 'NextPageUri');
  return { status: recorded.status, type, page, body: shape(body, type) };
}

const read = (path: string): string => readFileSync(join(import.meta.dirname, path), 'utf8');
const own = json<Readonly<Record<string, Recorded>>>(read('../../fixtures/wire/management-api.json'));

describe('our own wire fixtures', () => {
  test('have a request for each and a fixture for each request', () => {
    expect(Object.keys(own).sort()).toEqual(Object.keys(cases).sort());
  });

  test.for(Object.entries(own))('%s has the recorded status, headers and shape', async ([name, recorded]) => {
    expect(await live(name)).toEqual(expected(recorded));
  });
});

// Recorded answers that lie beside the repository on some machines; webhooks are calls to us, not answers.
const samples = '../../../../shared/samples/27-management-api-wire.json';
const recordings: readonly (readonly [string, Recorded | undefined])[] = existsSync(join(import.meta.dirname, samples))
  ? Object.entries(json<{ record: Record<string, Recorded> }>(read(samples)).record)
  : [['nothing: the recorded samples are absent here', undefined]];

describe('the recorded wire samples beside the repository', () => {
  const answers = recordings.filter(([name]) => !name.startsWith('webhook_'));
  test.for(answers)('%s has the recorded status, headers and shape', async ([name, recorded], { skip }) => {
    skip(!recorded, 'no samples beside the repository');
    expect(await live(name)).toEqual(recorded && expected(recorded));
  });
});
