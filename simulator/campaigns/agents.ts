/** Agents that are planted, opened, or run away. */
import { agentDeployment, agentSetting, readFile, runtimeTurn, studioWork } from '../records/crafted.ts';
import { chance, guid, int, pick, pickPopular, type Random } from '../random.ts';
import type { CustomEngineAgent } from '../tenant/agents.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { User } from '../tenant/user.ts';
import { HOUR_MS, localTime, MINUTE_MS, people, person, type Story } from './campaign.ts';

function newAgent(next: Random, tenant: Tenant, owner: User, name: string): CustomEngineAgent {
  return {
    kind: 'custom-engine',
    name,
    version: '1.0.0',
    ownerId: owner.id,
    id: guid(next),
    titleId: guid(next),
    blueprintId: guid(next),
    botId: guid(next),
    environment: `Default-${tenant.id}`,
    schemaName: `cr999_${name.replaceAll(' ', '')}`,
  };
}

const admin = (next: Random, { users }: Tenant): User =>
  pick(
    next,
    users.filter((user) => user.admin),
  );

/** An agent that nobody approved reaches everybody. */
export const rogueAgent: Story = {
  name: 'rogue-agent',
  summary: 'an agent that nobody approved is built, published, shared with the whole tenant and used',
  tell({ plot, cast, variant, dayMs }) {
    const { next, tenant } = plot;
    const isAttack = variant === 'attack';
    const [maker, ...users] = people(next, cast, tenant, isAttack ? int(next, 3, 9) : 3);
    if (maker === undefined) throw new RangeError('rogue-agent: the tenant has nobody without a role');
    const agent = newAgent(next, tenant, maker, pick(next, ['Salary Insight', 'Benefits Desk', 'Mail Wizard']));
    const builtMs = localTime(dayMs, 9 + 2 * next(), maker);
    plot.record(builtMs, maker, (act) => studioWork(act, 'BotCreate', agent));
    plot.record(builtMs + int(next, 10, 60) * MINUTE_MS, maker, (act) =>
      studioWork(act, 'BotUpdateOperation-BotPublish', agent),
    );
    const sharedMs = builtMs + int(next, 61, 100) * MINUTE_MS;
    plot.record(sharedMs, maker, (act) => studioWork(act, 'BotUpdateOperation-BotShare', agent));
    if (!isAttack) {
      plot.item('CopilotApprovedAgents', { SearchKey: agent.id, Name: agent.name, Enabled: 'true' });
      plot.item('CopilotMakers', { SearchKey: maker.upn, Enabled: 'true' });
    }
    const title = { id: `T_${agent.titleId}`, name: agent.name };
    const known = users.map(({ id }) => id);
    plot.record(sharedMs + 5 * MINUTE_MS, admin(next, tenant), (act) =>
      isAttack && chance(next, 0.4)
        ? agentSetting(act, 'AllowOrgWideSharing', 'false', 'true', true)
        : agentDeployment(act, 'DeployedAgent', title, isAttack ? 'everyone' : known),
    );
    for (const user of users) {
      const atMs = sharedMs + int(next, 10, 300) * MINUTE_MS;
      const threadId = plot.thread();
      plot.record(atMs, user, (act) => runtimeTurn(act, agent, threadId, []));
    }
    return {
      users: [maker.upn, ...users.map(({ upn }) => upn)],
      agents: [agent.id, title.id],
      rules: ['F1', 'F4'],
      may: ['F7', 'F8', 'G1', 'F3', 'F13'],
    };
  },
};

/** An agent answers whoever asks. */
export const agentAuthRemoved: Story = {
  name: 'agent-auth-removed',
  summary: 'the sign-in of a published agent is switched off',
  tell({ plot, cast, variant, dayMs }) {
    const { next, tenant } = plot;
    const maker = person(next, cast, tenant);
    const agent = pick(next, tenant.customEngineAgents);
    const isAttack = variant === 'attack';
    // The service was seen to log the change of the sign-in as a change of the icon.
    const operation = isAttack
      ? pick(next, ['BotUpdateOperation-BotAuthUpdate', 'BotAuthUpdate', 'BotUpdateOperation-BotIconUpdate'])
      : 'BotUpdateOperation-BotIconUpdate';
    const name = pick(next, ['powerplatform.analytics.resource.bot.authentication_mode', 'AuthenticationMode']);
    const startMs = localTime(dayMs, 8 + 9 * next(), maker);
    plot.record(startMs, maker, (act) => studioWork(act, operation, agent, isAttack ? { [name]: 'None' } : {}));
    plot.record(startMs + int(next, 2, 40) * MINUTE_MS, maker, (act) =>
      studioWork(act, 'BotUpdateOperation-BotPublish', agent),
    );
    return { users: [maker.upn], agents: [agent.botId, agent.schemaName], rules: ['F5'], may: ['F7', 'G7'] };
  },
};

/** Two agents that answer each other. */
export const runawayAgent: Story = {
  name: 'runaway-agent',
  summary: 'an agent calls itself again and again in one conversation',
  tell({ plot, cast, variant, dayMs }) {
    const { next, tenant } = plot;
    const user = person(next, cast, tenant);
    const agent = pickPopular(next, tenant.customEngineAgents);
    // The rule's threshold is more than 50 turns in 60 minutes.
    const amount = variant === 'attack' ? int(next, 56, 220) : int(next, 10, 30);
    const threadId = plot.thread();
    const startMs = localTime(dayMs, 7 + 8 * next(), user);
    const file = pick(
      next,
      tenant.files.filter(({ labelId }) => labelId === null),
    );
    for (let nth = 0; nth < amount; nth += 1) {
      plot.record(startMs + Math.floor((nth / amount) * 0.9 * HOUR_MS), user, (act) =>
        runtimeTurn(act, agent, threadId, nth % 5 === 0 ? [readFile(file)] : []),
      );
    }
    return { users: [user.upn], agents: [agent.id], rules: ['K3'], may: ['D1', 'D5', 'K1', 'K2'] };
  },
};
