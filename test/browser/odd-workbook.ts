/** A workbook of which only one tile is as it should be. */
const tile = (name: string, content: Readonly<Record<string, unknown>>) => ({
  type: 3,
  name,
  content: {
    version: 'KqlItem/1.0',
    queryType: 0,
    resourceType: 'microsoft.operationalinsights/workspaces',
    size: 0,
    title: name,
    noDataMessage: 'Nothing.',
    visualization: 'table',
    ...content,
  },
});

export const oddWorkbook = JSON.stringify({
  version: 'Notebook/1.0',
  items: [
    { type: 1, name: 'text', content: { json: '## An odd workbook\n\nIts second sentence.' } },
    tile('unknown-visualization', { query: 'print Text = "still read"', visualization: 'hologram' }),
    tile('another-service', { query: 'resources', queryType: 1 }),
    tile('unsupported', { query: 'CopilotEvents() | evaluate autocluster()' }),
    tile('wrong-column', { query: 'CopilotEvents() | where Colour == "blue"' }),
    { type: 99, name: 'unknown-item', content: {} },
    tile('good', { query: 'print Text = "as it should be"' }),
  ],
});
