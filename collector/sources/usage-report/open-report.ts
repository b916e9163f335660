/** Finds a report on whichever way leads to it. */
import type { Graph, NoAnswer } from '../../graph/contract.ts';
import { isObject } from '../../records/json-value.ts';
import { csvEntries, type Entries, jsonEntries } from './entries.ts';
import { type Report, type ReportVersion, type Way, waysTo } from './reports.ts';

/** A report, with the way on which it was found; or why there is none, with the remedy. */
export type Opened =
  | { readonly ok: true; readonly way: Way; readonly entries: Entries }
  | { readonly ok: false; readonly reason: string };

const unreadable: NoAnswer = { kind: 'failed', failure: 'unreadable', detail: 'neither CSV nor JSON of a report' };

/** Tries each way until one leads to the report. Rejects with the signal's reason when it aborts. */
export async function openReport(
  graph: Graph,
  report: Report,
  newest: ReportVersion,
  signal: AbortSignal,
): Promise<Opened> {
  const tried: string[] = [];
  for (const way of waysTo(report, newest)) {
    const answer = await untilAborted(ask(graph, way, signal), signal);
    if (!('kind' in answer)) return { ok: true, way, entries: answer.entries };
    tried.push(`${way.graphVersion} ${way.version} ${explain(answer)}`);
    const isLast = answer.kind === 'forbidden' || isPassing(answer);
    if (isLast) return { ok: false, reason: `${explain(answer)}: ${remedyFor(answer)}` };
  }
  const remedy = 'it is asked for again in an hour; only the global cloud has Copilot reports';
  return { ok: false, reason: `${tried.join(', ')}: ${remedy}` };
}

async function ask(graph: Graph, way: Way, signal: AbortSignal): Promise<{ readonly entries: Entries } | NoAnswer> {
  if (way.form === 'list') return listed(graph, way);
  const answer = await graph.text(way.graphVersion, way.path, signal);
  if (answer.kind !== 'found') return answer;
  // A byte order mark is white space, too.
  const text = answer.text.trimStart();
  if (!text.startsWith('{')) {
    const entries = await csvEntries(text, signal);
    return entries === undefined ? unreadable : { entries };
  }
  const body = parsed(text);
  if (!isObject(body) || !Array.isArray(body['value'])) return unreadable;
  // This was the first page only.
  if (body['@odata.nextLink'] !== undefined) return listed(graph, way);
  return { entries: jsonEntries(body['value']) };
}

async function listed(graph: Graph, { graphVersion, path }: Way): ReturnType<typeof ask> {
  const answer = await graph.list(graphVersion, path);
  return answer.kind === 'found' ? { entries: jsonEntries(answer.items) } : answer;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** True for trouble that every other way would meet, too. */
const isPassing = (answer: NoAnswer): boolean =>
  answer.kind === 'failed' && (answer.failure === 'throttled' || answer.failure === 'unavailable');

const explain = (answer: NoAnswer): string => (answer.kind === 'missing' ? 'not found' : answer.detail);

const remedyFor = (answer: NoAnswer): string =>
  answer.kind === 'forbidden'
    ? 'grant the application permission Reports.Read.All of Microsoft Graph and consent to it'
    : 'it is asked for again in an hour';

/** Look-ups take no signal: an abort does not wait for them. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  // Met below, or by nobody when the abort was first.
  work.catch(() => undefined);
  try {
    return await Promise.race([aborted.promise, work]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
