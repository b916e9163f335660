/** What happens in a tenant beside the sessions of its people, day by day. */
import {
  agentDeployment,
  agentSetting,
  hyperlink,
  interactionsExport,
  readFile,
  readMail,
  securityCopilotChange,
  studioWork,
  turn,
} from '../records/crafted.ts';
import { guid, int, pick, random, type Random } from '../random.ts';
import { policyDetails } from '../records/resources.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { User } from '../tenant/user.ts';
import type { Day } from './day.ts';
import { policyHits } from './policy-hits.ts';
import { securityCopilotDay } from './security-copilot.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const local = (day: number, hours: number, user: User): number =>
  day * DAY_MS + Math.floor(hours * HOUR_MS) - user.utcOffsetMinutes * MINUTE_MS;

const some = (next: Random, users: readonly User[], amount: number): readonly User[] =>
  users.length === 0 ? [] : Array.from({ length: amount }, () => pick(next, users));

/** The application that the compliance team exports interactions with. */
export const complianceAppId = ({ seed }: Tenant): string => guid(random(seed, 'compliance-app'));

/** Testers of the guard: listed, and so no incident. */
function redTeamDay({ plot, cast, plan, day }: Day): void {
  if (plan.weekday(day) !== 1) return;
  for (const user of cast.redTeam) {
    const threadId = plot.thread();
    const amount = int(plot.next, 2, 5);
    for (let nth = 0; nth < amount; nth += 1) {
      plot.record(local(day, 14 + nth / 10, user), user, (act) =>
        turn(act, { appHost: 'BizChat', threadId, jailbreak: true }),
      );
    }
  }
}

/** Mail with many links to the outside, and nothing else. */
function newsletters({ plot, plan, day, present }: Day): void {
  if (plan.weekday(day) !== 0 && plan.weekday(day) !== 3) return;
  for (const user of some(plot.next, present, Math.ceil(present.length * 0.12))) {
    const letters = Array.from({ length: int(plot.next, 1, 3) }, () => readMail(plot.mailId(), 'This week in retail'));
    const links = Array.from({ length: int(plot.next, 6, 20) }, (_, nth) =>
      hyperlink(`https://news${nth % 4}.northwind.example/story/${int(plot.next, 100, 999)}`),
    );
    plot.record(local(day, 8 + 2 * plot.next(), user), user, (act) =>
      turn(act, { appHost: 'Outlook', threadId: plot.thread(), resources: [...letters, ...links] }),
    );
  }
}

/** Administrators who do their work, towards the safe side. */
function administration({ plot, plan, day }: Day): void {
  const { next, tenant } = plot;
  if (plan.weekday(day) > 4) return;
  const admin = pick(
    next,
    tenant.users.filter((user) => user.admin),
  );
  const atMs = local(day, 9 + 8 * next(), admin);
  const plugin = pick(next, tenant.securityCopilot.plugins);
  const agent = pick(next, tenant.agents);
  const receivers = [pick(next, tenant.users).id, pick(next, tenant.users).id];
  plot.record(atMs, admin, (act) =>
    pick(next, [
      () => agentDeployment(act, 'DeployedAgent', agent, receivers),
      () => agentDeployment(act, 'UpdatedAgent', agent, receivers),
      () => agentSetting(act, 'AllowOrgWideSharing', 'true', 'false', true),
      () =>
        securityCopilotChange(act, 313, 'EnableCopilotPlugin', [
          { Property: `Skillsets.${plugin}`, OriginalValue: 'Disabled', NewValue: 'Enabled' },
        ]),
      () =>
        securityCopilotChange(act, 325, 'UpdateCopilotSettings', [
          { Property: 'Settings.Theme', OriginalValue: 'Light', NewValue: 'Dark' },
        ]),
      () =>
        securityCopilotChange(act, 321, 'UpdateCopilotPromptBook', [
          { Property: pick(next, tenant.securityCopilot.promptbooks), OriginalValue: '', NewValue: '' },
        ]),
    ])(),
  );
  // Once a week the compliance team exports what it must keep, with an application that is on the list.
  if (plan.weekday(day) === 4) {
    plot.record(atMs + HOUR_MS, admin, (act) =>
      interactionsExport(act, complianceAppId(tenant), pick(next, tenant.users).id),
    );
  }
}

/** Makers who change, publish and share with their team. */
function making({ plot, plan, day, present }: Day): void {
  const { next, tenant } = plot;
  if (plan.weekday(day) > 4) return;
  for (const maker of some(
    next,
    present.filter((user) => user.maker),
    4,
  )) {
    const agent = pick(next, tenant.customEngineAgents);
    const operation = pick(next, [
      'BotComponentUpdate',
      'BotComponentCreate',
      'BotUpdateOperation-BotIconUpdate',
      'BotUpdateOperation-BotNameUpdate',
      'BotUpdateOperation-BotPublish',
      'EnvironmentVariableUpdate',
    ]);
    const component = pick(next, ['Greeting', 'Opening hours', 'Escalate', 'Order status']);
    const about: Readonly<Record<string, string>> = operation.startsWith('BotComponent')
      ? { 'powerplatform.analytics.resource.bot.component.name': component }
      : {};
    plot.record(local(day, 9 + 8 * next(), maker), maker, (act) => studioWork(act, operation, agent, about));
  }
}

/** What a guard or a policy says now and then although nothing is wrong. */
function mistakes({ plot, plan, day, present }: Day): void {
  const { next, tenant } = plot;
  if (plan.weekday(day) !== 2 || present.length === 0) return;
  const user = pick(next, present);
  const atMs = local(day, 10 + 6 * next(), user);
  // Of the site that everybody uses.
  const plain = tenant.files.filter(({ labelId, site }) => labelId === null && site === tenant.sites[0]);
  const file = pick(next, plain);
  const threadId = plot.thread();
  if (plan.isWeek(day, 2, 5, 8)) {
    plot.record(atMs, user, (act) => turn(act, { appHost: 'Teams', threadId, jailbreak: true }));
  }
  if (plan.isWeek(day, 4)) {
    // A paper about prompt injection.
    plot.record(atMs, user, (act) =>
      turn(act, { appHost: 'Word', threadId, resources: [readFile(file, { XPIADetected: true })] }),
    );
  }
  if (plan.isWeek(day, 0, 2, 6, 7)) {
    const mode = plan.isWeek(day, 7) ? 'Enforce' : 'Audit only';
    const Status = plan.isWeek(day, 7) ? 'failure' : 'success';
    const PolicyDetails = policyDetails(next, mode);
    plot.record(atMs + HOUR_MS, user, (act) =>
      turn(act, { appHost: 'BizChat', threadId, resources: [readFile(file, { PolicyDetails, Status })] }),
    );
  }
  // Links that no longer work.
  for (const other of some(next, present, 8)) {
    plot.record(local(day, 9 + 8 * next(), other), other, (act) =>
      turn(act, {
        appHost: 'BizChat',
        threadId: plot.thread(),
        resources: [readFile(pick(next, plain), { Status: 'failure' })],
      }),
    );
  }
}

/** Everything of a day that is no session of a person. */
export function habits(day: Day): void {
  redTeamDay(day);
  newsletters(day);
  administration(day);
  making(day);
  mistakes(day);
  securityCopilotDay(day);
  // Last, so that the chance of what is above stays as it is.
  policyHits(day);
}
