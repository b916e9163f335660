import { datetime, dynamic, string, table, type Row } from './table.ts';

/** What Copilot events refer to. Written when it changes and again every 7 days, because a rule sees 14. */
export const copilotEntities = table({
  name: 'CopilotEntities_CL',
  description: 'Users, agents, labels, sites, files and meetings that Copilot events refer to.',
  columns: {
    TimeGenerated: datetime('When the row was sent.'),
    Kind: string('user, agent, label, site, file or meeting.'),
    Key: string('Key of the entity within its kind, in its normalised form.', 'identity'),
    Aliases: dynamic('Other ids under which events name the same entity.', 'identity'),
    Facts: dynamic('What is known of the entity, by name.', 'content'),
    ObservedTime: datetime('When the facts were read.'),
    FirstSeenTime: datetime('When the collector first saw the entity in an event.'),
    OrganizationId: string('Tenant id of the organisation.'),
  },
});

/** A row of `CopilotEntities_CL`. */
export type CopilotEntitiesRow = Row<typeof copilotEntities>;
