/** How much data a number of users makes: the assumptions of the cost estimate, each stated. */

/** What the estimate assumes. */
export interface Volume {
  /** People who use Copilot. */
  readonly users: number;
  /** Audit records of the Copilot family for each of them on an average day, weekends counted. */
  readonly interactionsPerDay: number;
  /** Kilobytes (1,000 bytes) of a row of CopilotAudit_CL as JSON. */
  readonly kilobytesPerRow: number;
  /** Entities and health as a share of it. */
  readonly otherTablesShare: number;
  /** Kilobytes of a row of CopilotUsage_CL; each user has one a day for each period of the reports. */
  readonly kilobytesPerUsageRow: number;
  /** Megabytes (10^6 bytes) of its own log that a container app sends to the workspace in a day. */
  readonly logMegabytesPerDay: number;
}

/** An average Gregorian month. */
export const DAYS_PER_MONTH = 30.4375;

export const defaultVolume: Volume = {
  users: 10_000,
  // The simulator's busy office worker; see docs/cost.md to measure your own.
  interactionsPerDay: 20,
  // Mean of the rows that the simulated tenant yields. Azure bills about a quarter less than the JSON
  // (learn.microsoft.com/azure/azure-monitor/logs/cost-logs); the estimate does not count on it.
  kilobytesPerRow: 1.8,
  // One row a week for each user, and for 50,000 files and 10,000 sites, of 0.6 KB each, is 2 %; health is less.
  otherTablesShare: 0.05,
  // A user of a report of version 2, with a date and a count for each product, as JSON.
  kilobytesPerUsageRow: 1.2,
  // A line for each pass and each thing that went wrong, with Azure's own columns around it.
  logMegabytesPerDay: 5,
};

/** Gigabytes (10^9 bytes, as Azure bills) that are ingested in a month, with usage reports of so many periods. */
export function gigabytesPerMonth(volume: Volume, usagePeriods = 0): number {
  const rows = volume.users * volume.interactionsPerDay * DAYS_PER_MONTH;
  const usageRows = volume.users * usagePeriods * DAYS_PER_MONTH;
  const usage = usageRows * volume.kilobytesPerUsageRow;
  return (rows * volume.kilobytesPerRow * (1 + volume.otherTablesShare) + usage) / 1e6;
}
