/** The colour of each severity, by its name in Azure Workbooks: one palette for every grid and chart. */
export const severityColors: Readonly<Record<string, string>> = {
  High: 'redBright',
  Medium: 'orange',
  Low: 'yellow',
  Informational: 'gray',
};
