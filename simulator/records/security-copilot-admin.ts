import { chance, pick } from '../random.ts';
import { envelope } from './envelope.ts';
import { copilotFamily, type Family, type Scene, type WireRecord } from './scene.ts';

const VERBS = ['Create', 'Update', 'Delete', 'Enable', 'Disable'] as const;
/** The nouns in the order of their record types: 310-314 plugins, 315-319 workspaces, 320-324 promptbooks. */
const NOUNS = ['Plugin', 'Workspace', 'PromptBook'] as const;

/** Administration of Security Copilot, in both naming styles: CreateCopilotPlugin (older) and CreatePlugin. */
export const securityCopilotAdmin: readonly Family[] = [
  ...NOUNS.flatMap((noun, index) =>
    (['', 'Copilot'] as const).map((infix) =>
      copilotFamily(
        `security-copilot-${noun.toLowerCase()}${infix === '' ? '-b' : '-a'}`,
        { perDay: 1.5, audience: 'admin' },
        (scene) => {
          const verb = pick(scene.next, VERBS);
          const [OriginalValue, NewValue] = change(verb);
          return settings(scene, 310 + index * VERBS.length + VERBS.indexOf(verb), `${verb}${infix}${noun}`, {
            Property: property(scene, noun),
            OriginalValue,
            NewValue,
          });
        },
      ),
    ),
  ),
  ...(['UpdateCopilotSettings', 'UpdateTenantSettings'] as const).map((operation) =>
    copilotFamily(
      `security-copilot-settings-${operation === 'UpdateCopilotSettings' ? 'a' : 'b'}`,
      { perDay: 1, audience: 'admin' },
      (scene) => {
        const on = chance(scene.next, 0.5);
        const [off, enabled] = pick(scene.next, [
          ['False', 'True'],
          ['Disabled', 'Enabled'],
        ] as const);
        return settings(scene, 325, operation, {
          Property: pick(scene.next, [
            'Settings.AllowAuditLogging',
            'Settings.allowO365DataCollection',
            'FileUploads',
            'Settings.PluginsTenant',
          ]),
          OriginalValue: on ? off : enabled,
          NewValue: on ? enabled : off,
        });
      },
    ),
  ),
  copilotFamily('security-copilot-plugin-settings', { perDay: 1, audience: 'admin' }, (scene) =>
    settings(scene, 325, 'UpdatePluginSettings', {
      Property: property(scene, 'Plugin'),
      OriginalValue: 'Disabled',
      NewValue: 'Enabled',
    }),
  ),
  copilotFamily('security-copilot-file', { perDay: 1.5, audience: 'analyst' }, (scene) => {
    const uploads = chance(scene.next, 0.7);
    return settings(scene, 325, uploads ? 'UploadFile' : 'DeleteFile', {
      Property: 'FileUploads',
      OriginalValue: uploads ? '' : 'report.pdf',
      NewValue: uploads ? 'report.pdf' : '',
    });
  }),
  copilotFamily('security-copilot-agent-admin', { perDay: 1, audience: 'admin' }, (scene) =>
    settings(scene, 325, pick(scene.next, ['CreateCopilotAgent', 'UpdateCopilotAgent', 'DeleteCopilotAgent']), {
      Property: 'Agents.PhishingTriage',
      OriginalValue: '',
      NewValue: '',
    }),
  ),
];

function change(verb: (typeof VERBS)[number]): readonly [string, string] {
  if (verb === 'Enable') return ['Disabled', 'Enabled'];
  return verb === 'Disable' ? ['Enabled', 'Disabled'] : ['', ''];
}

function property(scene: Scene, noun: (typeof NOUNS)[number]): string {
  const { plugins, promptbooks, workspaces } = scene.tenant.securityCopilot;
  if (noun === 'Plugin') return `Skillsets.${pick(scene.next, plugins)}`;
  return pick(scene.next, noun === 'PromptBook' ? promptbooks : workspaces);
}

function settings(
  scene: Scene,
  recordType: number,
  operation: string,
  resource: { readonly Property: string; readonly OriginalValue: string; readonly NewValue: string },
): WireRecord {
  const common = envelope(scene, { recordType, operation, userType: chance(scene.next, 0.7) ? 2 : 0 });
  const several = chance(scene.next, 0.1);
  return {
    ...common,
    AppIdentity: 'Copilot.Security.SecurityCopilot',
    ApplicationName: 'Security Copilot',
    CopilotSettingsEventData: {
      // What matters is not always first.
      Resource: several
        ? [{ Property: 'Settings.Theme', OriginalValue: 'Light', NewValue: 'Dark' }, resource]
        : [resource],
    },
  };
}
