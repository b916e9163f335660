/**
 * The account in a OneDrive address (`/personal/<account>`) that belongs to a user principal name: SharePoint writes every
 * character but letters and digits as `_`. An account is its own account, so that both sides of a comparison may be given.
 */
export function toOneDriveAccount(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '_');
}
