import type { Facts } from '../enrich/facts.ts';
import type { AuditRecord } from '../records/audit-record.ts';
import type { CopilotAuditRow } from '../schema/index.ts';

const GUEST = 10; // UserType of a guest (Management Activity API schema, enum UserType)

/** Whether the actor has a Copilot licence: the record tells it as of the event, the directory as of now; null: neither. */
export function hasLicense({ licenseType }: AuditRecord, { user }: Facts): boolean | null {
  return licenseType?.toLowerCase() === 'premium' ? true : (user?.hasCopilotLicense ?? null);
}

/** Columns about the actor. */
export function userColumns(record: AuditRecord, facts: Facts): Partial<CopilotAuditRow> {
  const { user, userObservedMs } = facts;
  return {
    UserDisplayName: user?.displayName ?? null,
    UserDepartment: user?.department ?? null,
    UserJobTitle: user?.jobTitle ?? null,
    UserCountry: user?.country ?? null,
    UserOffice: user?.office ?? null,
    UserManager: user?.manager ?? null,
    UserAccountEnabled: user?.accountEnabled ?? null,
    UserObservedTime: userObservedMs === null ? null : new Date(userObservedMs).toISOString(),
    UserIsGuest: record.userType === GUEST ? true : (user?.isGuest ?? null),
    UserHasCopilotLicense: hasLicense(record, facts),
  };
}
