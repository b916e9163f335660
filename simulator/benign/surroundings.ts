/** What else a workspace holds in the benign weeks: lists of its operators, and rows of other connectors. */
import { clientIp } from '../records/envelope.ts';
import type { PlantedItem, PlantedRow } from '../planted.ts';
import { chance, guid, int, pick, random, type Random } from '../random.ts';
import type { Json } from '../records/scene.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { User } from '../tenant/user.ts';
import { activeDays, type BenignOptions } from './benign.ts';
import { calendar, type Calendar } from './calendar.ts';
import { cast } from './cast.ts';
import { complianceAppId } from './habits.ts';
import { departmentSites, moved, restrictedSite, views } from './person.ts';
import { securityCopilotRows } from './security-copilot.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const dayText = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** The watchlists as the tenant's operators keep them. */
export function benignItems(tenant: Tenant, firstDay: number): readonly PlantedItem[] {
  const plan = calendar(firstDay);
  const { redTeam, leavers } = cast(tenant);
  const items: PlantedItem[] = [];
  const list = (watchlist: string, rows: readonly Readonly<Record<string, string>>[]): void => {
    for (const row of rows) items.push({ watchlist, columns: { ...row, Enabled: 'true' } });
  };
  const named = (users: readonly User[]): readonly { readonly SearchKey: string }[] =>
    users.map(({ upn }) => ({ SearchKey: upn }));
  const { users, agents, labels, securityCopilot } = tenant;
  list(
    'CopilotApprovedAgents',
    agents.map((agent) => ({ SearchKey: agent.id, Name: agent.name })),
  );
  list('CopilotApprovedPlugins', [
    { SearchKey: 'BingWebSearch', Name: 'Web search' },
    { SearchKey: 'JiraPlugin', Name: 'Jira' },
    ...securityCopilot.plugins.map((name) => ({ SearchKey: name, Name: name })),
  ]);
  list('CopilotApprovedAIApps', [
    ...['ChatGPT', 'Gemini', 'DeepSeek'].map((name) => ({ SearchKey: `AIApp.SaaS.${name}`, Name: name })),
    { SearchKey: 'ConnectedAIApp.AzureAI.contoso-chat', Name: 'Contoso chat' },
    { SearchKey: connectedAppId(tenant), Name: 'Contoso GPT' },
    { SearchKey: complianceAppId(tenant), Name: 'Compliance export' },
  ]);
  list('CopilotTrustedDomains', [{ SearchKey: 'contoso.example' }, { SearchKey: 'contoso.sharepoint.com' }]);
  list('CopilotTrustedNetworks', [{ SearchKey: '203.0.113.0/24', Name: 'Offices' }]);
  list(
    'CopilotSensitiveLabels',
    labels.map(({ id, name, priority }, nth) => ({
      SearchKey: id,
      Name: name,
      Rank: String(priority),
      AlertOnAccess: String(nth === labels.length - 1),
    })),
  );
  const site = restrictedSite(tenant);
  const insiders = users.filter(
    (user) => site !== undefined && departmentSites(tenant, user.department).some(({ id }) => id === site.id),
  );
  if (site !== undefined)
    list('CopilotRestrictedSites', [{ SearchKey: site.url, AllowedUsers: insiders.map(({ upn }) => upn).join(';') }]);
  list('CopilotAdmins', named(users.filter((user) => user.admin)));
  list('CopilotMakers', named(users.filter((user) => user.maker)));
  list('CopilotVIP', named(users.slice(0, 2)));
  list(
    'CopilotLeavers',
    leavers.map(({ upn }, nth) => ({
      SearchKey: upn,
      LastDay: dayText(plan.lastDay(nth)),
      NoticeDate: dayText(plan.lastDay(nth) - 28),
    })),
  );
  list(
    'CopilotRedTeamUsers',
    named(redTeam).map((row) => ({ ...row, Until: '' })),
  );
  list('SecurityCopilotUsers', [
    ...named(users.filter((user) => user.admin || user.analyst)),
    { SearchKey: securityCopilot.agentUser.upn },
  ]);
  list('CopilotCreditBudget', [{ SearchKey: '*', DailyLimit: '20000', MonthlyLimit: '300000' }]);
  return items;
}

const connectedAppId = ({ seed }: Tenant): string => `ConnectedAIApp.Entra.${guid(random(seed, 'connected-app'))}`;

