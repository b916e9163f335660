/** Errors of the Logs Ingestion API: `{"error":{"code","message"}}`, and the code again in `x-ms-error-code`. */
import { jsonReply, type Reply } from './reply.ts';

/** One error answer. */
export function ingestionError(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return jsonReply(status, { error: { code, message } }, { 'x-ms-error-code': code, ...headers });
}

/** A 429, with Retry-After in seconds unless it is undefined. UNVERIFIED: the code. */
export function tooManyRequests(retryAfterSeconds: number | undefined): Reply {
  const headers = retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) };
  return ingestionError(429, 'TooManyRequests', 'The rate limit of the data collection rule was reached.', headers);
}

/** The 413 for a call that is too large, on the wire or inflated. Azure SDK for Python, issue 42648. */
export function contentTooLong(limit: number): Reply {
  return ingestionError(
    413,
    'ContentLengthLimitExceeded',
    `Maximum allowed content length: ${limit} bytes (${limit / 1_048_576} MB) was exceeded.`,
  );
}

/** The 403 of a caller without the role, in the words of the .NET troubleshooting guide. */
export function accessDenied(immutableId: string): Reply {
  return ingestionError(
    403,
    'OperationFailed',
    `The authentication token provided does not have access to ingest data for the data collection rule with immutable Id '${immutableId}' PipelineAccessResult: AccessGranted: False, IsRbacPresent: False, IsDcrDceBindingValid: True, DcrArmId: N/A, DceArmId: N/A.`,
  );
}

/** What has no documented code: UNVERIFIED strings, statuses as the API answers them. */
export const ingestionErrors = {
  apiVersion: (given: string | undefined): Reply =>
    given === undefined
      ? ingestionError(400, 'MissingApiVersionParameter', 'The api-version query parameter is required: 2023-01-01.')
      : ingestionError(400, 'UnsupportedApiVersion', `The api-version '${given}' is not supported: use 2023-01-01.`),
  noToken: (): Reply =>
    ingestionError(401, 'InvalidToken', 'The authentication token is missing, expired or for another audience.', {
      'WWW-Authenticate': 'Bearer',
    }),
  noRoute: (): Reply => ingestionError(404, 'NotFound', 'The resource was not found.'),
  noRule: (id: string): Reply =>
    ingestionError(404, 'NotFound', `Data collection rule with immutable Id '${id}' not found.`),
  noStream: (stream: string, id: string): Reply =>
    ingestionError(404, 'InvalidStream', `Stream '${stream}' is not declared in data collection rule '${id}'.`),
  method: (): Reply => ingestionError(405, 'MethodNotAllowed', 'Use POST.', { Allow: 'POST' }),
  contentType: (given: string): Reply =>
    ingestionError(415, 'UnsupportedMediaType', `Content-Type '${given}' is not supported: use application/json.`),
  // Only gzip is documented; whether others are refused with 400 or 415 is UNVERIFIED.
  encoding: (given: string): Reply =>
    ingestionError(415, 'UnsupportedMediaType', `Content-Encoding '${given}' is not supported: use gzip.`),
  payload: (why: string): Reply => ingestionError(400, 'InvalidPayload', why),
  row: (id: string): Reply =>
    ingestionError(400, 'InvalidRecord', `The record '${id}' in the payload could not be processed.`),
} as const;
