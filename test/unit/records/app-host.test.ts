import { expect, test } from 'vitest';
import { toAppHost } from '../../../collector/records/app-host.ts';

test.for([
  ['Word', 'Word', 'Office'],
  ['bizchat', 'BizChat', 'Chat'],
  ['appchat', 'AppChat', 'Chat'],
  ['Security Copilot standalone', 'Security Copilot Standalone', 'Security'],
  ['COPILOT IN DEFENDER', 'Copilot in Defender', 'Security'],
  ['Outlooksidepane', 'OutlookSidepane', 'Outlook'],
  ['Microsoft Teams', 'Microsoft Teams', 'Teams'],
  ['M365Copilot', 'm365copilot', 'Studio'],
  ['copilot  studio ', 'Copilot Studio', 'Studio'],
  ['CoworkDesktop', 'CoworkDesktop', 'Cowork'],
  ['Contoso GPT', 'Contoso GPT', 'Other'],
  ['constructor', 'constructor', 'Other'],
  ['__proto__', '__proto__', 'Other'],
] as const)('%s is %s of %s', ([sent, normalized, group]) => {
  expect(toAppHost(sent)).toEqual({ normalized, group });
});