/** Rows of other connectors by day, in no order within a day. */
export function* benignRows({ tenant, seed, firstDay, fromMs, toMs }: BenignOptions): Generator<PlantedRow> {
  const plan = calendar(firstDay);
  const roles = cast(tenant);
  const view = views(tenant);
  const none: ReadonlySet<string> = new Set();
  const active = tenant.users.map((user) => [user, activeDays(user, roles, plan)] as const);
  for (let day = Math.floor(fromMs / DAY_MS); day < Math.ceil(toMs / DAY_MS); day += 1) {
    const rows: PlantedRow[] = [];
    const next = random(String(seed), 'benign-rows', day);
    const note = (table: string, timeMs: number, columns: Readonly<Record<string, Json>>): void => {
      rows.push({ table, timeMs, receivedMs: timeMs + int(next, 3, 40) * MINUTE_MS, columns });
    };
    const present = active
      .filter(([user, [first, last]]) => day >= first && day <= last && next() < plan.share(day, user.country))
      .map(([user]) => (user.office.startsWith('Boston') && day >= plan.movingDay ? moved(user) : user));
    for (const user of present) userDay(next, user, day, view(user, none), note);
    if (present.length > 0) tenantDay(next, plan, day, present, note);
    // Last, so that the chance of what is above stays as it is.
    securityCopilotRows({ tenant, seed: String(seed), weekday: plan.weekday(day), day }, present, note);
    yield* rows.filter(({ timeMs }) => timeMs >= fromMs && timeMs < toMs);
  }
}

type Note = (table: string, timeMs: number, columns: Readonly<Record<string, Json>>) => void;

function userDay(next: Random, user: User, day: number, seat: Tenant, note: Note): void {
  const at = (): number => day * DAY_MS + int(next, 8 * 60, 18 * 60) * MINUTE_MS - user.utcOffsetMinutes * MINUTE_MS;
  const who = { UserPrincipalName: user.upn, UserId: user.id };
  const address = user.addresses[1];
  note('SigninLogs', at(), {
    ...who,
    IPAddress: address,
    Location: user.usageLocation,
    ResultType: '0',
    AppDisplayName: 'OfficeHome',
    RiskLevelDuringSignIn: 'none',
  });
  const file = pick(next, seat.files);
  const office = {
    UserId: user.upn,
    ClientIP: address,
    OfficeWorkload: 'SharePoint',
    OfficeObjectId: file.url,
    SourceFileName: file.name,
    Site_Url: `${file.site.url}/`,
  };
  if (chance(next, 0.3)) note('OfficeActivity', at(), { ...office, Operation: 'FileDownloaded' });
  if (chance(next, 0.04)) note('OfficeActivity', at(), { ...office, Operation: 'SharingSet' });
  if (chance(next, 0.25)) {
    note('EmailEvents', at(), {
      SenderFromAddress: user.upn,
      RecipientEmailAddress: 'orders@northwind.example',
      EmailDirection: 'Outbound',
      AttachmentCount: chance(next, 0.2) ? 1 : 0,
      Subject: 'Order',
      DeliveryAction: 'Delivered',
    });
  }
}

function tenantDay(next: Random, plan: Calendar, day: number, present: readonly User[], note: Note): void {
  const at = (): number => day * DAY_MS + int(next, 8 * 60, 18 * 60) * MINUTE_MS;
  for (let nth = 0; nth < 4; nth += 1) {
    note('UrlClickEvents', at(), {
      AccountUpn: pick(next, present).upn,
      ActionType: 'ClickAllowed',
      Url: 'https://www.northwind.example/story/1',
      Workload: pick(next, ['Copilot', 'Email', 'Teams']),
    });
  }
  const risky = pick(next, present);
  const isHoliday = plan.isWeek(day, 3, 7) && plan.weekday(day) === 1;
  note('AADUserRiskEvents', at(), {
    UserPrincipalName: risky.upn,
    UserId: risky.id,
    IpAddress: clientIp(next, risky) ?? risky.addresses[0],
    RiskEventType: 'unfamiliarFeatures',
    // Somebody travels.
    RiskLevel: isHoliday ? 'medium' : 'low',
    RiskState: isHoliday ? 'dismissed' : 'remediated',
  });
  const curious = pick(next, present);
  note('BehaviorAnalytics', at(), {
    UserPrincipalName: curious.upn,
    UserName: curious.upn.split('@')[0] ?? '',
    ActivityType: 'LogOn',
    SourceIPAddress: curious.addresses[1],
    InvestigationPriority: plan.weekday(day) === 3 && plan.isWeek(day, 1, 6) ? 6 : int(next, 0, 3),
    ActivityInsights: { FirstTimeUserConnectedViaISP: 'False' },
  });
  note('ThreatIntelIndicators', day * DAY_MS, {
    Id: `indicator-${day}`,
    ObservableKey: 'ipv4-addr:value',
    ObservableValue: `192.0.2.${1 + (day % 30)}`,
    IsActive: true,
    Confidence: 80,
  });
}
