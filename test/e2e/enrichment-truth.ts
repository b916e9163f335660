/** What the simulated tenant knows of what its events name: the columns that enrichment must give a row. */
import { copilotSku, account } from '../../simulator/tenant/account.ts';
import { fileDetails, labelTree, meetingDetails, type ListedLabel } from '../../simulator/tenant/content-facts.ts';
import { packages } from '../../simulator/tenant/packages.ts';
import { tenant } from '../../simulator/tenant/tenant.ts';
import type { StoredRow } from './outcome.ts';

/** Columns by name; null where the tenant does not say. */
type Columns = Readonly<Record<string, unknown>>;

/** Columns that each enricher fills; a name that stands nowhere else is null without it. */
export interface Truth {
  readonly user: (row: StoredRow) => Columns | undefined;
  readonly label: (row: StoredRow) => Columns | undefined;
  readonly agent: (row: StoredRow) => Columns | undefined;
  readonly file: (row: StoredRow) => Columns | undefined;
  readonly meeting: (row: StoredRow) => Columns | undefined;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.toLowerCase() : '');
const isoOf = (time: string): string => new Date(time).toISOString();
const flat = (label: ListedLabel): readonly ListedLabel[] => [label, ...label.sublabels.flatMap(flat)];

/** The truth of a tenant with this many users; each function gives undefined for what the tenant does not hold. */
export function truth(users: number, seed = 1): Truth {
  const people = tenant({ seed, users });
  const byUpn = new Map(people.users.map((user) => [user.upn.toLowerCase(), user]));
  const byId = new Map(people.users.map((user) => [user.id, user]));
  const labels = new Map(
    labelTree(people.seed, people.labels)
      .flatMap(flat)
      .map((label) => [label.id, label]),
  );
  const meetings = new Map(people.meetings.map((meeting) => [meeting.threadId, meeting]));
  const catalogue = packages(people.seed, people.agents, people.users);
  const [plan] = copilotSku.plans;

  return {
    user(row) {
      const user = byUpn.get(textOf(row['ActorName']));
      if (user === undefined) return undefined;
      const { accountEnabled, country, plans } = account(people.seed, user);
      const isActive = plans.some(
        ({ id, status }) => id === plan?.id && (status === 'Enabled' || status === 'Warning'),
      );
      const manager = byId.get(user.managerId ?? '')?.upn.toLowerCase() ?? null;
      return {
        UserDisplayName: user.displayName,
        UserDepartment: user.guest ? null : user.department,
        UserJobTitle: user.guest ? null : user.jobTitle,
        UserCountry: country ?? user.usageLocation,
        UserOffice: user.guest ? null : user.office,
        UserManager: manager,
        UserAccountEnabled: accountEnabled,
        UserIsGuest: user.guest,
        UserHasCopilotLicense: textOf(row['LicenseType']) === 'premium' || isActive,
      };
    },
    label(row) {
      const ids = row['LabelIds'];
      const known = (Array.isArray(ids) ? ids : []).flatMap((id) => labels.get(textOf(id)) ?? []);
      const [top] = known.toSorted((a, b) => b.priority - a.priority);
      return top && { TopLabelId: top.id, TopLabelName: top.name, TopLabelPriority: top.priority };
    },
    agent(row) {
      const id = textOf(row['AgentId']);
      const title = textOf(row['AgentTitleId']);
      const one = catalogue.find((each) =>
        [each.id, each.id.replace(/^[TP]_/, ''), each.appId]
          .map(textOf)
          .some((own) => own !== '' && (own === id || own === title)),
      );
      return (
        one && {
          AgentPublisher: one.publisher,
          AgentPackageType: one.type,
          AgentIsBlocked: one.isBlocked,
          AgentSharing: one.availableTo,
        }
      );
    },
    file(row) {
      const url = textOf(row['FileUrl']);
      const file = people.files.find((each) => url.includes(`%7b${each.id}%7d`) || url === each.url.toLowerCase());
      if (file === undefined) return undefined;
      const { sizeBytes, modifiedTime } = fileDetails(people.seed, file, people.users);
      const owner = byId.get(file.site.ownerId ?? '')?.upn.toLowerCase() ?? null;
      return {
        FileName: file.name,
        FileExtension: file.extension,
        SiteUrl: file.site.url,
        SiteOwner: owner,
        FileSizeBytes: sizeBytes,
        FileModifiedTime: isoOf(modifiedTime),
      };
    },
    meeting(row) {
      const meeting = meetings.get(String(row['MeetingId']));
      if (meeting === undefined) return undefined;
      const { createdTime, subject, hasChat } = meetingDetails(people.seed, meeting);
      // Without its chat nothing tells the organizer, by whom alone a meeting can be asked for.
      if (!hasChat) return undefined;
      return {
        MeetingName: subject,
        MeetingCreatedTime: isoOf(createdTime),
        MeetingOrganizer: byId.get(meeting.organizerId)?.upn.toLowerCase() ?? null,
      };
    },
  };
}

/** The same columns of a row, null for those it lacks. */
export const columnsOf = (row: StoredRow, names: Columns): Columns =>
  Object.fromEntries(Object.keys(names).map((name) => [name, row[name] ?? null]));
