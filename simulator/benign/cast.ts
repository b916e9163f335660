/** Who plays which part in the benign weeks; everyone else is ordinary. */
import { random } from '../random.ts';
import { account } from '../tenant/account.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { User } from '../tenant/user.ts';

/** The parts. Nobody has two of them. */
export interface Cast {
  /** Test Copilot's guard every week, and are on the list of those who may. */
  readonly redTeam: readonly User[];
  /** Leave the company, and behave until they do. */
  readonly leavers: readonly User[];
  /** A tenth of the people: unknown until they all start in one week. */
  readonly newcomers: readonly User[];
  /** Accounts that are disabled: silent. */
  readonly disabled: readonly User[];
  /** Active people without any role. */
  readonly ordinary: readonly User[];
}

/** The cast of a tenant: the same for the same seed. */
export function cast(tenant: Tenant): Cast {
  const isDisabled = (user: User): boolean => !account(tenant.seed, user).accountEnabled;
  const free = tenant.users.filter(
    (user) =>
      user.index > 4 &&
      !user.admin &&
      !user.guest &&
      !user.maker &&
      !user.analyst &&
      user.licensed &&
      !isDisabled(user),
  );
  const order = new Map(free.map((user) => [user, random(tenant.seed, 'cast', user.index)()]));
  const drawn = free.toSorted((one, other) => (order.get(one) ?? 0) - (order.get(other) ?? 0));
  const take = (amount: number): readonly User[] => drawn.splice(0, Math.min(amount, Math.floor(drawn.length / 2)));
  const share = (part: number): number => Math.max(1, Math.round(tenant.users.length * part));
  const [redTeam, leavers, newcomers] = [take(share(0.015)), take(share(0.015)), take(share(0.1))];
  return { redTeam, leavers, newcomers, disabled: tenant.users.filter(isDisabled), ordinary: drawn };
}
