/** Errors of the Management Activity API: `{"error":{"code","message"}}`, texts as the reference prints them. */
import { jsonReply, type Reply } from './reply.ts';

// Status: 400 is live for AF20024 and AF20055, 403 with AF429 is documented; the others are not documented.
// Clients must branch on the code.
const statuses = {
  AF10001: 401,
  AF20001: 400,
  AF20002: 400,
  AF20010: 401,
  AF20013: 400,
  AF20020: 400,
  AF20021: 400,
  AF20022: 400,
  AF20023: 400,
  AF20024: 400,
  AF20030: 400,
  AF20031: 400,
  AF20050: 404,
  AF20051: 400,
  AF20052: 400,
  AF20055: 400,
  AF429: 403,
  AF50000: 500,
} as const;

/** A code of the Management Activity API. */
export type ApiErrorCode = keyof typeof statuses;

const rangeRule =
  'Start time and end time must both be specified (or both omitted) and must be less than or equal to 24 hours apart, with the start time prior to end time and start time no more than 7 days in the past.';

const messages: Readonly<Record<ApiErrorCode, (detail: string, other: string) => string>> = {
  AF10001: (roles) =>
    `The permission set (${roles}) sent in the request did not include the expected permission ActivityFeed.Read.`,
  AF20001: (name) => `Missing parameter: ${name}.`,
  AF20002: (name, type) => `Invalid parameter type: ${name}. Expected type: ${type}`,
  AF20010: (url, token) =>
    `The tenant ID passed in the URL (${url}) does not match the tenant ID passed in the access token (${token}).`,
  AF20013: (id) => `The tenant ID passed in the URL (${id}) is not a valid GUID.`,
  AF20020: () => 'The specified content type is not valid.',
  AF20021: (address) => `The webhook endpoint (${address}) could not be validated.`,
  AF20022: () => 'No subscription found for the specified content type.',
  AF20023: () => 'The subscription was disabled by a tenant admin.',
  AF20024: () => 'The subscription is already enabled. No property change.',
  AF20030: () => rangeRule,
  AF20031: (token) => `Invalid nextPage Input: ${token}.`,
  AF20050: (id) => `The specified content (${id}) does not exist.`,
  AF20051: (id) =>
    `Content requested with the key ${id} has already expired. Content older than 7 days cannot be retrieved.`,
  AF20052: (id) => `Content ID ${id} in the URL is invalid.`,
  AF20055: () => rangeRule,
  AF429: (method, publisher) => `Too many requests. Method=${method}, PublisherId=${publisher}`,
  AF50000: () => 'An internal error occurred. Retry the request.',
};

/** The envelope for a code; `detail` and `other` fill its message. AF429 comes as 403, which is what is documented. */
export function apiError(code: ApiErrorCode, detail = '', other = ''): Reply {
  return jsonReply(statuses[code], { error: { code, message: messages[code](detail, other) } });
}
