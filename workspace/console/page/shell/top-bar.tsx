import type { Status } from '../../api.ts';
import type { ApiError } from '../api-client.ts';
import { Notice } from './notice.tsx';
import { Steps } from './steps.tsx';

interface TopBarProps {
  readonly status: Status | undefined;
  readonly error: ApiError | undefined;
}

/** What is shown, and how far it is. */
export function TopBar({ status, error }: TopBarProps) {
  return (
    <div className="top" role="region" aria-label="Status">
      <span className="mode">{status?.title ?? 'Copilot Sentinel'}</span>
      {error === undefined ? undefined : <Notice kind="error" children={error.message} />}
      {status === undefined ? undefined : <Steps steps={status.steps} />}
    </div>
  );
}
