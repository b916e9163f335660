/** Answers of Azure that are none: what kind, in words, and what to do about it. */
import { z } from 'zod';

export type FailureKind =
  | 'no-token'
  | 'unauthorized'
  | 'forbidden'
  | 'missing'
  | 'timeout'
  | 'unreachable'
  | 'refused'
  | 'unbound'
  | 'unexpected';

const remedies: Readonly<Record<FailureKind, (role: string) => string>> = {
  'no-token': () => 'Sign in: az login --tenant <tenant of the subscription>',
  unauthorized: () =>
    'Sign in again with az login, to the tenant of the subscription; az cloud show must name the cloud of the deployment',
  forbidden: (role) => `Have ${role} granted to you, and wait some minutes`,
  missing: () => 'Run pulumi up --refresh',
  timeout: () =>
    'Try again; with a proxy or private network, run it where Azure can be reached; --timeout gives more time',
  unreachable: () => 'Check network, proxy and DNS; NODE_EXTRA_CA_CERTS names the CA of a proxy that opens TLS',
  refused: () => 'Try again in some minutes; if it stays, the text tells why',
  unbound: () =>
    'Wait some minutes, then run pulumi up again: a workspace takes up to 15 minutes to know new functions and tables',
  unexpected: () =>
    'Look for a proxy in between; if there is none, report it: the answer has another form than documented',
};

/** A request that Azure did not answer with what was asked for. The message holds no token and no header. */
export class AzureFailure extends Error {
  override readonly name = 'AzureFailure';
  readonly kind: FailureKind;
  /** True when the same request may succeed in a moment. */
  readonly isTransient: boolean;

  constructor(kind: FailureKind, message: string, options?: ErrorOptions & { readonly isTransient?: boolean }) {
    super(message, options);
    this.kind = kind;
    this.isTransient = options?.isTransient ?? false;
  }

  /** What to do; `role` is the one that may read this. */
  remedy(role: string): string {
    return remedies[this.kind](role);
  }
}

// Long enough for the reason, short enough for a table.
const MESSAGE_MAX = 300;
const short = (text: string): string => (text.split('\n')[0] ?? '').trim().slice(0, MESSAGE_MAX);

const envelope = z.object({ error: z.looseObject({ code: z.string().optional(), message: z.string().optional() }) });

/** The text of `{"error": {"code", "message"}}`; empty for any other body, so that no proxy's page is printed. */
export function reasonIn(body: unknown): string {
  const parsed = envelope.safeParse(body);
  if (!parsed.success) return '';
  const { code = '', message = '' } = parsed.data.error;
  return short([code, message].filter((part) => part !== '').join(': '));
}

function kindOf(status: number): FailureKind {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  return status === 404 ? 'missing' : 'refused';
}

/** A reason as it stands behind a message; empty where there is none. */
export const toReason = (reason: string): string => (reason === '' ? '' : ` (${short(reason)})`);

/** A failure by the status of an answer; `what` was asked for. */
export function ofStatus(what: string, status: number, reason: string): AzureFailure {
  return new AzureFailure(kindOf(status), `${what}: Azure answers ${status}${toReason(reason)}`, {
    isTransient: status === 429 || status >= 500,
  });
}

// By name, because each package has classes of its own.
const TOKEN_ERRORS = /^(?:CredentialUnavailableError|AggregateAuthenticationError|Authentication(?:Required)?Error)$/;
const restError = z.looseObject({ statusCode: z.number(), code: z.string().nullish(), message: z.string() });

/** Any error of a request as a failure. */
export function toFailure(what: string, error: unknown): AzureFailure {
  if (error instanceof AzureFailure) return error;
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  if (TOKEN_ERRORS.test(name))
    return new AzureFailure('no-token', `${what}: no token: ${short(message)}`, { cause: error });
  if (name === 'AbortError' || name === 'TimeoutError')
    return new AzureFailure('timeout', `${what}: no answer in time`, { cause: error });
  if (name === 'ZodError' || name === 'SyntaxError')
    return new AzureFailure('unexpected', `${what}: an answer of an unknown form`, { cause: error });
  const rest = restError.safeParse(error);
  // The SDK's message may repeat a whole body: the code says enough.
  if (rest.success) return ofStatus(what, rest.data.statusCode, short(rest.data.code ?? ''));
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return new AzureFailure('unreachable', `${what}: ${short(message + cause)}`, { cause: error, isTransient: true });
}
