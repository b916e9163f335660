import { guid, pick, random } from '../random.ts';
import { TOPICS } from './names.ts';
import type { User } from './user.ts';

/** An online meeting. */
export interface Meeting {
  readonly id: string;
  /** `19:meeting_<base64 of the id>@thread.v2`. */
  readonly threadId: string;
  readonly topic: string;
  readonly organizerId: string;
  readonly joinUrl: string;
}

/** Three meetings for every two users. */
export function meetings(seed: string, tenantId: string, users: readonly User[]): readonly Meeting[] {
  return Array.from({ length: Math.max(4, Math.ceil(users.length * 1.5)) }, (_, index) => {
    const next = random(seed, 'meeting', index);
    const id = guid(next);
    const organizerId = pick(next, users).id;
    const threadId = `19:meeting_${Buffer.from(id).toString('base64')}@thread.v2`;
    const context = encodeURIComponent(JSON.stringify({ Tid: tenantId, Oid: organizerId }));
    return {
      id,
      threadId,
      topic: `${pick(next, TOPICS)} sync`,
      organizerId,
      joinUrl: `https://teams.microsoft.com/l/meetup-join/${encodeURIComponent(threadId)}/0?context=${context}`,
    };
  });
}
