// Values that Microsoft puts where a user belongs although no person acted.
const SENTINEL =
  /^(?:n\/a|not ?available|unknown|none|null|system|anonymous|nt authority\\system|s-1-5-18|app@sharepoint|sharepoint\\system|0{8}-0{4}-0{4}-0{4}-0{12})$/i;
const PREFIX = /^(?:SecurityCopilotAgentUser-|ServicePrincipal_)/i;
// System, Application, ServicePrincipal, CustomPolicy, SystemPolicy (Management Activity API schema, enum UserType).
const FIRST_TYPE = 4;
const LAST_TYPE = 8;

/** True when the actor of a record is known to be no person; an absent user is not known to be anything. */
export function isSyntheticActor(userId: string | null, userType: number | null): boolean {
  if (userType !== null && userType >= FIRST_TYPE && userType <= LAST_TYPE) return true;
  const user = userId?.trim() ?? '';
  return SENTINEL.test(user) || PREFIX.test(user);
}
