/** The fault menu: every fault of the simulator by name, what it does, and its behaviour as data. */
import { contentFaults } from '../content-faults.ts';
import type { Fault, FaultCall, FeedTarget, PassingFault } from './fault.ts';
import { alterations } from './fault-alterations.ts';
import { apiError } from './api-errors.ts';
import { auditQueryFaults } from './graph/audit-query-faults.ts';
import { graphFaults } from './graph/faults.ts';
import { ingestionFaults } from './ingestion-faults.ts';
import { htmlReply, jsonReply, type Reply } from './reply.ts';

const reads: readonly FeedTarget[] = ['list', 'listing', 'page', 'blob'];

const methods: Readonly<Record<FeedTarget, string>> = {
  list: 'ListSubscriptions',
  listing: 'ListAvailableContent',
  page: 'ListAvailableContent',
  blob: 'GetBlob',
};

/** AF429 with its message; 403 is documented, 429 is what HTTP says. */
export function throttled(call: Pick<FaultCall, 'target' | 'publisherId'>, status: 403 | 429): Reply {
  const method = new Map<string, string>(Object.entries(methods)).get(call.target) ?? '';
  return { ...apiError('AF429', method, call.publisherId), status };
}

const passing = (rest: Partial<PassingFault>): PassingFault => ({ targets: reads, share: 0.15, limit: 20, ...rest });

const feedFaults: Readonly<Record<string, Omit<Fault, 'side'>>> = {
  'throttle-403': {
    description: 'AF429 inside a 403, without Retry-After (documented example of the service)',
    passing: passing({ answer: (call) => throttled(call, 403) }),
  },
  'throttle-429': {
    description: 'a bare 429 with AF429, without Retry-After',
    passing: passing({ answer: (call) => throttled(call, 429) }),
  },
  'throttle-429-retry-after': {
    description: '429 with Retry-After: 1',
    passing: passing({
      answer: (call) => {
        const reply = throttled(call, 429);
        return { ...reply, headers: { ...reply.headers, 'Retry-After': '1' } };
      },
    }),
  },
  'server-error': {
    description: '500 AF50000 "Retry the request"',
    passing: passing({ answer: () => apiError('AF50000') }),
  },
  'html-503': {
    description: '503 with an HTML page of a front door',
    passing: passing({ answer: () => htmlReply(503, 'Service Unavailable') }),
  },
  'html-200': {
    description: 'a blob answers 200 with an HTML page, then good',
    passing: passing({ targets: ['blob'], answer: () => htmlReply(200, 'Please sign in') }),
  },
  truncated: {
    description: 'a blob is cut inside a record while headers and close look regular, then good',
    passing: passing({ targets: ['blob'], alter: alterations.truncated }),
  },
  slow: { description: 'bytes trickle over 2 seconds', passing: passing({ limit: 5, alter: alterations.slow }) },
  reset: {
    description: 'the socket is destroyed before the headers, or in the middle of the body',
    passing: passing({ alter: alterations.reset }),
  },
  'unauthorized-once': {
    description: '401 although the token is valid; and the first token lives 3 seconds only, as it says',
    passing: passing({
      limit: 3,
      answer: () => jsonReply(401, { Message: 'Authorization has been denied for this request.' }),
    }),
  },
  'stale-page': {
    description: 'AF20031 on a page link; that link stays dead, a new listing of the window works',
    passing: passing({ targets: ['page'], limit: 2, answer: (call) => apiError('AF20031', call.pageToken) }),
  },
  expired: { description: 'a few blobs always answer AF20051', fates: ['expired'] },
  missing: { description: 'a few blobs always answer 404 AF20050', fates: ['missing'] },
  'broken-forever': { description: 'a few blobs are always cut inside a record', fates: ['broken-forever'] },
  'foreign-url': {
    description: 'a few contentUri, and one NextPageUri once, name a foreign host that notes the tokens it is sent',
    fates: ['foreign-url'],
    passing: passing({ targets: ['listing', 'page'], share: 1, limit: 1, alter: alterations.foreignPage }),
  },
  gzip: { description: 'answers are gzip-encoded for clients that accept it' },
  'gzip-bomb': {
    description: 'one blob inflates to more than 1 GB of white space, once, for clients that accept gzip',
    passing: passing({ targets: ['blob'], share: 0.05, limit: 1, alter: alterations.gzipBomb }),
  },
  'subscription-absent': { description: 'there is no subscription at the start: AF20022 until it is started' },
  'subscription-disabled-once': {
    description: 'the subscription is disabled at the second listing, unless it was started within 15 minutes: AF20023',
  },
  'clock-skew': { description: 'the Date header is 10 minutes ahead of the service' },
  'bad-headers': {
    description:
      'Retry-After as garbage, negative or a date; no content type; NextPageUri relative or invalid; each a few times',
    passing: passing({ targets: ['listing', 'page', 'blob'], share: 0.3, limit: 10, alter: alterations.badHeaders }),
  },
  'bad-times': {
    description:
      'a few entries with malformed contentCreated or contentExpiration for good; at times a null entry and copies of entries without contentId or contentUri',
    fates: ['bad-created-time', 'bad-expiration-time'],
    passing: passing({ targets: ['listing', 'page'], share: 0.5, alter: alterations.oddEntries }),
  },
  ...Object.fromEntries(
    Object.entries(contentFaults).map(([name, description]) => [name, { description, inContent: true } as const]),
  ),
};

/** Every fault by name. */
export const faultMenu: Readonly<Record<string, Fault>> = {
  ...Object.fromEntries(Object.entries(feedFaults).map(([name, fault]) => [name, { ...fault, side: 'feed' } as const])),
  ...ingestionFaults,
  ...graphFaults,
  ...auditQueryFaults,
};

/** The menu as lines of text. */
export function faultLines(): readonly string[] {
  return Object.entries(faultMenu).map(([name, fault]) => `  ${name.padEnd(28)}${fault.description}`);
}

/** Throws an error that lists the menu when a name is not in it. */
export function assertFaults(names: readonly string[]): void {
  for (const name of names) {
    if (!Object.hasOwn(faultMenu, name))
      throw new Error(`simulator: unknown fault "${name}"; choose from:\n${faultLines().join('\n')}`);
  }
}
