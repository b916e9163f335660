/** People who take data, and accounts that were taken. */
import { readFile, turn } from '../records/crafted.ts';
import { int, pick } from '../random.ts';
import { foreignAddress } from '../tenant/networks.ts';
import { DAY_MS, HOUR_MS, localTime, MINUTE_MS, person, sensitiveFiles, type Story } from './campaign.ts';

const dayText = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Somebody who gave notice collects what is labelled. */
export const leaverHarvest: Story = {
  name: 'leaver-harvest',
  summary: 'somebody on the list of leavers reads labelled files by the dozen',
  tell({ plot, cast, variant, dayMs }) {
    const { next, tenant } = plot;
    const user = person(next, cast, tenant);
    plot.item('CopilotLeavers', {
      SearchKey: user.upn,
      NoticeDate: dayText(dayMs - 12 * DAY_MS),
      LastDay: dayText(dayMs + int(next, 3, 20) * DAY_MS),
      Enabled: 'true',
    });
    const files = [...sensitiveFiles(tenant, user)];
    const wanted = Math.min(files.length, variant === 'attack' ? int(next, 55, 110) : 2);
    const taken = Array.from({ length: wanted }, () => files.splice(int(next, 0, files.length - 1), 1)).flat();
    const days = variant === 'attack' ? int(next, 1, 2) : 1;
    const batches: (typeof taken)[] = [];
    for (let at = 0; at < taken.length; at += 4) batches.push(taken.slice(at, at + 4));
    batches.forEach((batch, nth) => {
      const day = Math.floor((nth / batches.length) * days);
      const within = ((nth / batches.length) * days) % 1;
      plot.record(localTime(dayMs + day * DAY_MS, 9 + 8 * within, user), user, (act) =>
        turn(act, {
          appHost: pick(next, ['BizChat', 'Office', 'Teams']),
          threadId: plot.thread(),
          resources: batch.map((file) => readFile(file)),
        }),
      );
    });
    return { users: [user.upn], files: taken.map(({ url }) => url), rules: ['H1'], may: ['B1', 'B2', 'D2', 'C2'] };
  },
};

/** A stolen session, used from a country where nobody works. */
export const accountTakeover: Story = {
  name: 'account-takeover',
  summary: 'a risky sign-in from a new country, then Copilot from there',
  tell({ plot, cast, variant, dayMs }) {
    const { next, tenant } = plot;
    const user = person(next, cast, tenant);
    const isAttack = variant === 'attack';
    const address = isAttack ? foreignAddress(int(next, 0, 100)) : user.addresses[1];
    const startMs = dayMs + int(next, 4, 20) * HOUR_MS + int(next, 0, 59) * MINUTE_MS;
    const signInMs = startMs - int(next, 30, 20 * 60) * MINUTE_MS;
    plot.row('SigninLogs', signInMs, {
      UserPrincipalName: user.upn,
      UserId: user.id,
      IPAddress: address,
      Location: isAttack ? 'BR' : user.usageLocation,
      ResultType: '0',
      AppDisplayName: 'OfficeHome',
      RiskLevelDuringSignIn: isAttack ? 'medium' : 'low',
    });
    plot.row('AADUserRiskEvents', signInMs, {
      UserPrincipalName: user.upn,
      UserId: user.id,
      IpAddress: address,
      RiskEventType: isAttack ? pick(next, ['anomalousToken', 'unfamiliarFeatures', 'maliciousIPAddress']) : 'generic',
      RiskLevel: isAttack ? pick(next, ['medium', 'high']) : 'low',
      RiskState: 'atRisk',
      ActivityDateTime: new Date(signInMs).toISOString(),
      DetectedDateTime: new Date(signInMs + 5 * MINUTE_MS).toISOString(),
    });
    const threadId = plot.thread();
    let atMs = startMs;
    const turns = int(next, 4, 15);
    for (let nth = 0; nth < turns; nth += 1) {
      const file = pick(next, nth === 0 ? sensitiveFiles(tenant, user) : tenant.files);
      plot.record(
        atMs,
        user,
        (act) => turn(act, { appHost: 'BizChat', threadId, resources: [readFile(file)] }),
        address,
      );
      atMs += int(next, 40, 600) * 1000;
    }
    return { users: [user.upn], rules: ['E1', 'E3'], may: ['B1', 'E5', 'H4', 'C2'] };
  },
};
