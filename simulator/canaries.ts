/** Marked texts that the tenant plants where content hides: none may be found in what a collector stores or logs. */

/** In PromptText of scheduled prompts: the one documented place of prompt text. */
export const PROMPT_CANARIES = [
  'canary heron 4471: draft the redundancy letter for the Lisbon office',
  'canary osprey 9032: summarise the unannounced merger with the northern branch',
  'canary plover 2218: compare the salaries of my two team leads',
] as const;

/** In fields of Copilot records that no schema knows, the kind a future version may fill with text. */
export const UNKNOWN_FIELD_CANARIES = [
  'canary bittern 6650: the passphrase of the vault is kept in the blue folder',
  'canary lapwing 3184: patient 118 was moved to ward seven',
  'canary dunlin 7725: the board will vote against the offer on Friday',
] as const;

/** In records of other workloads, which may never be stored or logged at all. */
export const NOISE_CANARIES = [
  'canary curlew 5093: card 4000 0000 0000 0002 matched in invoice draft',
  'canary godwit 8846: national id 000-00-0000 matched in payroll sheet',
  'canary turnstone 1367: copilot asked me for the launch code',
] as const;

/** In answers of Microsoft Graph: the first in the text of errors, the second in properties that one gets unless one selects. */
export const GRAPH_CANARIES = [
  'canary whimbrel 2750: the resource is kept for the case against the deputy director',
  'canary avocet 8316: call the private number of the chief after midnight',
] as const;

/** All of them. */
export const CANARIES: readonly string[] = [
  ...PROMPT_CANARIES,
  ...UNKNOWN_FIELD_CANARIES,
  ...NOISE_CANARIES,
  ...GRAPH_CANARIES,
];
