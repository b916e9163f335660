/** What threads that run rules are sent, and send. */
import type { ContentFile } from '../../kql/content/content-file.ts';
import type { Slices } from './as-collected.ts';
import type { FileEvaluation } from './evaluate-file.ts';
import type { Times } from './runner.ts';

/** What a thread is started with. */
export interface ThreadData {
  readonly directory: string;
  /** Shows rows to rules as if they had been collected as it happened; absent: as they came in. */
  readonly slices?: Slices;
}

/** What a thread is asked for. */
export interface FileTask {
  readonly file: ContentFile;
  readonly times: Times;
}

/** What a thread says when it has opened its workspace. */
export const READY = 'ready';

/** What a thread says. */
export type ThreadMessage = typeof READY | FileEvaluation;
