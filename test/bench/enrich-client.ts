/**
 * The parts of the collector that enrichment adds to, over records in memory and a Graph that answers at once: what they
 * cost, what they ask, what they hold. Arguments: `days` (interactions of some days on a clock that is ours) or `full`
 * and `empty` (caches and notes at their bounds, or as they begin).
 */
import { enrichment } from '../../collector/enrich/enrichment.ts';
import { enricherNames } from '../../collector/enrich/facts.ts';
import { entityBook } from '../../collector/entities/entity-book.ts';
import type { Graph } from '../../collector/graph/contract.ts';
import type { AuditRecord } from '../../collector/records/audit-record.ts';
import { parseRecord } from '../../collector/records/parse-record.ts';
import { entityTable } from '../../collector/state/entity-table.ts';
import { answerTo, interaction, uniform, zipf } from './enrich-records.ts';

const dayMs = 86_400_000;
const [mode = 'days'] = process.argv.slice(2);
let clock = Date.parse('2026-11-01T00:00:00Z');
const now = (): number => clock;

const asked = new Map<string, number>();
let subRequests = 0;
const graph: Graph = {
  async get(_version, path) {
    const answer = answerTo(path);
    subRequests++;
    if (answer === undefined) return { kind: 'missing' };
    asked.set(answer.key, (asked.get(answer.key) ?? 0) + 1);
    return { kind: 'found', body: answer.body };
  },
  list: async () => ({ kind: 'found', items: [] }),
  text: async () => ({ kind: 'missing' }),
  [Symbol.asyncDispose]: async () => undefined,
};

const plans = { ids: ['3f30311c-6b1e-48a4-ab79-725b469da960'], names: [] };
const notes = entityTable(200_000);
const book = entityBook(notes, { organizationId: undefined, now });
const enriching = enrichment({ graph, enrichers: new Set(enricherNames), licensePlans: plans, now });
let number = 0;
let rows = 0;

function recordOf(user: number, files: readonly number[]): AuditRecord {
  const id = `0e0e0e0e-0000-4000-8000-${(number++).toString(16).padStart(12, '0')}`;
  const text = interaction(id, user, files).replaceAll(
    '2026-07-20T14:00:01',
    new Date(clock).toISOString().slice(0, 19),
  );
  const parsed = parseRecord(JSON.parse(text), { contentFields: 'drop' });
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.record;
}

async function batch(records: readonly AuditRecord[]): Promise<void> {
  const { seen } = await enriching.enrich(records);
  for (const due of [book.due(seen), book.due(enriching.takeLate())]) {
    rows += due.rows.length;
    due.settle(new Set());
  }
}

/** 20,000 interactions a day of 2,000 users, three files each of 50,000 by Zipf's law; the last of three days counts. */
async function days(): Promise<object> {
  const [perDay, perBatch] = [20_000, 100];
  const nextFile = zipf(50_000, 1);
  const draw = uniform(2);
  for (let day = 0; day < 3; day++) {
    asked.clear();
    [subRequests, rows] = [0, 0];
    for (let done = 0; done < perDay; done += perBatch) {
      clock += (dayMs * perBatch) / perDay;
      await batch(
        Array.from({ length: perBatch }, () =>
          recordOf(Math.floor(draw() * 2000), [nextFile(), nextFile(), nextFile()]),
        ),
      );
    }
  }
  const twice = [...asked.values()].filter((count) => count > 1).length;
  return { interactions: perDay, subRequests, distinct: asked.size, twice, entityRows: rows };
}

/** 50,000 users and files in the caches, and 200,000 notes. */
async function full(): Promise<object> {
  for (let n = 0; n < 50_000; n += 100)
    await batch(Array.from({ length: 100 }, (_, at) => recordOf(n + at, [n + at, n + at, n + at])));
  const later = now() + 1;
  for (let n = notes.size; n < 200_000; n++) {
    const note = { firstSeenMs: later, written: { ms: later, hash: '0123456789abcdef' }, owedAs: null };
    notes.set('file', `https://contoso.sharepoint.com/sites/old/${n}.docx`, note);
  }
  return { notes: notes.size, distinct: asked.size };
}

const result = mode === 'days' ? await days() : mode === 'full' ? await full() : {};
globalThis.gc?.();
const { rss, heapUsed } = process.memoryUsage();
process.stdout.write(JSON.stringify({ ...result, rss, heapUsed }));
process.exit(0);
