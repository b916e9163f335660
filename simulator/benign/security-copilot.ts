/** What those who run Security Copilot do in a week: administration, sign-ins to it, and its capacity in Azure. */
import { securityCopilotChange } from '../records/crafted.ts';
import { chance, guid, int, pick, random } from '../random.ts';
import type { Json } from '../records/scene.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { User } from '../tenant/user.ts';
import type { Day } from './day.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY] = [0, 1, 2, 3, 4];

interface Change {
  readonly weekday: number;
  readonly hour: number;
  readonly by: 'admin' | 'analyst';
  readonly recordType: number;
  readonly operation: string;
  readonly property: string;
  readonly values: readonly [old: string, now: string];
}

/** Each kind once a week, hours apart: nobody toggles, and nobody deletes in a burst. */
const changesOf = (plugins: readonly string[], promptbook: string): readonly Change[] => {
  const [first = 'Plugin', second = first] = plugins;
  const change = (
    by: Change['by'],
    at: readonly [number, number],
    [recordType, operation]: readonly [number, string],
    property: string,
    values: Change['values'],
  ): Change => ({ by, weekday: at[0], hour: at[1], recordType, operation, property, values });
  return [
    change('analyst', [MONDAY, 10], [325, 'UploadFile'], 'FileUploads', ['', 'runbook.pdf']),
    change('admin', [MONDAY, 14], [314, 'DisableCopilotPlugin'], `Skillsets.${first}`, ['Enabled', 'Disabled']),
    change('analyst', [TUESDAY, 11], [320, 'CreateCopilotPromptBook'], promptbook, ['', '']),
    change('admin', [WEDNESDAY, 9], [313, 'EnableCopilotPlugin'], `Skillsets.${second}`, ['Disabled', 'Enabled']),
    change('admin', [WEDNESDAY, 15], [325, 'UpdateTenantSettings'], 'Settings.PluginsTenant', ['Everyone', 'Owners']),
    change('analyst', [THURSDAY, 10], [321, 'UpdatePromptBook'], promptbook, ['', '']),
    change('analyst', [THURSDAY, 16], [325, 'UploadFile'], 'FileUploads', ['', 'indicators.csv']),
    change('admin', [FRIDAY, 10], [325, 'UpdateUserSettings'], 'Settings.PluginsUser', ['Everyone', 'Owners']),
    change('analyst', [FRIDAY, 15], [322, 'DeletePromptBook'], promptbook, ['', '']),
  ];
};

/** Notes the administration of Security Copilot of one day. */
export function securityCopilotDay({ plot, plan, day, present }: Day): void {
  const { next, tenant } = plot;
  const { plugins, promptbooks } = tenant.securityCopilot;
  for (const change of changesOf(plugins, pick(next, promptbooks))) {
    const able = present.filter((user) => (change.by === 'admin' ? user.admin : user.analyst && !user.admin));
    if (plan.weekday(day) !== change.weekday || able.length === 0) continue;
    const user = pick(next, able);
    const timeMs =
      day * DAY_MS + change.hour * HOUR_MS + int(next, 0, 59) * MINUTE_MS - user.utcOffsetMinutes * MINUTE_MS;
    const [OriginalValue, NewValue] = change.values;
    plot.record(timeMs, user, (act) =>
      securityCopilotChange(act, change.recordType, change.operation, [
        { Property: change.property, OriginalValue, NewValue },
      ]),
    );
  }
}

type Note = (table: string, timeMs: number, columns: Readonly<Record<string, Json>>) => void;

const FAILURES = [
  ['50126', 'Invalid username or password.'],
  ['50074', 'Strong authentication is required.'],
] as const;

function signIns(seed: string, day: number, present: readonly User[], note: Note): void {
  const next = random(seed, 'security-copilot-sign-ins', day);
  for (const user of present.filter(({ analyst, admin }) => analyst || admin)) {
    const timeMs = day * DAY_MS + int(next, 8 * 60, 17 * 60) * MINUTE_MS - user.utcOffsetMinutes * MINUTE_MS;
    const columns = {
      UserPrincipalName: user.upn,
      UserId: user.id,
      IPAddress: user.addresses[1],
      Location: user.usageLocation,
      AppDisplayName: 'Security Copilot',
      RiskLevelDuringSignIn: 'none',
    };
    // A slip of the finger now and then, and a minute later the right password.
    if (chance(next, 0.15)) {
      const [ResultType, ResultDescription] = pick(next, FAILURES);
      note('SigninLogs', timeMs - MINUTE_MS, { ...columns, ResultType, ResultDescription });
    }
    note('SigninLogs', timeMs, { ...columns, ResultType: '0' });
  }
}

/** Units of the capacity are raised for the week and lowered for the weekend, by one administrator. */
function scaling(tenant: Tenant, seed: string, weekday: number, day: number, note: Note): void {
  const owner = tenant.users.find((user) => user.admin);
  if (owner === undefined || (weekday !== MONDAY && weekday !== FRIDAY)) return;
  const next = random(seed, 'security-copilot-capacity', day);
  const numberOfUnits = weekday === MONDAY ? 3 : 1;
  const startMs = day * DAY_MS + (weekday === MONDAY ? 5 : 17) * HOUR_MS + int(next, 0, 20) * MINUTE_MS;
  const id =
    '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/security/providers/Microsoft.SecurityCopilot/capacities/contoso';
  const columns = {
    OperationNameValue: 'MICROSOFT.SECURITYCOPILOT/CAPACITIES/WRITE',
    ResourceProviderValue: 'MICROSOFT.SECURITYCOPILOT',
    CategoryValue: 'Administrative',
    Caller: owner.upn,
    CallerIpAddress: owner.addresses[1],
    ResourceGroup: 'security',
    _ResourceId: id.toLowerCase(),
    CorrelationId: guid(next),
  };
  const Properties_d = { requestbody: JSON.stringify({ properties: { numberOfUnits } }), resource: 'contoso' };
  note('AzureActivity', startMs, { ...columns, ActivityStatusValue: 'Start', Properties_d });
  note('AzureActivity', startMs + 4000, { ...columns, ActivityStatusValue: 'Success', Properties_d });
}

/** Notes what other connectors have of Security Copilot on one day: sign-ins, and changes of its capacity. */
export function securityCopilotRows(
  {
    tenant,
    seed,
    weekday,
    day,
  }: { readonly tenant: Tenant; readonly seed: string; readonly weekday: number; readonly day: number },
  present: readonly User[],
  note: Note,
): void {
  signIns(seed, day, present, note);
  scaling(tenant, seed, weekday, day, note);
}
