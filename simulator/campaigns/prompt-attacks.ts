/** Attacks on the prompt: by mail, by document, by the user. */
import { hyperlink, readFile, readMail, turn } from '../records/crafted.ts';
import { int, pick } from '../random.ts';
import { HOUR_MS, localTime, MINUTE_MS, people, person, sensitiveFiles, type Story } from './campaign.ts';

/** The shape of EchoLeak (CVE-2025-32711). */
export const mailInjection: Story = {
  name: 'mail-injection',
  summary: 'a mail with hidden instructions is read, then labelled files, then a link to a foreign host is shown',
  tell({ plot, cast, variant, dayMs }) {
    const { next, tenant } = plot;
    const victim = person(next, cast, tenant);
    const isAttack = variant === 'attack';
    const startMs = localTime(dayMs, 9 + 6 * next(), victim);
    const [threadId, mail] = [plot.thread(), plot.mailId()];
    const subject = pick(next, ['Updated travel rules', 'Your pension options', 'Supplier onboarding']);
    plot.row('EmailEvents', startMs - int(next, 1, 48) * HOUR_MS, {
      RecipientEmailAddress: victim.upn,
      SenderFromAddress: 'news@fabrikam.example',
      SenderMailFromDomain: 'fabrikam.example',
      Subject: subject,
      EmailDirection: 'Inbound',
      DeliveryAction: 'Delivered',
    });
    const read = readMail(mail, subject, isAttack ? { XPIADetected: true } : { XPIADetected: false });
    plot.record(startMs, victim, (act) =>
      turn(act, { appHost: 'Outlook', threadId, resources: [read, hyperlink('https://www.fabrikam.example/letter')] }),
    );
    const files = isAttack
      ? Array.from({ length: int(next, 1, 4) }, () => pick(next, sensitiveFiles(tenant, victim)))
      : [];
    // The rule's window is 30 minutes.
    let atMs = startMs;
    for (const file of files) {
      atMs += int(next, 30, 400) * 1000;
      plot.record(atMs, victim, (act) =>
        turn(act, {
          appHost: 'Outlook',
          threadId,
          resources: [readFile(file), hyperlink('https://collect.fabrikam.example/pixel.png')],
        }),
      );
    }
    return {
      users: [victim.upn],
      files: files.map(({ url }) => url),
      rules: ['A3', 'A8'],
      may: ['A5', 'B1', 'G7', 'H2'],
    };
  },
};

/** Poisoned retrieval: one item, several people. */
export const poisonedDocument: Story = {
  name: 'poisoned-document',
  summary: 'one document with hidden instructions is read by several people through Copilot',
  tell({ plot, cast, variant, dayMs }) {
    const { next, tenant } = plot;
    const isAttack = variant === 'attack';
    const shared = tenant.files.filter(({ site, labelId }) => site.ownerId === null && labelId === null);
    const file = pick(next, shared);
    const readers = people(next, cast, tenant, isAttack ? int(next, 2, 6) : 1);
    const spreadMs = int(next, 1, 8) * HOUR_MS;
    for (const reader of readers) {
      const atMs = localTime(dayMs, 9, reader) + Math.floor(next() * spreadMs);
      const times = isAttack ? int(next, 1, 2) : 3;
      for (let nth = 0; nth < times; nth += 1) {
        plot.record(atMs + nth * 4 * MINUTE_MS, reader, (act) =>
          turn(act, {
            appHost: pick(next, ['Word', 'BizChat', 'Teams']),
            threadId: plot.thread(),
            resources: [readFile(file, { XPIADetected: true })],
          }),
        );
      }
    }
    return {
      users: readers.map(({ upn }) => upn),
      files: [file.url],
      // One reader is an attack as well, but not on several.
      rules: isAttack ? ['A3', 'A4'] : ['A4'],
      may: ['A3', 'A8', 'H2', 'G7'],
    };
  },
};

/** Somebody tries until it works. */
export const jailbreakSeries: Story = {
  name: 'jailbreak-series',
  summary: 'a user tries one jailbreak after the other for hours',
  tell({ plot, cast, variant, dayMs }) {
    const { next, tenant } = plot;
    const user = person(next, cast, tenant);
    const threads = Array.from({ length: variant === 'attack' ? int(next, 1, 3) : 1 }, plot.thread);
    const amount = variant === 'attack' ? int(next, threads.length > 1 ? 2 : 3, 12) : 1;
    const hours = int(next, 1, 6);
    const startMs = localTime(dayMs, 10, user);
    for (let nth = 0; nth < amount; nth += 1) {
      const threadId = threads[nth % threads.length] ?? '';
      plot.record(startMs + (nth / amount) * hours * HOUR_MS, user, (act) =>
        turn(act, { appHost: 'BizChat', threadId, jailbreak: true }),
      );
    }
    return { users: [user.upn], rules: variant === 'attack' ? ['A1', 'A2'] : ['A2'], may: ['A1', 'A8', 'H2', 'G7'] };
  },
};
