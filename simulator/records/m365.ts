import { chance, int, pick, pickPopular, pickWeighted } from '../random.ts';
import { WEB_SEARCH } from './event-data.ts';
import { interaction, microsoftIdentity } from './interaction.ts';
import { fileResource, mailResource, otherResource, someFile } from './resources.ts';
import { copilotFamily, type Family, type Json, type Scene } from './scene.ts';

/** Microsoft 365 Copilot without agents: the bulk of what a tenant logs. */
export const m365: readonly Family[] = [
  copilotFamily('chat', { weight: 26 }, (scene) =>
    plain(scene, favourite(scene), {
      accessed: Array.from(
        {
          length: pickWeighted(scene.next, [
            [5, 0],
            [3, 1],
            [1, 3],
          ]),
        },
        () => otherResource(scene),
      ),
    }),
  ),
  copilotFamily('document', { weight: 14, audience: 'licensed' }, (scene) => {
    const file = someFile(scene, ({ extension }) => extension in OFFICE_APPS);
    const context = {
      Id: file.viewerUrl,
      Type: file.extension,
      ContainerId: chance(scene.next, 0.05) ? file.site.id : undefined,
    };
    return plain(scene, OFFICE_APPS[file.extension] ?? 'Word', { contexts: [context] });
  }),
  copilotFamily('grounded-files', { weight: 14, audience: 'licensed' }, (scene) =>
    plain(scene, favourite(scene), {
      accessed: Array.from({ length: int(scene.next, 1, 5) }, () =>
        fileResource(scene.next, pickPopular(scene.next, scene.tenant.files)),
      ),
    }),
  ),
  copilotFamily('labelled-file', { weight: 5, audience: 'licensed' }, (scene) => {
    const file = someFile(scene, ({ labelId }) => labelId !== null);
    return plain(scene, favourite(scene), {
      accessed: [fileResource(scene.next, file)],
      more: { SensitivityLabelId: chance(scene.next, 0.6) ? (file.labelId ?? undefined) : undefined },
    });
  }),
  copilotFamily('mail', { weight: 8, audience: 'licensed' }, (scene) =>
    plain(scene, pick(scene.next, ['Outlook', 'OutlookSidepane', 'OutlookOnCanvas']), {
      accessed: Array.from({ length: int(scene.next, 1, 4) }, () => mailResource(scene.next)),
    }),
  ),
  copilotFamily('meeting', { weight: 8, audience: 'licensed' }, (scene) => {
    const { threadId } = pickPopular(scene.next, scene.tenant.meetings);
    // The type says chat although the thread is a meeting: only the id can be trusted.
    const context = chance(scene.next, 0.6)
      ? { Id: `https://microsoft.teams.com/threads/${threadId}`, Type: 'TeamsMeeting' }
      : { Id: `https://teams.microsoft.com/_#/conversations/${threadId}?ctx=chat`, Type: 'TeamsChat' };
    return plain(scene, 'Teams', { contexts: [context] });
  }),
  copilotFamily('web', { weight: 8 }, (scene) =>
    plain(scene, pick(scene.next, ['BizChat', 'Bing', 'Edge', 'Office']), { plugins: [WEB_SEARCH] }),
  ),
  copilotFamily('deep-reasoning', { weight: 2, audience: 'licensed' }, (scene) =>
    plain(scene, pick(scene.next, ['Teams', 'BizChat']), {
      plugins: [WEB_SEARCH],
      models: [{ ModelName: 'DEEP_LEO' }],
      responses: int(scene.next, 2, 4),
      accessed: [otherResource(scene), fileResource(scene.next, someFile(scene))],
    }),
  ),
  copilotFamily('several-responses', { weight: 3 }, (scene) =>
    plain(scene, favourite(scene), { responses: int(scene.next, 2, 6) }),
  ),
];

const OFFICE_APPS: Readonly<Record<string, string>> = { docx: 'Word', xlsx: 'Excel', pptx: 'PowerPoint', loop: 'Loop' };

function favourite(scene: Scene): string {
  return pickPopular(scene.next, scene.user.hosts);
}

/** An interaction with Microsoft's own Copilot. */
export function plain(
  scene: Scene,
  appHost: string,
  rest: {
    readonly accessed?: readonly Json[];
    readonly contexts?: readonly Json[];
    readonly plugins?: readonly Json[];
    readonly models?: readonly Json[];
    readonly responses?: number;
    readonly jailbreak?: boolean;
    readonly more?: { readonly [key: string]: Json | undefined };
  },
): ReturnType<typeof interaction> {
  return interaction(scene, { appHost, appIdentity: microsoftIdentity(scene.next), ...rest });
}
