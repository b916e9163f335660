import { datetime, string, table, type Row } from './table.ts';

/** From tokens back to people. Empty without pseudonymisation; for the few who may re-identify. */
export const copilotIdentities = table({
  name: 'CopilotIdentities_CL',
  description: 'Who is behind the tokens of pseudonymisation. Restrict who may read it.',
  columns: {
    TimeGenerated: datetime('When the row was sent.'),
    Token: string('What stands in every other table.'),
    Identity: string('What it stands for, as it was met first.', 'identity'),
    Kind: string('address, account, alias, object-id, user-key, name or ip-address.'),
    ObservedTime: datetime('When the collector met the identity.'),
    KeyFingerprint: string('Which key made the token: a mark that tells keys apart.'),
    OrganizationId: string('Tenant id of the organisation.'),
  },
});

/** A row of `CopilotIdentities_CL`. */
export type CopilotIdentitiesRow = Row<typeof copilotIdentities>;
