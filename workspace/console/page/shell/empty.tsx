import { useStatus } from './use-status.ts';

interface EmptyProps {
  /** `No interactions in the last 7 days.` */
  readonly text: string;
}

/** Why there is nothing: because it is still coming in, because it failed, or because there is nothing. */
export function Empty({ text }: EmptyProps) {
  const collect = useStatus().status?.steps.find(({ name }) => name === 'collect');
  if (collect?.state === 'waiting' || collect?.state === 'running')
    return <p className="muted">Nothing yet: records are still coming in ({collect.detail}).</p>;
  if (collect?.state === 'failed') return <p className="muted">Nothing: collecting failed ({collect.detail}).</p>;
  return <p className="muted">{text}</p>;
}
