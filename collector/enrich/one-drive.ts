import { LRUCache } from 'lru-cache';
import { toOneDriveAccount } from '../records/one-drive-account.ts';

/** Who is behind the account of a OneDrive address. */
export interface Accounts {
  note(upn: string): void;
  /** User principal name in lower case; null when none is known, or when more than one would have this account. */
  ownerOf(account: string): string | null;
}

/** Remembers at most `max` accounts of the users that were named. */
export function accounts(max: number): Accounts {
  const owners = new LRUCache<string, { readonly upn: string | null }>({ max });
  return {
    note(upn) {
      const account = toOneDriveAccount(upn);
      const before = owners.get(account);
      if (before === undefined) owners.set(account, { upn });
      // anna.b@ and anna_b@ have the same account: neither may be blamed for the other's files.
      else if (before.upn !== null && before.upn !== upn) owners.set(account, { upn: null });
    },
    ownerOf: (account) => owners.get(toOneDriveAccount(account))?.upn ?? null,
  };
}
