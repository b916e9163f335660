/** JSON batching: what a batch may hold, and its answer. */
import { headerValue, type Call } from '../reply.ts';
import { refused, type Outcome } from './outcome.ts';

/** One request of a batch. */
export interface BatchItem {
  readonly id: string;
  readonly method: string;
  readonly url: string;
}

/** Most requests in a batch (combine multiple requests in one HTTP call using JSON batching). */
const maxItems = 20;

const badBatch = (message: string): Outcome => refused(400, 'BadRequest', message);
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The requests of a batch, or why it is refused as a whole. */
export function batchItems(call: Call): readonly BatchItem[] | Outcome {
  if (!/^application\/json\b/i.test(headerValue(call, 'content-type') ?? ''))
    return badBatch('Write requests (excluding DELETE) must contain the Content-Type header declaration.');
  let body: unknown;
  try {
    body = JSON.parse(call.body);
  } catch {
    return badBatch(
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    );
  }
  const requests = isRecord(body) ? body['requests'] : undefined;
  if (!Array.isArray(requests) || requests.length === 0)
    return badBatch("Invalid batch payload format: 'requests' must be an array that holds requests.");
  if (requests.length > maxItems)
    return refused(
      400,
      'MaximumValueExceeded',
      `Number of batch request steps exceeds the maximum value of ${maxItems}.`,
    );
  const items: BatchItem[] = [];
  for (const request of requests) {
    const [id, method, url] = isRecord(request) ? [request['id'], request['method'], request['url']] : [];
    if (typeof id !== 'string' || id === '' || typeof method !== 'string' || typeof url !== 'string')
      return badBatch('Invalid batch request: id, method and url must be texts.');
    if (/^[a-z]+:\/\//i.test(url)) return badBatch(`Invalid batch request: url of '${id}' must be relative.`);
    if (/^\/?(\$|%24)batch\b/i.test(url)) return badBatch('Nested batch requests are not supported.');
    if (items.some((item) => item.id === id)) return badBatch(`Batch request id '${id}' is not unique.`);
    items.push({ id, method: method.toUpperCase(), url });
  }
  return items;
}

/** One answer inside a batch; what is no JSON comes as base64 text. */
export function toItem(id: string, { status, headers, value, file }: Outcome): Readonly<Record<string, unknown>> {
  return {
    id,
    status,
    headers,
    ...(value === undefined && file === undefined ? {} : { body: file?.toString('base64') ?? value }),
  };
}
