/** Public detections for Copilot, what is wrong with them, and the ids of the catalogue that stand for them here. */

/** A rule, hunt or query of a public pack. */
export interface PublicDetection {
  readonly pack: string;
  readonly kind: 'rule' | 'hunt' | 'query';
  readonly name: string;
  /** Ids of the catalogue: tags `catalogue:` of rules and hunts. */
  readonly catalogue: readonly string[];
  readonly problem: string;
}

// Azure/Azure-Sentinel, Solutions/Microsoft Copilot 3.0.2 (April 2026).
const solution = 'Microsoft Copilot 3.0.2';
// Azure/Security-Copilot, folder Monitoring (September 2025).
const monitoring = 'Security Copilot, Monitoring';

/** All of them, pack by pack. */
export const publicDetections: readonly PublicDetection[] = [
  {
    pack: solution,
    kind: 'rule',
    name: 'Jailbreak Attempt Detected',
    catalogue: ['A1', 'A2'],
    problem:
      'Looks at the first message only, while the verdict stands at the one that earned it. Sees five minutes every five minutes by the time of the event, so what comes later is never seen. Names brute force and manipulation of data as techniques. Neither address nor agent is an entity.',
  },
  {
    pack: solution,
    kind: 'rule',
    name: 'Plugin Tampering',
    catalogue: ['G4'],
    problem:
      'Counts within windows of five minutes: a pair across the edge of two is missed, and so is what comes late. Switching plugins is everyday work in Security Copilot, so medium is too much.',
  },
  {
    pack: solution,
    kind: 'rule',
    name: 'Plugin Created by Non-Admin',
    catalogue: ['G5'],
    problem:
      'Trusts ActorUserType, which many tenants send as Regular for everybody: then each creation is an alert. Here a list says who is an administrator. Changes of a plugin count as well.',
  },
  {
    pack: solution,
    kind: 'rule',
    name: 'File Uploads Disabled',
    catalogue: ['G1'],
    problem:
      'Alerts when uploads are switched off, which is hardening. The danger is the other direction, and that is what the rule here looks for.',
  },
  {
    pack: solution,
    kind: 'hunt',
    name: 'External IP',
    catalogue: ['E1', 'E6'],
    problem:
      'Takes every public address for suspicious, which is nearly every user of a cloud service; its pattern for 172. also hides public ranges, and IPv6 always matches. Here it counts what is new for the person and rare in the tenant, and the hunt finds addresses without a sign-in.',
  },
  {
    pack: solution,
    kind: 'hunt',
    name: 'Plugin re-enabled',
    catalogue: ['G4'],
    problem: 'Every switch from off to on is a row. Here it takes both directions in a short time.',
  },
  {
    pack: monitoring,
    kind: 'rule',
    name: 'Threat intelligence: address of a prompt',
    catalogue: ['E4'],
    problem:
      'Reads the table of indicators that Microsoft has replaced, and prompts to Security Copilot only. Here all of Copilot counts, and an indicator that becomes known later is compared with the week before.',
  },
  {
    pack: monitoring,
    kind: 'rule',
    name: 'Anomalous operations',
    catalogue: ['J3', 'G4'],
    problem:
      'Finds frequent combinations (basket), not unusual ones, and by sampling: two runs over the same rows can differ. Here it takes three destructive operations of one account within an hour.',
  },
  {
    pack: monitoring,
    kind: 'rule',
    name: 'Anomalous sign-in',
    catalogue: ['E5', 'E3'],
    problem:
      'Joins three tables of three products, and so needs all of them. Here UEBA and risky sign-ins are rules of their own, each silent without its table, and it takes reading, not only being there.',
  },
  {
    pack: monitoring,
    kind: 'rule',
    name: 'Audit-logging setting changed',
    catalogue: ['G2', 'G1'],
    problem:
      'Runs once a day over 14 days and alerts on any row: one change is an alert on each of 14 days, the first up to a day late, and switching logging on is one, too.',
  },
  {
    pack: monitoring,
    kind: 'query',
    name: 'Capacity created or deleted',
    catalogue: ['J2'],
    problem: 'A list. The hunt here tells what a schedule does every day from what somebody did once.',
  },
];
