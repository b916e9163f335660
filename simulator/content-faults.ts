import { int, pick, type Random } from './random.ts';

/** Faults in the content of a feed, by name, and what each does. */
export const contentFaults = {
  duplicates: 'a tenth of the records again, in the same blob or a later one',
  late: 'some blobs are listed hours to days after their contentCreated',
  're-announced': 'some blobs come again under a new contentId five days later',
  'out-of-order': 'some blobs are listed up to 50 minutes after younger ones',
  giant: 'one record of about 2 MB and one blob of about 10 MB',
  nulls: 'null, scalars, empty objects and records without an Id between the records',
  'malformed-record': 'single elements that are not JSON between good neighbours',
  hostile: 'HTML, escape codes, __proto__, lone surrogates, deep nesting, wrong types, unusable times',
} as const;

/** Name of a content fault. */
export type ContentFault = keyof typeof contentFaults;

/** True for a name of the menu. */
export function isContentFault(name: string): name is ContentFault {
  return Object.hasOwn(contentFaults, name);
}

/** JSON text of an element that is no storable record, as `nulls` puts between others. */
export interface StrayElement {
  readonly text: string;
  /** It looks like a Copilot record but has no Id. */
  readonly unstorable: boolean;
}

const STRAYS: readonly StrayElement[] = [
  { text: 'null', unstorable: false },
  { text: '{}', unstorable: false },
  { text: '[]', unstorable: false },
  { text: '42', unstorable: false },
  { text: 'true', unstorable: false },
  { text: '"Copilot, [not] a {record}"', unstorable: false },
  { text: '{"Workload":"Exchange","Operation":"MailItemsAccessed"}', unstorable: false },
  {
    text: '{"CreationTime":"2026-07-20T14:00:01","Operation":"CopilotInteraction","RecordType":261,"Workload":"Copilot","CopilotEventData":null}',
    unstorable: true,
  },
  {
    text: '{"Id":"","CreationTime":"2026-07-20T14:00:01","Operation":"CopilotInteraction","RecordType":261,"Workload":"Copilot"}',
    unstorable: true,
  },
  {
    text: '{"Id":null,"CreationTime":"2026-07-20T14:00:01","Operation":"CopilotInteraction","RecordType":261,"Workload":"Copilot"}',
    unstorable: true,
  },
];

/** One to three elements that are valid JSON and no storable record. */
export function strayElements(next: Random): readonly StrayElement[] {
  return Array.from({ length: int(next, 1, 3) }, () => pick(next, STRAYS));
}

// Braces and quotes are balanced, so that a reader can find where the element ends.
const BROKEN = [
  '{"Id":"%","RecordType":261,"Workload":"Copilot","CopilotEventData":{"AppHost":Word}}',
  '{"Id":"%","RecordType":261,"Workload":"Copilot","CopilotEventData":{"AppHost":"Word",}}',
  '{"Id":"%","RecordType":0261,"Workload":"Copilot","Operation":"CopilotInteraction"}',
  '{"Id":"%","RecordType":261 "Workload":"Copilot"}',
  '{"Id":"%","RecordType":261,"Workload":"Copilot","ObjectId":"line\nbreak"}',
  '{"Id":"%","RecordType":261,"Workload":"Copilot","ObjectId":"bad \\q escape"}',
  '{"Id":"%","RecordType":NaN,"Workload":"Copilot"}',
] as const;

/** An element that looks like a Copilot record and is not JSON. */
export function brokenElement(next: Random, id: string): string {
  return pick(next, BROKEN).replace('%', id);
}
