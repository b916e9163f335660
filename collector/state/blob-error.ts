/** Errors of Azure Blob Storage, in words that say what to do. */
import { z } from 'zod';
import { errorCode } from '../durable-file.ts';

const answerShape = z.object({ details: z.object({ errorCode: z.string() }) });

const grant =
  'grant the role Storage Blob Data Contributor on the container to the identity (it can take 10 minutes to take effect)';
const token =
  "see that the identity is one of the storage account's tenant, that its token is for https://storage.azure.com, " +
  'and that the clock of this machine is right';
const reach = 'see that firewall, proxy and the network rules of the storage account let this machine reach it';
const names = 'see that the account name in STATE_URL is right and that the DNS server of this machine knows it';
const trust = 'trust the authority that issued its certificate (NODE_EXTRA_CA_CERTS), or correct STATE_URL';
const clock = 'see that the clock of this machine is right, or have the certificate renewed';
const wait = 'it is tried again; see the health of the storage account if it goes on';

// Codes of the service: learn.microsoft.com/rest/api/storageservices/blob-service-error-codes; of Node: errors and tls.
const remedies: Readonly<Record<string, string>> = {
  ContainerNotFound: 'create the container, or correct STATE_URL',
  ContainerBeingDeleted: 'wait until it is gone and create it anew, or point STATE_URL elsewhere',
  InvalidResourceName: 'correct the container name in STATE_URL',
  AuthorizationPermissionMismatch: grant,
  // Also the answer to a machine that the network rules keep out.
  AuthorizationFailure: `${grant}, and ${reach}`,
  AuthenticationFailed: token,
  InvalidAuthenticationInfo: token,
  NoAuthenticationInformation: token,
  AccountIsDisabled: 'enable the storage account',
  InvalidBlobType: 'remove the blob that stands in the way',
  BlobImmutableDueToPolicy: 'take the immutability policy off the container, or point STATE_URL elsewhere',
  ConditionNotMet: 'another process changed it: start only one collector on it',
  AppendPositionConditionNotMet: 'nothing: the next save begins another segment',
  BlobAlreadyExists: 'nothing: the next save begins another segment',
  BlockCountExceedsLimit: 'nothing: the next save begins another segment',
  ServerBusy: wait,
  InternalError: wait,
  OperationTimedOut: wait,
  ENOTFOUND: names,
  EAI_AGAIN: names,
  ECONNREFUSED: reach,
  ECONNRESET: reach,
  ETIMEDOUT: reach,
  EHOSTUNREACH: reach,
  ENETUNREACH: reach,
  REQUEST_SEND_ERROR: reach,
  CERT_HAS_EXPIRED: clock,
  CERT_NOT_YET_VALID: clock,
  SELF_SIGNED_CERT_IN_CHAIN: trust,
  DEPTH_ZERO_SELF_SIGNED_CERT: trust,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: trust,
  UNABLE_TO_GET_ISSUER_CERT: trust,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: trust,
  ERR_TLS_CERT_ALTNAME_INVALID: trust,
};

/** The HTTP status of an error, when a service answered with one. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;
}

/** The service's code of an error (ContainerNotFound, ...), or the system's. */
export function codeOf(error: unknown): string | undefined {
  const code = errorCode(error);
  // An answer to HEAD has no body: the code is in a header only, which the SDK puts here.
  return code ?? answerShape.safeParse(error).data?.details.errorCode;
}

/** True when the service said no because of who we are or what lies there, not because of trouble on the way. */
export function isRefusal(error: unknown): boolean {
  const status = statusOf(error);
  return status === 404 || status === 409 || status === 412;
}

function remedyOf(code: string | undefined, status: number | undefined): string {
  const known = remedies[code ?? ''];
  if (known !== undefined) return known;
  if (status === 401) return token;
  if (status === 403) return grant;
  if (status !== undefined && status >= 500) return wait;
  return 'see that STATE_URL is right, or point it elsewhere';
}

/** The first line, for people; what follows are ids of the request. No query gets into a log: it may hold a key. */
function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').replaceAll(/\?\S+/g, '?...').slice(0, 300);
}

/**
 * What an error says, without the request that the SDK hangs on it: that holds the token, and the next thing that writes
 * all properties of an error to a log would write it, too.
 */
export function withoutRequest(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(firstLine(String(error)));
  const said = new Error(firstLine(error.message));
  return Object.assign(said, { name: error.name, code: codeOf(error), statusCode: statusOf(error) });
}

/**
 * An error that names the container or blob, the service's or the system's code, and the remedy; `of` says whose container
 * it is, and which setting names it.
 */
export function blobError(
  url: string,
  cause: unknown,
  of: { readonly subject: string; readonly setting: string } = { subject: 'state', setting: 'STATE_URL' },
): Error {
  // One of ours, from a step on the way.
  if (cause instanceof Error && cause.message.startsWith(`${of.subject}: `)) return cause;
  const code = codeOf(cause);
  const status = statusOf(cause);
  const { name, message } = cause instanceof Error ? cause : { name: '', message: String(cause) };
  const said = (what: string, remedy: string): Error =>
    new Error(`${of.subject}: ${url}: ${what}: ${remedy.replaceAll('STATE_URL', of.setting)}`, {
      cause: withoutRequest(cause),
    });
  if (name === 'AbortError' || name === 'TimeoutError') return said('no answer in time', reach);
  // AuthenticationError, CredentialUnavailableError and the like of @azure/identity.
  if (/Authentication|Credential/.test(name))
    return said(`no token: ${firstLine(message)}`, 'see that the identity in AZURE_* is right');
  const what = [code, status === undefined ? undefined : `(${status})`, status === undefined && firstLine(message)];
  return said(what.filter(Boolean).join(' '), remedyOf(code, status));
}
