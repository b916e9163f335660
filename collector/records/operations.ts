/** What an admin operation did. */
export type AdminAction =
  | 'create'
  | 'update'
  | 'delete'
  | 'enable'
  | 'disable'
  | 'settings'
  | 'upload'
  | 'deploy'
  | 'publish'
  | 'share'
  | 'export'
  | 'subscribe'
  | 'notify';

/** What an admin operation was done to. */
export type AdminObject =
  | 'plugin'
  | 'promptbook'
  | 'workspace'
  | 'agent'
  | 'settings'
  | 'file'
  | 'interactions'
  | 'environment-variable';

/** An admin operation in one vocabulary, whichever of the two naming styles a tenant sends. */
export interface AdminOperation {
  readonly action: AdminAction;
  readonly object: AdminObject;
}

const verbs = ['create', 'update', 'delete', 'enable', 'disable'] as const;
const nouns = ['plugin', 'workspace', 'promptbook'] as const;

// 310-324 run through the verbs for each noun in turn (AuditLogRecordType of the Management Activity API schema).
const FIRST_ADMIN_TYPE = 310;
const adminByType = new Map<number, AdminOperation>(
  nouns.flatMap((object, n) =>
    verbs.map((action, v) => [FIRST_ADMIN_TYPE + n * verbs.length + v, { action, object }] as const),
  ),
);
adminByType.set(362, { action: 'export', object: 'interactions' });
adminByType.set(380, { action: 'notify', object: 'interactions' });

const settings: AdminOperation = { action: 'settings', object: 'settings' };

/** Operations by lower-case name. Style A carries "Copilot" as record types do, style B does not. */
const adminByOperation = new Map<string, AdminOperation>([
  ...[...nouns, 'agent' as const].flatMap((object) =>
    verbs.flatMap((action) => [
      [`${action}copilot${object}`, { action, object }] as const,
      [`${action}${object}`, { action, object }] as const,
    ]),
  ),
  ['updatecopilotsettings', settings],
  ['updatetenantsettings', settings],
  ['updateusersettings', settings],
  ['updatedtenantsettings', settings],
  ['updatepluginsettings', { action: 'settings', object: 'plugin' }],
  ['uploadfile', { action: 'upload', object: 'file' }],
  ['deletefile', { action: 'delete', object: 'file' }],
  ['deployedagent', { action: 'deploy', object: 'agent' }],
  ['removedagent', { action: 'delete', object: 'agent' }],
  ['updatedagent', { action: 'update', object: 'agent' }],
  ['aiinteractionsexport', { action: 'export', object: 'interactions' }],
  ['aiinteractionssubscription', { action: 'subscribe', object: 'interactions' }],
  ['aiinteractionschangenotification', { action: 'notify', object: 'interactions' }],
  // Copilot Studio authoring; the same words follow the prefix BotUpdateOperation-.
  ['botcreate', { action: 'create', object: 'agent' }],
  ['botdelete', { action: 'delete', object: 'agent' }],
  ['botauthupdate', { action: 'settings', object: 'agent' }],
  ['botappinsightsupdate', { action: 'settings', object: 'agent' }],
  ['boticonupdate', { action: 'update', object: 'agent' }],
  ['botnameupdate', { action: 'update', object: 'agent' }],
  ['botpublish', { action: 'publish', object: 'agent' }],
  ['botshare', { action: 'share', object: 'agent' }],
  ['botcomponentcreate', { action: 'update', object: 'agent' }],
  ['botcomponentupdate', { action: 'update', object: 'agent' }],
  ['botcomponentdelete', { action: 'update', object: 'agent' }],
  ['environmentvariablecreate', { action: 'create', object: 'environment-variable' }],
  ['environmentvariableupdate', { action: 'update', object: 'environment-variable' }],
  ['environmentvariabledelete', { action: 'delete', object: 'environment-variable' }],
]);

const STUDIO_UPDATE = 'botupdateoperation-';
const ENVIRONMENT_VARIABLE = 'environmentvariable';

// Words that other workloads use as well (Power BI logs CreateWorkspace, SharePoint and Viva log file operations):
// they name an admin action of a record that is Copilot's, but do not make a record Copilot's.
const sharedWords = new Set([
  ...verbs.map((verb) => `${verb}workspace`),
  'uploadfile',
  'deletefile',
  'updatetenantsettings',
  'updateusersettings',
]);

const interactionOperations = ['copilotinteraction', 'connectedaiappinteraction', 'aiappinteraction'];
const facilitatorOperations = ['ainotesupdate', 'livenotesupdate', 'teamcopilotmsginteraction'];
/** Agent 365 runtime: names in Purview and names in CloudAppEvents. */
const runtimeOperations = [
  'aiinvokeagent',
  'aiinferencecall',
  'aiexecutetool',
  'aiguardrail',
  'invokeagent',
  'inferencecall',
  'executetoolbysdk',
  'executetoolbygateway',
  'executetoolbymcpserver',
];
const scheduledOperation = 'scheduledpromptexecute';

const selectingOperations = new Set([
  ...[...adminByOperation.keys()].filter((name) => !sharedWords.has(name)),
  ...interactionOperations,
  ...facilitatorOperations,
  ...runtimeOperations,
  scheduledOperation,
]);

/**
 * Every known name of an operation of the family, in lower case, for services that filter by name: words that others use,
 * too, included, so that what comes must still be selected. Names behind the open prefixes are those known so far.
 */
export const knownOperations: readonly string[] = [
  ...new Set([
    ...adminByOperation.keys(),
    ...[...adminByOperation.keys()].filter((name) => name.startsWith('bot')).map((name) => `${STUDIO_UPDATE}${name}`),
    ...selectingOperations,
    // Known by its record type (383).
    'copilotforsecuritytrigger',
  ]),
].toSorted();

/** True for an operation (as sent, any casing) that only the Copilot family uses. */
export function isCopilotOperation(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const name = value.trim().toLowerCase();
  return selectingOperations.has(name) || name.startsWith(STUDIO_UPDATE) || name.startsWith(ENVIRONMENT_VARIABLE);
}

// A new workload of the family is likely to carry the word; these two do not.
const workloadsWithoutTheWord = new Set(['connectedaiapp', 'aiapp']);

/** True for a workload (as sent, any casing) of the Copilot family. */
export function isCopilotWorkload(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const name = value.trim().toLowerCase();
  return name.includes('copilot') || workloadsWithoutTheWord.has(name);
}

function byOperation(operation: string): AdminOperation | null {
  const name = operation.trim().toLowerCase();
  const known = adminByOperation.get(name) ?? adminByOperation.get(name.replace(STUDIO_UPDATE, ''));
  if (known !== undefined) return known;
  if (name.startsWith(STUDIO_UPDATE)) return { action: 'update', object: 'agent' };
  return name.startsWith(ENVIRONMENT_VARIABLE) ? { action: 'update', object: 'environment-variable' } : null;
}

/** Action and object of an admin operation, by record type first and operation second; null for anything else. */
export function adminOperation(recordType: number | null, operation: string | null): AdminOperation | null {
  const byType = recordType === null ? undefined : adminByType.get(recordType);
  if (byType !== undefined) return byType;
  const named = operation === null ? null : byOperation(operation);
  if (named !== null) return named;
  // 325 also carries file operations, so its own meaning is only what is left when the operation says nothing.
  if (recordType === 325) return settings;
  // 379 was also seen on data lake queries: it means a subscription only where the operation does not contradict.
  if (recordType === 379 && (operation === null || /interaction|subscri/i.test(operation))) {
    return { action: 'subscribe', object: 'interactions' };
  }
  return null;
}
