import { boolean, datetime, dynamic, int, string, table, type Row } from './table.ts';

/** Microsoft 365 Copilot usage reports, one row per user, product or day of a report. */
export const copilotUsage = table({
  name: 'CopilotUsage_CL',
  description: 'Microsoft 365 Copilot usage reports of Microsoft Graph.',
  columns: {
    TimeGenerated: datetime('When the row was sent.'),
    RecordId: string('Stable key: tenant, report kind, refresh date, period, version and subject.'),
    ReportKind: string('user, summary or trend.'),
    ReportRefreshDate: datetime('Date up to which Microsoft counted.'),
    ReportPeriod: string('D7, D28 (v2), D30 (v1), D90, D180 or ALL.'),
    ReportVersion: string('Version of the report: v1 or v2.'),
    ReportDate: datetime('Day that a trend row describes.'),
    UserPrincipalName: string('User, or a hash when names are concealed.', 'identity'),
    DisplayName: string('Display name, or a hash when names are concealed.', 'identity'),
    IsConcealed: boolean('True when the tenant conceals names in reports.'),
    Product: string('Product that a summary or trend row describes; Any App stands for all of them.'),
    LastActivityDate: datetime('Last activity of the user in any product.', 'identity'),
    EnabledUserCount: int('Users who have the product.'),
    ActiveUserCount: int('Users who used the product in the period.'),
    PromptCount: int(
      'Prompts submitted: by the user or by all users in the period, or on the day of a trend row (v2, Any App only).',
    ),
    Measures: dynamic(
      'Every other value of the report row, by the name that Microsoft Graph gives it in JSON.',
      'identity',
    ),
    OrganizationId: string('Tenant id of the organisation.'),
  },
});

/** A row of `CopilotUsage_CL`. */
export type CopilotUsageRow = Row<typeof copilotUsage>;
