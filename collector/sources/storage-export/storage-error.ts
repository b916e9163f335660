/** What Azure Blob Storage says when it says no, in words for people. */
import { isObject } from '../../records/json-value.ts';

const grant = 'grant the role Storage Blob Data Reader on the storage account or container to the identity';
const network = 'see that the firewall and the network rules of the storage account let this machine reach it';

const remedies: Readonly<Record<string, string>> = {
  AuthorizationPermissionMismatch: `${grant} (it can take 10 minutes to take effect)`,
  // Also the answer to a machine that the network rules keep out.
  AuthorizationFailure: `${grant}, and ${network}`,
  InvalidResourceName: 'correct the container name in STORAGE_EXPORT_URL',
  AccountIsDisabled: 'enable the storage account',
  ENOTFOUND: 'see that the account name in STORAGE_EXPORT_URL is right',
  BlobArchived: 'rehydrate it to the hot or cool tier',
  BlobBeingRehydrated: 'nothing: it is read once its tier has changed',
};

/** The HTTP status of an error, when a service answered with one. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;
}

/** The service's code of an error (ContainerNotFound, ...), or the system's. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Where the body of an answer is a stream, its code is known from a header only.
  const details = 'details' in error && isObject(error.details) ? error.details['errorCode'] : undefined;
  return typeof details === 'string' ? details : undefined;
}

/**
 * What went wrong with a container or blob, and the remedy. A text and not the error itself: the SDK hangs the request on
 * it, token and all. No query gets in, for it may hold a key.
 */
export function toProblem(url: string, error: unknown): string {
  const status = statusOf(error);
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const said = (message.split('\n', 1)[0] ?? '').replaceAll(/\?\S+/g, '?...').slice(0, 300);
  const what = status === undefined ? said : [code, `(${status})`].filter((part) => part !== undefined).join(' ');
  return `${url}: ${what}: ${remedyOf(code, status)}`;
}

function remedyOf(code: string | undefined, status: number | undefined): string {
  const known = remedies[code ?? ''];
  if (known !== undefined) return known;
  if (status === 403) return grant;
  if (status === 401)
    return "see that the identity is one of the storage account's tenant and that this clock is right";
  if (status !== undefined && status >= 500) return 'it is tried again at the next pass';
  return status === undefined ? network : 'see that STORAGE_EXPORT_URL is right';
}
