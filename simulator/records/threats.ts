import { pick } from '../random.ts';
import { plain } from './m365.ts';
import { fileResource, mailResource, policyDetails, someFile } from './resources.ts';
import { copilotFamily, type Family, type Scene } from './scene.ts';

/** What detections look for in interactions: attacks on the prompt and decisions of data loss prevention. */
export const threats: readonly Family[] = [
  copilotFamily('jailbreak', { perDay: 1 }, (scene) =>
    plain(scene, pick(scene.next, ['BizChat', 'Teams', 'Edge']), { jailbreak: true }),
  ),
  copilotFamily('xpia-mail', { perDay: 1, audience: 'licensed' }, (scene) =>
    plain(scene, 'Outlook', {
      accessed: [mailResource(scene.next, { Status: 'success', XPIADetected: true }), mailResource(scene.next)],
    }),
  ),
  copilotFamily('xpia-file', { perDay: 1, audience: 'licensed' }, (scene) =>
    plain(scene, 'Word', { accessed: [fileResource(scene.next, someFile(scene), { XPIADetected: true })] }),
  ),
  copilotFamily('dlp-blocked', { weight: 0.3, perDay: 1, audience: 'licensed' }, (scene) => {
    const details = policyDetails(scene.next, 'Enforce');
    const blocked = fileResource(scene.next, sensitive(scene), { PolicyDetails: details, Status: 'failure' });
    return plain(scene, pick(scene.next, ['BizChat', 'Teams', 'Office']), { accessed: [blocked] });
  }),
  copilotFamily('dlp-audited', { weight: 0.4, perDay: 1, audience: 'licensed' }, (scene) => {
    const details = policyDetails(scene.next, pick(scene.next, ['Audit only', 'Audit with Notify']));
    const watched = fileResource(scene.next, sensitive(scene), { PolicyDetails: details, Status: 'success' });
    return plain(scene, 'BizChat', { accessed: [watched, fileResource(scene.next, someFile(scene))] });
  }),
  // A failed read without a policy is no decision of data loss prevention.
  copilotFamily('failed-access', { weight: 0.3, perDay: 1, audience: 'licensed' }, (scene) =>
    plain(scene, 'BizChat', {
      accessed: [fileResource(scene.next, someFile(scene), { Status: 'failure', PolicyDetails: null })],
    }),
  ),
];

function sensitive(scene: Scene): ReturnType<typeof someFile> {
  const labels = new Set(scene.tenant.labels.filter(({ priority }) => priority >= 5).map(({ id }) => id));
  return someFile(scene, ({ labelId }) => labelId !== null && labels.has(labelId));
}
