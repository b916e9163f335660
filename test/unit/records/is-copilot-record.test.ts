import { expect, test } from 'vitest';
import { isCopilotRecord } from '../../../collector/records/is-copilot-record.ts';

test.for([
  ['workload', { Workload: 'Copilot' }],
  ['workload in any casing', { workload: 'CONNECTEDAIAPP' }],
  ['workload of a third-party app', { Workload: 'AIApp' }],
  ['a new workload that carries the word', { Workload: 'DragonCopilot' }],
  ['record type as number', { RecordType: 384, Workload: 'Other' }],
  ['record type as text', { RecordType: '261' }],
  ['record type by name', { recordtype: 'copilotInteraction' }],
  ['record type 403, seen on Sentinel AI tools', { RecordType: 403 }],
  ['operation of style A', { Operation: 'DisableCopilotPlugin' }],
  ['operation of style B', { Operation: 'createpromptbook' }],
  ['Copilot Studio operation under 256', { RecordType: 256, Workload: 'PowerPlatform', Operation: 'BotPublish' }],
  ['prefixed Copilot Studio operation', { Operation: 'BotUpdateOperation-BotSomethingNew' }],
  ['environment variable of Copilot Studio', { Operation: 'EnvironmentVariableUpdate' }],
  ['agent runtime under its Purview name', { Operation: 'AIInvokeAgent' }],
  ['payload alone', { CopilotEventData: {} }],
  ['settings payload alone', { copilotSettingsEventData: { Resource: [] } }],
  ['last of several casings', { Workload: 'Exchange', WORKLOAD: 'Copilot' }],
] as const)('selects by %s', ([, record]) => {
  expect(isCopilotRecord(record)).toBe(true);
});

test.for([
  ['another workload', { Workload: 'Exchange', Operation: 'MailItemsAccessed', RecordType: 50 }],
  ['256 with an operation that is not of Copilot Studio', { RecordType: 256, Operation: 'EnvironmentDelete' }],
  ['a word that Power BI uses too', { RecordType: 20, Workload: 'PowerBI', Operation: 'CreateWorkspace' }],
  ['a word that file services use too', { Workload: 'OneDrive', Operation: 'UploadFile' }],
  ['an absent payload', { CopilotEventData: null }],
  ['a nested payload', { Data: { CopilotEventData: {} } }],
  ['hexadecimal text', { RecordType: '0x105' }],
  ['an unnamed new type', { RecordType: 999 }],
  ['a letter that only Unicode folds', { 'Wor\u212aload': 'Copilot' }],
  ['null', null],
  ['an array', [{ Workload: 'Copilot' }]],
  ['text', 'Copilot'],
] as const)('leaves out %s', ([, record]) => {
  expect(isCopilotRecord(record)).toBe(false);
});

test('a type that a tenant meets first is selected once it is named', () => {
  expect(isCopilotRecord({ RecordType: '999' }, { extraRecordTypes: new Map([[999, 'NewCopilotType']]) })).toBe(true);
});
