/** The console's HTTP API as the page calls it. Both sides share the types of `../api.ts` and ship together. */
import type {
  CompletionAnswer,
  CompletionRequest,
  DiagnosisAnswer,
  IncidentSummary,
  IncidentView,
  QueryAnswer,
  SchemaAnswer,
  Status,
  WorkbookSummary,
} from '../api.ts';

/** An answer that is none: the HTTP status, or 0 where the server could not be reached. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(message: string, status: number, cause?: unknown) {
    super(message, { cause });
    this.status = status;
  }
}

const MOST_REASON = 300;

async function reasonOf(response: Response, path: string): Promise<string> {
  const text = (await response.text()).slice(0, MOST_REASON).trim();
  if (text === '' || text.startsWith('<')) return `${path}: the console answered ${response.status}`;
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'string')
      return body.error;
  } catch {
    // No JSON: the text itself is the reason.
  }
  return text;
}

async function request(path: string, init?: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError('The console does not answer: is npm start still running?', 0, cause);
  }
  if (!response.ok) throw new ApiError(await reasonOf(response, path), response.status);
  return response;
}

const get = async (path: string, signal?: AbortSignal): Promise<Response> =>
  request(path, signal === undefined ? {} : { signal });

const post = async (path: string, body: unknown, signal?: AbortSignal): Promise<Response> =>
  request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });

/** @throws ApiError */
export async function getStatus(signal?: AbortSignal): Promise<Status> {
  const status: Status = await (await get('/api/status', signal)).json();
  return status;
}

/** Newest first. @throws ApiError */
export async function getIncidents(signal?: AbortSignal): Promise<readonly IncidentSummary[]> {
  const incidents: readonly IncidentSummary[] = await (await get('/api/incidents', signal)).json();
  return incidents;
}

/** @throws ApiError with status 404 where there is none */
export async function getIncident(id: string, signal?: AbortSignal): Promise<IncidentView> {
  const incident: IncidentView = await (await get(`/api/incidents/${encodeURIComponent(id)}`, signal)).json();
  return incident;
}

/** @throws ApiError */
export async function getWorkbooks(signal?: AbortSignal): Promise<readonly WorkbookSummary[]> {
  const workbooks: readonly WorkbookSummary[] = await (await get('/api/workbooks', signal)).json();
  return workbooks;
}

/** The JSON of a workbook, as it is. @throws ApiError */
export async function getWorkbook(file: string, signal?: AbortSignal): Promise<unknown> {
  const json: unknown = await (await get(`/api/workbooks/${encodeURIComponent(file)}`, signal)).json();
  return json;
}

/** Tables and functions that a query may name. @throws ApiError with status 404 where the server does not tell */
export async function getSchema(signal?: AbortSignal): Promise<SchemaAnswer> {
  const schema: SchemaAnswer = await (await get('/api/schema', signal)).json();
  return schema;
}

/** A problem of the query is an answer. @throws ApiError where there is none */
export async function runQuery(query: string, signal?: AbortSignal): Promise<QueryAnswer> {
  const answer: QueryAnswer = await (await post('/api/query', { query }, signal)).json();
  return answer;
}

/** @throws ApiError */
export async function complete(place: CompletionRequest, signal?: AbortSignal): Promise<CompletionAnswer> {
  const answer: CompletionAnswer = await (await post('/api/complete', place, signal)).json();
  return answer;
}

/** @throws ApiError */
export async function diagnose(query: string, signal?: AbortSignal): Promise<DiagnosisAnswer> {
  const answer: DiagnosisAnswer = await (await post('/api/diagnose', { query }, signal)).json();
  return answer;
}

/** Saves the answer of a query as a CSV file. @throws ApiError */
export async function downloadCsv(query: string, name: string): Promise<void> {
  const url = URL.createObjectURL(await (await post('/api/query.csv', { query })).blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')}.csv`;
  link.click();
  // The browser has taken the address when click returns; some read it a moment later.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
