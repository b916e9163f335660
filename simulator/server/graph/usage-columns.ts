/** Columns of the Copilot usage reports: names in CSV and JSON, and the version that has them. */
import { usageApps, type UsageApp } from '../../tenant/usage.ts';

/** Versions of the reports. */
export type ReportVersion = 'v1' | 'v2';

/** One cell under its two names. */
export interface Cell {
  readonly csv: string;
  readonly json: string;
  readonly value: string | number;
}

/** A column of the user detail that tells when an app was used last. */
export interface AppColumn {
  readonly csv: string;
  readonly json: string;
  /** Any of these counts. */
  readonly apps: readonly UsageApp[];
  readonly since: ReportVersion;
}

const column = (csv: string, json: string, apps: readonly UsageApp[], since: ReportVersion = 'v1'): AppColumn => ({
  csv,
  json,
  apps,
  since,
});

/** Last activity by app, in the order of the detail report. */
export const detailApps: readonly AppColumn[] = [
  column('Copilot Chat', 'copilotChat', ['chatWork', 'chatWeb']),
  column('Microsoft Teams Copilot', 'microsoftTeamsCopilot', ['teams']),
  column('Word Copilot', 'wordCopilot', ['word']),
  column('Excel Copilot', 'excelCopilot', ['excel']),
  column('PowerPoint Copilot', 'powerPointCopilot', ['powerPoint']),
  column('Outlook Copilot', 'outlookCopilot', ['outlook']),
  column('OneNote Copilot', 'oneNoteCopilot', ['oneNote']),
  column('Loop Copilot', 'loopCopilot', ['loop']),
  // JSON names of version 2 are UNVERIFIED.
  column('Copilot Chat (work)', 'copilotChatWork', ['chatWork'], 'v2'),
  column('Copilot Chat (web)', 'copilotChatWeb', ['chatWeb'], 'v2'),
  column('Microsoft 365 Copilot', 'microsoft365Copilot', ['m365'], 'v2'),
  column('Edge', 'edge', ['edge'], 'v2'),
  column('Copilot Agent', 'copilotAgent', ['agent'], 'v2'),
];

/** Pairs of enabled and active users, in the order of the summary and the trend. */
export const countApps: readonly AppColumn[] = [
  column('Microsoft Teams', 'microsoftTeams', ['teams']),
  column('Word', 'word', ['word']),
  column('PowerPoint', 'powerPoint', ['powerPoint']),
  column('Outlook', 'outlook', ['outlook']),
  column('Excel', 'excel', ['excel']),
  column('OneNote', 'oneNote', ['oneNote']),
  column('Loop', 'loop', ['loop']),
  column('Any App', 'anyApp', usageApps),
  column('Copilot Chat', 'copilotChat', ['chatWork', 'chatWeb']),
  column('Edge', 'edge', ['edge'], 'v2'),
  column('Microsoft 365 Copilot', 'microsoft365Copilot', ['m365'], 'v2'),
  column('Copilot Chat (work)', 'copilotChatWork', ['chatWork'], 'v2'),
  column('Copilot Chat (web)', 'copilotChatWeb', ['chatWeb'], 'v2'),
];

/** Those that a version has. */
export function ofVersion(columns: readonly AppColumn[], version: ReportVersion): readonly AppColumn[] {
  return columns.filter(({ since }) => since === 'v1' || version === 'v2');
}

/** Days of each period by version; both lists are documented. ALL is the longest. */
export const periods: Readonly<Record<ReportVersion, Readonly<Record<string, readonly number[]>>>> = {
  v1: { D7: [7], D30: [30], D90: [90], D180: [180], ALL: [7, 30, 90, 180] },
  v2: { D7: [7], D28: [28], D90: [90], D180: [180], ALL: [7, 28, 90, 180] },
};

/** CSV as the service streams it: a byte order mark, then lines. */
export function toCsv(header: readonly string[], rows: readonly (readonly Cell[])[]): Buffer {
  const text = (value: string | number): string =>
    /[",\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
  const lines = [header, ...rows.map((row) => row.map(({ value }) => value))].map((cells) => cells.map(text).join(','));
  return Buffer.from(`\uFEFF${lines.join('\r\n')}\r\n`);
}

/** Cells as an object with the JSON names. */
export function toJson(cells: readonly Cell[]): Readonly<Record<string, string | number>> {
  return Object.fromEntries(cells.map(({ json, value }) => [json, value]));
}
