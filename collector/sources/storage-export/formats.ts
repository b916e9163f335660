/** The words of STORAGE_EXPORT_FORMAT: `auto` takes rows of every known kind, any other counts foreign rows as unparsable. */
export const exportFormats = ['auto', 'cloud-app-events', 'copilot-activity', 'audit-data'] as const;

/** Which rows are expected. */
export type ExportFormat = (typeof exportFormats)[number];

/** Kinds of rows: Defender's CloudAppEvents, Sentinel's CopilotActivity, and the audit record itself (Purview, API). */
export type RowKind = Exclude<ExportFormat, 'auto'>;
