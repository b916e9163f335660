import { chance, guid, letters, pick, pickPopular, type Random } from '../random.ts';
import type { TenantFile } from '../tenant/documents.ts';
import { TOPICS } from '../tenant/names.ts';
import type { Json, Scene } from './scene.ts';

/** One accessed resource as sent. */
export interface Resource {
  readonly [key: string]: Json | undefined;
}

/** A document: the user's own or, more often, a popular one. */
export function someFile(scene: Scene, wanted: (file: TenantFile) => boolean = () => true): TenantFile {
  const { files } = scene.tenant;
  for (let tries = 0; tries < 12; tries += 1) {
    const file = pickPopular(scene.next, files);
    if (wanted(file)) return file;
  }
  return files.find(wanted) ?? pick(scene.next, files);
}

/** A read (or change) of a document; PolicyDetails is "", null, an array or absent as on the wire. */
export function fileResource(next: Random, file: TenantFile, more: Resource = {}): Resource {
  const odd = next();
  const key = odd < 0.1 ? 'listItemUniqueId' : 'ListItemUniqueId';
  return {
    Action: odd < 0.93 ? 'Read' : pick(next, ['read', 'create', 'modify']),
    [odd > 0.99 ? 'ID' : 'Id']: odd < 0.06 ? letters(next, 60) : file.itemId,
    // An exchange-like id where a GUID belongs: the reader has to look before it leaps.
    [key]: odd < 0.02 ? `AAAAA${letters(next, 60)}` : odd > 0.97 ? file.id.toUpperCase() : file.id,
    Name: odd > 0.96 && odd < 0.965 ? '' : file.name,
    PolicyDetails: odd < 0.4 ? '' : odd < 0.5 ? null : undefined,
    SensitivityLabelId: file.labelId ?? undefined,
    SiteUrl: odd > 0.2 && odd < 0.3 ? `${file.url}?web=1` : file.url,
    Status: odd < 0.85 ? 'success' : undefined,
    Type: file.extension,
    XPIADetected: odd < 0.6 ? false : undefined,
    ...more,
  };
}

/** A mail, by its Outlook on the web address. */
export function mailResource(next: Random, more: Resource = {}): Resource {
  const id = `AAMkAGI${letters(next, 30)}`;
  const known = chance(next, 0.5);
  return {
    Action: 'Read',
    Id: known ? id : undefined,
    Name: known ? `RE: ${pick(next, TOPICS)}` : undefined,
    SiteUrl: `https://outlook.office365.com/owa/?ItemID=${id}&exvsurl=1&viewmodel=ReadMessageItem`,
    Status: known ? 'success' : undefined,
    Type: known ? 'EmailMessage' : 'http://schema.skype.com/HyperLink',
    ...more,
  };
}

/** What else an answer may rest on: chats, events, people, searches, citations, local paths, media without a file. */
export function otherResource(scene: Scene): Resource {
  const { next, tenant } = scene;
  const region = scene.user.usageLocation.toLowerCase();
  const object = `https://${region}-prod.asyncgw.teams.microsoft.com/v1/objects/0-${region}a-d1-${guid(next).replaceAll('-', '')}/views/original`;
  const meeting = pickPopular(next, tenant.meetings);
  return pick<() => Resource>(next, [
    () => ({
      Action: 'Read',
      Id: object,
      Name: '',
      PolicyDetails: '',
      SiteUrl: object,
      Status: 'success',
      Type: 'http',
      XPIADetected: false,
    }),
    () => ({
      Action: 'Read',
      Id: `https://teams.microsoft.com/l/message/${meeting.threadId}/${scene.timeMs - 86_400_000}`,
      Name: meeting.topic,
      Type: 'TeamsMessage',
      Status: 'success',
    }),
    () => ({ Action: 'Read', Id: letters(next, 40), Name: meeting.topic, Type: 'Event', Status: 'success' }),
    () => ({ Action: 'Read', Name: pick(next, tenant.users).displayName, Type: 'PeopleInferenceAnswer' }),
    () => ({
      Action: 'Read',
      SiteUrl: 'https://www.contoso.example/press/2026',
      Type: 'WebSearchQuery',
      Name: pick(next, TOPICS),
    }),
    () => fileResource(next, pickPopular(next, tenant.files), { Type: 'CITATION' }),
    () => ({
      Action: 'Read',
      Id: `C:\\Users\\${scene.user.index}\\Desktop\\notes.txt`,
      Name: 'notes.txt',
      Type: 'txt',
    }),
    () => ({ Action: 'Read', Id: letters(next, 22), Name: 'Team plan', Type: 'planid', SiteUrl: null }),
  ])();
}

/** PolicyDetails of one policy with one rule (DLP schema of the Management Activity API). */
export function policyDetails(next: Random, mode: 'Enforce' | 'Audit with Notify' | 'Audit only'): Json {
  const blocks = mode === 'Enforce';
  return [
    {
      PolicyId: guid(next),
      PolicyName: blocks ? 'Copilot - block Highly Confidential' : 'Copilot - watch Confidential',
      Rules: [
        {
          Actions: blocks ? ['BlockAccess'] : [],
          RuleId: guid(next),
          RuleMode: mode,
          RuleName: blocks ? 'Label = Highly Confidential' : 'Label = Confidential',
          Severity: blocks ? 'High' : pick(next, ['Low', 'Medium']),
        },
      ],
    },
  ];
}
