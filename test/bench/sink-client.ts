/**
 * Sends rows to the bench endpoint as fast as it can, in one of three ways: `ours` (the sink, fed as the pipeline feeds
 * it), `sdk` (one plain upload call of the SDK), `ceiling` (ready-made compressed chunks). Arguments: way, origin, rows.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { LogsIngestionClient } from '@azure/monitor-ingestion';
import { Agent, request } from 'undici';
import { silentLog } from '../../collector/log.ts';
import { parseRecord } from '../../collector/records/parse-record.ts';
import { toAuditRow } from '../../collector/rows/to-audit-row.ts';
import { copilotAudit, type CopilotAuditRow } from '../../collector/schema/index.ts';
import { logsIngestion } from '../../collector/sinks/logs-ingestion.ts';
import { copilotRecord } from './feed-records.ts';

const [way = 'ours', url = '', given = '100000'] = process.argv.slice(2);
const count = Number(given);
const ruleId = `dcr-${'0'.repeat(32)}`;
const stream = `Custom-${copilotAudit.name}`;
const rowsPerWrite = 300;
const writesUnderWay = 4;
const credential = {
  getToken: () => Promise.resolve({ token: 'bench', expiresOnTimestamp: Date.now() + 86_400_000 }),
};

const { CopilotEventData: data } = copilotRecord;
const smaller = { ...data, AccessedResources: data.AccessedResources.slice(0, 2), Messages: data.Messages.slice(0, 2) };
const origin = { source: 'bench', contentCreated: new Date().toISOString(), collectedTime: new Date().toISOString() };
function row(n: number): CopilotAuditRow {
  const parsed = parseRecord(
    { ...copilotRecord, Id: `0e0e0e0e-0000-4000-8000-${n.toString(16).padStart(12, '0')}`, CopilotEventData: smaller },
    { contentFields: 'drop' },
  );
  if (!parsed.ok) throw new Error(parsed.reason);
  return toAuditRow(parsed.record, origin);
}
const withoutNulls = (of: CopilotAuditRow): Record<string, unknown> =>
  Object.fromEntries(Object.entries(of).filter(([, value]) => value !== null));
const rows = Array.from({ length: count }, (_, n) => row(n));
const rowBytes = JSON.stringify(withoutNulls(row(0))).length;

async function ours(): Promise<void> {
  const sink = logsIngestion({
    url,
    ruleId,
    audience: 'https://monitor.azure.com',
    credential: () => credential,
    log: silentLog(),
  });
  let next = 0;
  await Promise.all(
    Array.from({ length: writesUnderWay }, async () => {
      for (let at = next; at < rows.length; at = next) {
        next += rowsPerWrite;
        await sink.write(copilotAudit, rows.slice(at, at + rowsPerWrite), new AbortController().signal);
      }
    }),
  );
  await sink.close();
}

const sdk = (): Promise<void> =>
  new LogsIngestionClient(url, credential).upload(ruleId, stream, rows.map(withoutNulls));

async function ceiling(): Promise<void> {
  const body = gzipSync(JSON.stringify(rows.slice(0, rowsPerWrite).map(withoutNulls)));
  const dispatcher = new Agent({ connections: writesUnderWay, connect: { rejectUnauthorized: false } });
  const path = `${url}/dataCollectionRules/${ruleId}/streams/${stream}?api-version=2023-01-01`;
  let left = Math.ceil(count / rowsPerWrite);
  await Promise.all(
    Array.from({ length: writesUnderWay }, async () => {
      while (left-- > 0) await (await request(path, { method: 'POST', body, dispatcher })).body.dump();
    }),
  );
}

const ways: Readonly<Record<string, () => Promise<void>>> = { ours, sdk, ceiling };
const stalls = monitorEventLoopDelay({ resolution: 1 });
stalls.enable();
// It measures from its first tick on.
await sleep(50);
const cpu = process.cpuUsage();
const started = performance.now();
await ways[way]?.();
const seconds = (performance.now() - started) / 1000;
await sleep(5);
const { user, system } = process.cpuUsage(cpu);
stalls.disable();
process.stdout.write(
  JSON.stringify({ rowBytes, seconds, cpuSeconds: (user + system) / 1e6, stallMs: stalls.max / 1e6 }),
);
process.exit(0);
