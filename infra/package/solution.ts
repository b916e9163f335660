/** What Content Hub says about the solution as a whole. Content Hub wants versions from 3.0.0 on. */
export const solution = {
  name: 'Microsoft Copilot activity (copilot-sentinel)',
  version: '3.0.0',
  /** `<publisher>.<offer>`; take a registered pair before publishing. */
  id: 'copilotsentinel.copilot-sentinel',
  publisher: 'copilot-sentinel',
  firstPublishDate: '2026-11-21',
  description:
    'Functions, detections, hunting queries, workbooks and watchlists over every Microsoft Copilot audit event, ' +
    'and the tables that they read. The collector that fills the tables is deployed apart: see the data connector page.',
  support: { name: 'copilot-sentinel', tier: 'Community' },
} as const;
