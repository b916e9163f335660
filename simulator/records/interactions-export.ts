import { guid, pick } from '../random.ts';
import { envelope } from './envelope.ts';
import { copilotFamily, type Family } from './scene.ts';

/** Somebody took the texts of interactions out of the tenant (362), or subscribed to them (379, 380). */
export const interactionsExport: readonly Family[] = [
  copilotFamily('interactions-export', { perDay: 1, audience: 'admin' }, (scene) => ({
    ...envelope(scene, { recordType: 362, operation: 'AIInteractionsExport' }),
    ResultStatus: 'Success',
    ObjectId: pick(scene.next, scene.tenant.users).id,
    AppId: guid(scene.next),
  })),
  copilotFamily('interactions-subscription', { perDay: 1, audience: 'admin' }, (scene) => {
    const [recordType, operation] = pick(scene.next, [
      [379, 'AIInteractionsSubscription'],
      [380, 'AIInteractionsChangeNotification'],
    ] as const);
    return { ...envelope(scene, { recordType, operation }), AppId: guid(scene.next) };
  }),
];
