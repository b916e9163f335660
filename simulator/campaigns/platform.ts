/** Settings, plugins, histories and the connector itself. */
import { interactionsExport, securityCopilotChange, turn, type Change } from '../records/crafted.ts';
import { chance, guid, int, pick } from '../random.ts';
import { HOUR_MS, localTime, MINUTE_MS, person, type Story } from './campaign.ts';

/** The trail is cut first. */
export const auditLoggingOff: Story = {
  name: 'audit-logging-off',
  summary: 'audit logging of Security Copilot is switched off',
  tell({ plot, cast, variant, dayMs }) {
    const { next, tenant } = plot;
    const user = person(next, cast, tenant);
    const [on, off] = pick(next, [
      ['True', 'False'],
      ['Enabled', 'Disabled'],
    ] as const);
    const [OriginalValue, NewValue] = variant === 'attack' ? [on, off] : [off, on];
    const change: Change = { Property: 'Settings.AllowAuditLogging', OriginalValue, NewValue };
    const theme: Change = { Property: 'Settings.Theme', OriginalValue: 'Light', NewValue: 'Dark' };
    plot.record(localTime(dayMs, 7 + 12 * next(), user), user, (act) =>
      securityCopilotChange(
        act,
        325,
        pick(next, ['UpdateCopilotSettings', 'UpdateTenantSettings']),
        chance(next, 0.4) ? [theme, change] : [change],
      ),
    );
    return { users: [user.upn], rules: ['G2'], may: ['G1', 'G7'] };
  },
};

/** A plugin of one's own, and then what it is for. */
export const pluginTakeover: Story = {
  name: 'plugin-takeover',
  summary: 'somebody without a role adds a plugin to Security Copilot, enables and uses it',
  tell({ plot, cast, variant, dayMs }) {
    const { next, tenant } = plot;
    const isAttack = variant === 'attack';
    const admins = tenant.users.filter((user) => user.admin);
    const user = isAttack ? person(next, cast, tenant) : pick(next, admins);
    const name = pick(next, ['MailBridge', 'QuickLookup', 'NoteSync']);
    const infix = pick(next, ['', 'Copilot']);
    const startMs = localTime(dayMs, 8 + 4 * next(), user);
    const change = (OriginalValue: string, NewValue: string): Change => ({
      Property: `Skillsets.${name}`,
      OriginalValue,
      NewValue,
    });
    plot.record(startMs, user, (act) => securityCopilotChange(act, 310, `Create${infix}Plugin`, [change('', '')]));
    plot.record(startMs + int(next, 1, 20) * MINUTE_MS, user, (act) =>
      securityCopilotChange(act, 313, `Enable${infix}Plugin`, [change('Disabled', 'Enabled')]),
    );
    if (!isAttack) {
      plot.item('CopilotApprovedPlugins', { SearchKey: name, Name: name, Enabled: 'true' });
    }
    let atMs = startMs;
    const threadId = plot.thread();
    const uses = int(next, 2, 6);
    for (let nth = 0; nth < uses; nth += 1) {
      atMs += int(next, 20, 90) * MINUTE_MS;
      plot.record(atMs, user, (act) =>
        turn(act, {
          appHost: 'BizChat',
          threadId,
          plugins: [{ Id: name, Name: name, Version: '1.0' }],
          jailbreak: isAttack && nth === 0,
        }),
      );
    }
    return { users: [user.upn], rules: ['G5', 'F2', 'G7'], may: ['A1', 'A2', 'F3', 'G4', 'J1', 'H2'] };
  },
};

/** Everybody's conversations leave the tenant. */
export const historyExport: Story = {
  name: 'history-export',
  summary: 'an application that nobody allowed reads the interaction history of many people',
  tell({ plot, variant, dayMs }) {
    const { next, tenant } = plot;
    const user = pick(
      next,
      tenant.users.filter(({ admin }) => admin),
    );
    const appId = guid(next);
    if (variant === 'below') {
      plot.item('CopilotApprovedAIApps', { SearchKey: appId, Name: 'Contoso eDiscovery', Enabled: 'true' });
    }
    let atMs = localTime(dayMs, 1 + 16 * next(), user);
    const exports = int(next, 5, 60);
    for (let nth = 0; nth < exports; nth += 1) {
      atMs += int(next, 20, 240) * 1000;
      const subject = pick(next, tenant.users);
      plot.record(atMs, user, (act) => interactionsExport(act, appId, subject.id));
      plot.row('MicrosoftGraphActivityLogs', atMs, {
        AppId: appId,
        RequestMethod: 'GET',
        RequestUri: `https://graph.microsoft.com/v1.0/copilot/users/${subject.id}/interactionHistory/getAllEnterpriseInteractions`,
        ResponseStatusCode: 200,
        IPAddress: user.addresses[1],
        ServicePrincipalId: guid(next),
      });
    }
    return { users: [user.upn], rules: ['G8'], may: [] };
  },
};

/** Nothing comes any more: no event tells of it. */
export const connectorOutage: Story = {
  name: 'connector-outage',
  summary: 'the collector delivers nothing for hours of a working day',
  tell({ plot, variant, dayMs }) {
    const { next } = plot;
    const fromMs = dayMs + int(next, 6, 9) * HOUR_MS + int(next, 0, 59) * MINUTE_MS;
    // One pass that is slow is no outage.
    const lengthMs = variant === 'attack' ? int(next, 8 * 60, 14 * 60) * MINUTE_MS : int(next, 4, 7) * MINUTE_MS;
    return { users: [], rules: ['L1', 'L2'], may: ['L3', 'L4'], outage: { fromMs, toMs: fromMs + lengthMs } };
  },
};
