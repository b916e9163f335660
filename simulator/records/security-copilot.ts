import { chance, guid, int, pick } from '../random.ts';
import { envelope, type EnvelopeOptions } from './envelope.ts';
import { copilotFamily, type Family, type Scene, type WireRecord } from './scene.ts';

const PORTALS = [
  ['Copilot in Defender', 'https://security.microsoft.com'],
  ['Copilot in Microsoft Entra', 'https://entra.microsoft.com'],
  ['Copilot in Microsoft Purview', 'https://purview.microsoft.com'],
  ['Copilot in Intune', 'https://intune.microsoft.com'],
] as const;

/** Prompts to Security Copilot, by people and by its agents, and triggers of those agents. */
export const securityCopilot: readonly Family[] = [
  copilotFamily('security-copilot-standalone', { perDay: 12, audience: 'analyst' }, (scene) =>
    session(scene, 'Security Copilot standalone', 'https://securitycopilot.microsoft.com'),
  ),
  copilotFamily('security-copilot-embedded', { perDay: 8, audience: 'analyst' }, (scene) => {
    const [appHost, portal] = pick(scene.next, PORTALS);
    return session(scene, appHost, portal);
  }),
  // Agents dominate the volume of Security Copilot.
  copilotFamily('security-copilot-agent-user', { perDay: 30, audience: 'analyst' }, (scene) => {
    const { agentUser } = scene.tenant.securityCopilot;
    return session(scene, 'Security Copilot standalone', null, { userId: agentUser.upn, userKey: agentUser.id });
  }),
  copilotFamily('security-copilot-trigger', { perDay: 2, audience: 'analyst' }, (scene) => ({
    ...envelope(scene, {
      recordType: 383,
      operation: 'CopilotForSecurityTrigger',
      userId: scene.tenant.securityCopilot.agentUser.upn,
      userKey: scene.tenant.securityCopilot.agentUser.id,
      client: 'none',
    }),
    AppIdentity: 'Copilot.Security.SecurityCopilot',
    ApplicationName: 'Security Copilot',
    TriggerType: pick(scene.next, ['Scheduled', 'AlertCreated']),
  })),
];

function session(scene: Scene, appHost: string, portal: string | null, who: Partial<EnvelopeOptions> = {}): WireRecord {
  const common = envelope(scene, { recordType: 261, operation: 'CopilotInteraction', ...who });
  const shared = scene.conversation();
  const answers = int(scene.next, 0, 2);
  return {
    ...common,
    AppIdentity: 'Copilot.Security.SecurityCopilot',
    ApplicationName: chance(scene.next, 0.9) ? 'Security Copilot' : undefined,
    CopilotEventData: {
      AppHost: appHost,
      Contexts: portal === null ? [] : [{ Id: portal, Type: chance(scene.next, 0.5) ? '' : undefined }],
      CorrelationId: portal === null ? undefined : guid(shared),
      Messages: [
        { Id: guid(scene.next), isPrompt: true },
        ...Array.from({ length: answers }, () => ({ Id: guid(scene.next), isPrompt: false })),
      ],
      ThreadId: guid(shared),
      AccessedResources: [],
    },
  };
}
