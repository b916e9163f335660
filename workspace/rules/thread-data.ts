/** What threads that run rules are sent, and send. */
import type { ContentFile } from '../../kql/content/content-file.ts';
import type { FileEvaluation } from './evaluate-file.ts';
import type { Times } from './runner.ts';

/** What a thread is started with. */
export interface ThreadData {
  readonly directory: string;
  readonly times: Times;
}

/** What a thread is asked for. */
export interface FileTask {
  readonly file: ContentFile;
}

/** What a thread says when it has opened its workspace. */
export const READY = 'ready';

/** What a thread says. */
export type ThreadMessage = typeof READY | FileEvaluation;
