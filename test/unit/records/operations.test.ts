import { expect, test } from 'vitest';
import { adminOperation } from '../../../collector/records/operations.ts';
import { recordTypeName, toRecordType } from '../../../collector/records/record-types.ts';

test.for([
  [310, 'CreateCopilotPlugin', 'CreatePlugin', 'create', 'plugin'],
  [311, 'UpdateCopilotPlugin', 'UpdatePlugin', 'update', 'plugin'],
  [312, 'DeleteCopilotPlugin', 'DeletePlugin', 'delete', 'plugin'],
  [313, 'EnableCopilotPlugin', 'EnablePlugin', 'enable', 'plugin'],
  [314, 'DisableCopilotPlugin', 'DisablePlugin', 'disable', 'plugin'],
  [315, 'CreateCopilotWorkspace', 'CreateWorkspace', 'create', 'workspace'],
  [319, 'DisableCopilotWorkspace', 'DisableWorkspace', 'disable', 'workspace'],
  [320, 'CreateCopilotPromptBook', 'CreatePromptBook', 'create', 'promptbook'],
  [322, 'DeleteCopilotPromptBook', 'DeletePromptBook', 'delete', 'promptbook'],
  [324, 'DisableCopilotPromptBook', 'DisablePromptBook', 'disable', 'promptbook'],
  [325, 'UpdateCopilotSettings', 'UpdateTenantSettings', 'settings', 'settings'],
] as const)('%d is the same action as %s and %s', ([type, styleA, styleB, action, object]) => {
  for (const operation of [styleA, styleB, styleB.toUpperCase()]) {
    expect(adminOperation(type, operation)).toEqual({ action, object });
    // Without a number the name alone says it.
    expect(adminOperation(null, operation)).toEqual({ action, object });
  }
  // An operation that nobody has seen leaves it to the number.
  expect(adminOperation(type, 'SomethingNew')).toEqual({ action, object });
});

test.for([
  [314, 'CreatePlugin', { action: 'disable', object: 'plugin' }],
  [325, 'UploadFile', { action: 'upload', object: 'file' }],
  [325, 'DeleteFile', { action: 'delete', object: 'file' }],
  [325, 'UpdatePluginSettings', { action: 'settings', object: 'plugin' }],
  [384, 'DeployedAgent', { action: 'deploy', object: 'agent' }],
  [384, 'RemovedAgent', { action: 'delete', object: 'agent' }],
  [384, 'UpdatedAgent', { action: 'update', object: 'agent' }],
  [384, 'UpdatedTenantSettings', { action: 'settings', object: 'settings' }],
  [261, 'CreateCopilotAgent', { action: 'create', object: 'agent' }],
  [256, 'BotCreate', { action: 'create', object: 'agent' }],
  [256, 'BotPublish', { action: 'publish', object: 'agent' }],
  [256, 'BotUpdateOperation-BotPublish', { action: 'publish', object: 'agent' }],
  [256, 'BotUpdateOperation-BotShare', { action: 'share', object: 'agent' }],
  [256, 'BotUpdateOperation-BotAuthUpdate', { action: 'settings', object: 'agent' }],
  [256, 'BotUpdateOperation-New', { action: 'update', object: 'agent' }],
  [256, 'EnvironmentVariableUpdate', { action: 'update', object: 'environment-variable' }],
  [256, 'EnvironmentVariableDelete', { action: 'delete', object: 'environment-variable' }],
  [362, 'Anything', { action: 'export', object: 'interactions' }],
  [379, 'AIInteractionsSubscription', { action: 'subscribe', object: 'interactions' }],
  [379, 'KQLQueryCompleted', null],
  [380, 'Anything', { action: 'notify', object: 'interactions' }],
  [261, 'CopilotInteraction', null],
  [363, 'ScheduledPromptExecute', null],
  [null, null, null],
] as const)('%s %s', ([type, operation, expected]) => {
  expect(adminOperation(type, operation)).toEqual(expected);
});

test('a record type has a name, a name from the tenant, or its number as text', () => {
  expect(recordTypeName(261)).toBe('CopilotInteraction');
  expect(recordTypeName(403)).toBe('SentinelAITool');
  expect(recordTypeName(999)).toBe('999');
  expect(recordTypeName(999, { extraRecordTypes: new Map([[999, 'NewCopilotType']]) })).toBe('NewCopilotType');
});

test.for([
  [261, 261],
  ['261', 261],
  [' 261.0 ', 261],
  ['CopilotInteraction', 261],
  [261.5, null],
  [-1, null],
  [2 ** 40, null],
  ['', null],
  [null, null],
] as const)('record type %j is read as %j', ([sent, expected]) => {
  expect(toRecordType(sent)).toBe(expected);
});
