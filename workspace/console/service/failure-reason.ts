/** Why a rule could not run, for someone who can do something about it. */
import type { Rule } from '../../../kql/content/read-rules.ts';

/** The tables of Microsoft's that a rule names and that are not there. */
const absentTables = ({ requiredDataConnectors }: Rule, present: ReadonlySet<string>): readonly string[] =>
  requiredDataConnectors
    .flatMap(({ dataTypes }) => dataTypes)
    // The product's own tables are known, filled or not.
    .filter((name) => !present.has(name) && !name.startsWith('Copilot'));

/** The reason, with what is missing in front. @param present names of tables that have rows */
export function failureReason(rule: Rule, reason: string, present: ReadonlySet<string>): string {
  if (reason.includes('geo_info_from_ip_address without'))
    return 'needs to know where addresses are: Azure does; here, networks.json beside the tables would tell';
  const absent = absentTables(rule, present);
  return absent.length === 0 ? reason : `needs ${absent.join(', ')}, of which there are no rows here (${reason})`;
}
