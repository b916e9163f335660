import type { Trouble } from './contract.ts';
import type { EnricherName } from './facts.ts';
import type { Reason } from './outcome.ts';

/** What needs a permission of its own: an enricher, or the names of service plans within `users`. */
type Part = EnricherName | 'licences';

const GRANTS: Readonly<Record<Part, string>> = {
  users: 'grant User.Read.All',
  licences: 'who has none of LICENSE_PLAN_IDS may have a licence or not; grant LicenseAssignment.Read.All',
  labels: 'grant SensitivityLabels.Read.All',
  agents: 'grant CopilotPackages.Read.All',
  files: 'grant Sites.Read.All',
  meetings: 'grant Chat.ReadBasic.All, and OnlineMeetings.Read.All with an application access policy',
};

function toRemedy(part: Part, reason: Reason | 'late'): string {
  if (reason === 'forbidden') return `${GRANTS[part]} to the identity that reads Microsoft Graph`;
  if (reason === 'refused') return 'rows go out without it';
  if (part === 'licences')
    return 'whether a user without one of LICENSE_PLAN_IDS has a licence is not known until it is read';
  return 'rows go out without it, and it is asked for again';
}

/** Counts look-ups that gave nothing. */
export interface Troubles {
  note(part: Part, reason: Reason | 'late', detail: string): void;
  /** Those since the last call. */
  take(): readonly Trouble[];
}

/** An empty count. */
export function troubles(): Troubles {
  const counts = new Map<string, Trouble>();
  return {
    note(part, reason, detail) {
      if (reason === 'not-found') return;
      const id = `${part} ${reason}`;
      const count = (counts.get(id)?.count ?? 0) + 1;
      const enricher = part === 'licences' ? 'users' : part;
      const what = part === 'licences' ? 'service plans: ' : '';
      counts.set(id, { enricher, reason, count, detail: `${what}${detail}: ${toRemedy(part, reason)}` });
    },
    take() {
      const taken = [...counts.values()];
      counts.clear();
      return taken;
    },
  };
}
