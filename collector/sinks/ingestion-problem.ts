/** Where rows were sent, as far as messages name it. */
export interface IngestionTarget {
  readonly url: string;
  readonly ruleId: string;
  readonly stream: string;
  readonly audience: string;
}

/**
 * Why a request failed, and what to do: wait as told (`throttled`), try again (`transient`), look for the row (`rows`),
 * take another token, wait for the role, or give up. The message holds no token and nothing quoted from a row.
 */
export type IngestionProblem =
  | { readonly kind: 'throttled'; readonly message: string; readonly retryAfter: string | undefined }
  | { readonly kind: 'transient' | 'rows' | 'unauthorised' | 'forbidden' | 'fatal'; readonly message: string };

const MAX_TEXT = 300;

/** Removes what may come from a row or a token: quoted parts that are no column or id, and anything like a JWT. */
function withoutContent(text: string, isKnown: (word: string) => boolean): string {
  return text
    .replaceAll(/(?<!\w)(["'`])(.*?)(?:\1|$)/gs, (_all, quote: string, inner: string) =>
      isKnown(inner) ? `${quote}${inner}${quote}` : `${quote}…${quote}`,
    )
    .replaceAll(/\beyJ[\w.~+/=-]*/g, '…')
    .replaceAll(/\s+/g, ' ')
    .slice(0, MAX_TEXT);
}

const stringOf = (value: object, key: 'code' | 'name' | 'message'): string => {
  const found: unknown = key in value ? Reflect.get(value, key) : undefined;
  return typeof found === 'string' ? found : '';
};

function statusOf(cause: object): number | undefined {
  return 'statusCode' in cause && typeof cause.statusCode === 'number' ? cause.statusCode : undefined;
}

/** A header of the answer that an error of the Azure SDK carries. */
function headerOf(cause: object, name: string): string | undefined {
  if (!('response' in cause) || typeof cause.response !== 'object' || cause.response === null) return undefined;
  const { response } = cause;
  if (!('headers' in response) || typeof response.headers !== 'object' || response.headers === null) return undefined;
  const { headers } = response;
  const value: unknown = 'get' in headers && typeof headers.get === 'function' ? headers.get(name) : undefined;
  return typeof value === 'string' ? value : undefined;
}

// Names of the errors of @azure/identity and what carries them.
const CREDENTIAL_ERROR = /^(?:CredentialUnavailable|AggregateAuthentication|Authentication(?:Required)?)Error$/;
const CERTIFICATE_DATE = /^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/;
const CERTIFICATE = /^(?:UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|CERT_|ERR_TLS_CERT|HOSTNAME_MISMATCH)/;
const NAME = /^(?:ENOTFOUND|EAI_AGAIN)$/;

function networkMessage(code: string, { url }: IngestionTarget): string {
  const host = URL.parse(url)?.hostname ?? url;
  if (NAME.test(code)) {
    return `the name ${host} cannot be resolved (${code}): check INGESTION_URL, DNS and, with a private endpoint, its zone`;
  }
  if (CERTIFICATE_DATE.test(code)) {
    return `the certificate of ${host} is out of date (${code}): check the clock of this machine, and any proxy in between`;
  }
  if (CERTIFICATE.test(code)) {
    return `the certificate of ${host} is not trusted (${code}): give the proxy's CA in NODE_EXTRA_CA_CERTS, or check INGESTION_URL`;
  }
  if (code === 'ECONNREFUSED') return `${host} refuses connections (${code}): check INGESTION_URL and the firewall`;
  return `the connection to ${host} failed (${code}): check network and firewall`;
}

function statusProblem(status: number, said: string, retryAfter: string | undefined, to: IngestionTarget) {
  const { url, ruleId, stream, audience } = to;
  const answer = `${status}${said === '' ? '' : ` ${said}`}`;
  if (status === 429 || (status === 503 && retryAfter !== undefined)) {
    const message = `${url} throttles (${answer}): see the limits of the data collection rule ${ruleId}`;
    return { kind: 'throttled', message, retryAfter } as const;
  }
  if (status === 408 || status >= 500) {
    return { kind: 'transient', message: `${url} answers ${answer}: see the health of Azure Monitor` } as const;
  }
  if (status === 400 || status === 413) return { kind: 'rows', message: answer } as const;
  if (status === 401) {
    const remedy = `check that INGESTION_AUDIENCE belongs to the cloud of ${url}`;
    return { kind: 'unauthorised', message: `${answer} with a token for ${audience}: ${remedy}` } as const;
  }
  if (status === 403) {
    const remedy = `grant Monitoring Metrics Publisher on the data collection rule ${ruleId} to the identity of the collector, and check that the rule belongs to ${url}`;
    return { kind: 'forbidden', message: `${answer}: ${remedy}` } as const;
  }
  if (status === 404) {
    const remedy = `check DCR_IMMUTABLE_ID (${ruleId}), that the rule declares the stream ${stream}, and that it belongs to ${url} and its region`;
    return { kind: 'fatal', message: `${answer}: ${remedy}` } as const;
  }
  const remedy = 'check INGESTION_URL and whether a proxy answers in its place';
  return { kind: 'fatal', message: `${url} answers ${answer} where 204 is due: ${remedy}` } as const;
}

/** Says what an error of one upload means. `isColumn` tells names that may be quoted from texts that may not. */
export function ingestionProblem(
  cause: unknown,
  target: IngestionTarget,
  isColumn: (word: string) => boolean = () => false,
): IngestionProblem {
  if (typeof cause !== 'object' || cause === null) return { kind: 'transient', message: 'failed without a reason' };
  const isKnown = (word: string): boolean => word === target.ruleId || word === target.stream || isColumn(word);
  const status = statusOf(cause);
  const name = stringOf(cause, 'name');
  const code = stringOf(cause, 'code').slice(0, 60);
  // Before the status: it is Entra's.
  if (CREDENTIAL_ERROR.test(name)) {
    const text = withoutContent(stringOf(cause, 'message'), isKnown);
    const message = `no token for ${target.audience}: ${text}: check the AZURE_* settings or the managed identity`;
    // 400 and 401 are Entra's no to these settings; an unreachable endpoint may come back.
    return { kind: status === 400 || status === 401 ? 'fatal' : 'transient', message };
  }
  if (status !== undefined) {
    // Without a code it is not the service's envelope, and a page of a proxy must not land in a log.
    const text = code === '' ? '' : withoutContent(stringOf(cause, 'message'), isKnown);
    const said = `${code || headerOf(cause, 'x-ms-error-code')?.slice(0, 60) || ''}${text === '' ? '' : `: ${text}`}`;
    return statusProblem(status, said, headerOf(cause, 'retry-after'), target);
  }
  if (name === 'AbortError' || name === 'TimeoutError') {
    return { kind: 'transient', message: `${target.url} did not answer in time: check network and firewall` };
  }
  if (code === '') {
    const text = withoutContent(stringOf(cause, 'message'), isKnown);
    return { kind: 'transient', message: `the request to ${target.url} failed: ${name}: ${text}` };
  }
  return { kind: 'transient', message: networkMessage(code, target) };
}
